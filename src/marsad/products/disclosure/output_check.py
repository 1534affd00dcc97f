"""Output checking: may a table leave the safe file of ads? Rules of thumb, each said in words.

A table is a CSV file or a workbook: columns of codes, and figures in columns of these names,
in any case.

    n        units (ads) behind the row; always needed
    part     those of them that a share counts
    value    a sum over the units; then also
    largest  what the largest unit adds to it
    second   what the second largest adds to it

Source: Bond, Brandt and de Wolf (2015), Guidelines for output checking, Data without Boundaries
D11.8: ten units, group disclosure above 90 %, dominance of 50 %; the p % rule of Hundepool and others
(2012), Statistical Disclosure Control, 4.2.2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.base.errors import InputError
from marsad.base.numbers import decimal_sign, parse_number
from marsad.base.records import Broken
from marsad.base.tables import find_table, read_sheets
from marsad.base.workbook import Cells

THRESHOLD, FULL, DOMINANCE, P = 10, 90, 50, 10
"""Fewest units; most of a row's units in one category, largest share of one unit (both in percent);
how near (percent) the second largest unit may come to the largest."""
FIGURES = ("n", "part", "value", "largest", "second")
_TOTALS = frozenset({"_T", "Total", "total", "Ensemble", "المجموع"})
_MAGNITUDE = ("value", "largest", "second")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its number in the file (the heading is 1), its codes and its figures."""

    number: int
    codes: dict[str, str]
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that may not leave, the rule that it breaks, and why in words."""

    row: int
    rule: str
    why: str


def read(content: bytes, file: str = "") -> list[Line]:
    """The rows of a table: CSV of any delimiter, or a workbook. InputError: no `n`, a figure that is
    none, a sum without its largest units, a row that is broken, or no rows."""
    try:
        table = find_table(read_sheets(content).sheets, FIGURES)
        _check_names(table.heading)
        rows = list(table.rows())
        if not rows:
            raise InputError("the table has no rows")
        sign = decimal_sign(c for _, row in rows for c in row if isinstance(c, str))
        return [_line(number, row, table.heading, sign) for number, row in rows]
    except InputError as error:
        raise InputError(error.rule, file=file, row=error.row) from None


def _check_names(names: Sequence[str]) -> None:
    if "n" not in names:
        listed = ", ".join(names)[:200]
        raise InputError(
            f"a table needs the column n: the units behind each row (its columns: {listed})"
        )
    magnitude = set(_MAGNITUDE) & set(names)
    if magnitude and magnitude != set(_MAGNITUDE):
        raise InputError("a sum needs the columns value, largest and second")


def _line(number: int, row: Cells | Broken, names: Sequence[str], sign: str) -> Line:
    if isinstance(row, Broken):
        raise InputError(row.rule, row=number)
    cells = dict(zip(names, row))
    figures = {name: _figure(name, cells[name], number, sign) for name in FIGURES if name in names}
    codes = {k: str(v if v is not None else "") for k, v in cells.items() if k not in FIGURES}
    return Line(number, codes, figures)


def _figure(name: str, cell: object, number: int, sign: str) -> float:
    try:
        figure = float(cell) if isinstance(cell, (int, float)) else parse_number(str(cell), sign)
    except InputError:
        raise InputError(f"{name} is {str(cell)[:60]!r}, not a number", row=number) from None
    if not 0 <= figure < float("inf"):
        raise InputError(f"{name} must be 0 or more", row=number)
    if name in ("n", "part") and not figure.is_integer():
        raise InputError(f"{name} is {str(cell)[:60]!r}: a number of units is whole", row=number)
    return figure


def check(table: Sequence[Line]) -> list[Failure]:
    """Every failure of a table, by row."""
    failures = [failure for line in table for failure in _row(line)]
    return sorted([*failures, *_groups(table)], key=lambda f: (f.row, f.rule))


def _row(line: Line) -> Iterator[Failure]:
    n, part = line.figures["n"], line.figures.get("part")
    if 0 < n < THRESHOLD:
        yield Failure(line.number, "threshold", f"{n:g} units, fewer than {THRESHOLD}")
    if part is not None and n > 0:
        yield from _part(line.number, n, part)
    if "value" in line.figures and n > 0:
        yield from _magnitude(line)


def _part(number: int, n: float, part: float) -> Iterator[Failure]:
    """A share that tells something of every unit, or rests on few of them."""
    if part > n:
        yield Failure(number, "part", f"part is {part:g}, more than n, {n:g}")
    elif part in (0, n):
        yield Failure(number, "group disclosure", f"the share is {100 * part / n:g} %: true of all")
    elif min(part, n - part) < THRESHOLD:
        few = min(part, n - part)
        yield Failure(number, "low count", f"the share or its rest has {few:g} units only")


def _magnitude(line: Line) -> Iterator[Failure]:
    value, largest, second = (line.figures[name] for name in _MAGNITUDE)
    if second > largest or largest + second > value * (1 + 1e-9):
        yield Failure(line.number, "sum", "value, largest and second contradict each other")
        return
    if largest > DOMINANCE / 100 * value:
        share = 100 * largest / value
        why = f"one unit makes {share:.0f} % of the sum, more than {DOMINANCE} %"
        yield Failure(line.number, "dominance", why)
    if largest > 0 and value - largest - second < P / 100 * largest:
        why = f"the second unit can tell the largest within {P} %"
        yield Failure(line.number, "p %", why)


def _groups(table: Sequence[Line]) -> Iterator[Failure]:
    """Groups of units nearly all of which are in one category of a dimension."""
    for name in table[0].codes:
        groups: dict[tuple[tuple[str, str], ...], list[Line]] = defaultdict(list)
        for line in table:
            if line.codes[name] not in _TOTALS:
                rest = tuple((k, v) for k, v in line.codes.items() if k != name)
                groups[rest].append(line)
        if len({line.codes[name] for lines in groups.values() for line in lines}) < 2:
            continue
        for rest, lines in groups.items():
            whole = sum(line.figures["n"] for line in lines)
            most = max(lines, key=lambda line: line.figures["n"])
            share = 100 * most.figures["n"] / whole if whole else 0.0
            if share > FULL:
                of = ", ".join(f"{k} {v}" for k, v in rest) or "the table"
                why = f"{share:.0f} % of the units of {of} are in {name} {most.codes[name]}"
                yield Failure(most.number, "group disclosure", why)
