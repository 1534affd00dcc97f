"""Output checking: may a table leave the safe file of ads? Rules of thumb, each said in words.

A table is a CSV file: columns of codes, and figures in columns of these names.

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

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.base.errors import InputError

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
    """The rows of a CSV file (UTF-8). InputError: no `n`, a figure that is none, a sum without its
    largest units, or no rows."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        names, rows = reader.fieldnames or [], list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"not a CSV file in UTF-8 ({error})", file=file) from None
    if "n" not in names:
        raise InputError("a table needs the column n: the units behind each row", file=file)
    magnitude = set(_MAGNITUDE) & set(names)
    if magnitude and magnitude != set(_MAGNITUDE):
        raise InputError("a sum needs the columns value, largest and second", file=file)
    if not rows:
        raise InputError("the table has no rows", file=file)
    return [_line(number, row, names, file) for number, row in enumerate(rows, 2)]


def _line(number: int, row: dict[str, str], names: Sequence[str], file: str) -> Line:
    if None in row or None in row.values():
        raise InputError(f"{len(names)} columns expected by the heading", file=file, row=number)
    figures = {}
    for name in set(FIGURES) & set(names):
        try:
            figures[name] = float(row[name])
        except ValueError:
            raise InputError(
                f"{name} is {row[name]!r}, not a number", file=file, row=number
            ) from None
        if not 0 <= figures[name] < float("inf"):
            raise InputError(f"{name} must be 0 or more", file=file, row=number)
    return Line(number, {k: row[k] for k in names if k not in FIGURES}, figures)


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
