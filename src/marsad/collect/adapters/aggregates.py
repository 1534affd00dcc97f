"""Counts of a register, as its keeper hands them over: the exchange format of docs/*/exchange.md.

A CSV or SDMX-CSV table of counts, one row a cell. What a source takes stands in the options of its
source.yml: `survey`, the `minimum` of a cell, and its `measures`, each with the code list of its
CATEGORY. A cell below the minimum must come without a value and with CONF_STATUS C, and no such cell may
be told by adding or subtracting others (Hundepool et al. 2012, Statistical Disclosure Control, ch. 4): a
table that discloses, or contradicts itself, is refused whole, for what is left of it would disclose too.
So that lines add up, each dimension has codes that exclude each other. Any other bad row is set aside.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from marsad.base.areas import areas
from marsad.base.codes import TOTAL, codelist
from marsad.base.errors import InputError
from marsad.base.numbers import parse_number
from marsad.base.periods import end, frequency, parse_period
from marsad.base.records import Observation, Row
from marsad.collect.adapters import table
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import text_of
from marsad.collect.observations import one_of_a_key

COLUMNS: Mapping[str, tuple[str, str]] = {
    "MEASURE": ("indicator", "what is counted: a measure of the source"),
    "TIME_PERIOD": ("period", "SDMX period: 2026, 2026-Q1 or 2026-03"),
    "REF_AREA": ("area", "country, region, province or commune: MA, MA-06, or the code of the HCP"),
    "SEX": ("sex", "M, F or _T"),
    "AGE": ("age", "list age; _T for all"),
    "EDUCATION": ("education", "list education; _T for all"),
    "CATEGORY": ("category", "code of the measure's own list; _T for all"),
    "OBS_VALUE": ("value", "the count, a whole number; empty where it is confidential"),
    "CONF_STATUS": ("conf_status", "F for a free cell, C for a confidential one"),
}
"""Columns of the format: the field of an observation that each gives, and what stands in it."""
NEEDED = ("MEASURE", "TIME_PERIOD", "REF_AREA", "OBS_VALUE")
_FREE, _CONFIDENTIAL = "F", "C"
_SDMX = frozenset(
    {
        "DATAFLOW",
        "STRUCTURE",
        "STRUCTURE_ID",
        "ACTION",
        "FREQ",
        "OBS_STATUS",
        "UNIT_MEASURE",
        "COMMENT_OBS",
    }
)
PARTS: Mapping[str, tuple[str, ...]] = {
    "sex": ("M", "F"),
    "age": ("Y15T24", "Y25T34", "Y35T44", "Y_GE45"),
    "education": ("none", "medium", "higher"),
}
"""The codes of a dimension that exclude each other and together are all; beside them `_T`."""
_LISTS = tuple(PARTS)
_EARLIEST, _MOST_COUNT = 1990, 50_000_000
_MOST_CELLS = 2_000_000
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Measure:
    """A measure that a source takes: the code list of its categories, empty for none, how long its codes are
    (0: any), and whether months add up to quarters and years (`flow`)."""

    categories: str = ""
    digits: int = 0
    flow: bool = False

    def holds(self, code: str) -> bool:
        """Whether a code is one of its categories."""
        if code == TOTAL:
            return True
        fits = not self.digits or len(code) == self.digits
        return bool(self.categories) and fits and code in codelist(self.categories)


def measures(options: Row) -> dict[str, Measure]:
    """The measures that a source declares, by name."""
    return {name: Measure(**(declared or {})) for name, declared in options["measures"].items()}


def _observation(
    ctx: Context, known: Mapping[str, Measure], row: Row, payload: Payload
) -> Observation:
    """One cell. InputError: a code, a period or a count that cannot be."""
    cells = {field: text_of(row.get(name)).strip() for name, (field, _) in COLUMNS.items()}
    name = cells["indicator"]
    if name not in known:
        raise InputError(f"unknown measure {name[:60]!r}: {', '.join(known)}")
    period = parse_period(cells["period"])
    if not dt.date(_EARLIEST, 1, 1) <= end(period) <= ctx.today:
        raise InputError(f"period {period} has not ended, or is before {_EARLIEST}")
    if cells["area"] not in areas():
        raise InputError(f"unknown area {cells['area'][:60]!r}")
    for field in _LISTS:
        cells[field] = cells[field] or TOTAL
        if cells[field] not in (TOTAL, *PARTS[field]):
            raise InputError(
                f"unknown {field} {cells[field][:60]!r}: {', '.join(PARTS[field])} or {TOTAL}"
            )
    category = cells["category"] or TOTAL
    if not known[name].holds(category):
        raise InputError(f"unknown category {category[:60]!r} of {name}")
    status = cells["conf_status"] or _FREE
    if status not in (_FREE, _CONFIDENTIAL):
        raise InputError(f"CONF_STATUS is {_FREE} or {_CONFIDENTIAL}, not {status[:20]!r}")
    return Observation(
        indicator=name,
        freq=frequency(period),
        period=period,
        area=cells["area"],
        survey=str(ctx.spec.options["survey"]),
        sex=cells["sex"],
        age=cells["age"],
        education=cells["education"],
        category=category,
        source_id=ctx.spec.id,
        value=_count(cells["value"], status),
        unit="NB",
        obs_status="A" if status == _FREE else "Q",
        source=f"{payload.name} (sha256 {payload.sha256[:12]})",
        verification="one_source",
        synthetic=ctx.spec.synthetic,
    )


def _count(text: str, status: str) -> float | None:
    if status == _CONFIDENTIAL:
        if text:
            raise InputError("a confidential cell bears no value")
        return None
    if not text:
        raise InputError("a cell without a value is confidential: CONF_STATUS C")
    number = parse_number(text, ".")
    if not number.is_integer() or not 0 <= number <= _MOST_COUNT:
        raise InputError(f"{text[:60]!r} is no count")
    return number


def small(cells: Sequence[Observation], minimum: int) -> Iterator[str]:
    """A sentence for each cell that shows a count below the minimum."""
    for cell in cells:
        if cell.value is not None and 0 < cell.value < minimum:
            yield f"{_named(cell)}: {cell.value:.0f} is below {minimum}: leave OBS_VALUE empty, CONF_STATUS C"


def faults(cells: Sequence[Observation], options: Row) -> list[str]:
    """A sentence for each cell that discloses, and for each line that contradicts itself, of a table with what
    was handed over before."""
    known = measures(options)
    return [
        *small(cells, int(options["minimum"])),
        *(fault for line in _lines(cells, known) for fault in _disclosed(*line)),
    ]


Line = tuple[Observation, list[Observation], int, str]
"""A total, the parts of it that are given, how many are not, and along what."""


def _lines(cells: Sequence[Observation], known: Mapping[str, Measure]) -> Iterator[Line]:
    """Every line in which the parts of a cell add up to it."""
    place = {_key(cell): cell for cell in cells}
    lines: dict[tuple[str, tuple[object, ...]], list[Observation]] = defaultdict(list)
    for cell in cells:
        for dimension in (*_LISTS, "category", "area"):
            whole = _whole(cell, dimension)
            if whole and (key := _key(cell, **{dimension: whole})) in place:
                lines[dimension, key].append(cell)
        if known[cell.indicator].flow:
            for period in _spans(cell.period):
                if (key := _key(cell, period=period)) in place:
                    lines[f"period {cell.freq}", key].append(cell)
    for (dimension, key), parts in lines.items():
        every = _number_of_parts(place[key], dimension, parts, known)
        yield place[key], parts, max(0, every - len(parts)), dimension


def _number_of_parts(
    total: Observation, dimension: str, parts: Sequence[Observation], known: Mapping[str, Measure]
) -> int:
    if dimension in PARTS:
        return len(PARTS[dimension])
    if dimension == "area":
        level = areas()[parts[0].area].level
        return sum(a.parent == total.area and a.level == level for a in areas().values())
    if dimension == "category":
        of = known[total.indicator]
        return sum(of.holds(code) for code in codelist(of.categories) if code != TOTAL)
    if dimension.endswith("M"):
        return {"A": 12, "Q": 3}[total.freq]
    return 4


_UNCODED = ("area", "category")
"""Dimensions along which a total may hold units without a code."""


def _disclosed(
    total: Observation, parts: list[Observation], missing: int, dimension: str
) -> Iterator[str]:
    """What a line tells that it should not."""
    hidden = [cell for cell in parts if cell.value is None]
    shown = sum(cell.value for cell in parts if cell.value is not None)
    along = dimension.partition(" ")[0]
    if total.value is None:
        if not hidden and not missing:
            yield f"{_named(total)} is told by its parts along {along}: make two of them confidential"
    elif shown > total.value or (
        not hidden and not missing and shown != total.value and along not in _UNCODED
    ):
        yield f"{_named(total)} is {total.value:.0f}, but its parts along {along} are {shown:.0f}"
    elif len(hidden) + missing == 1 and total.value > shown:
        what = _named(hidden[0]) if hidden else f"the part of {_named(total)} that is not given"
        yield f"{what} is told by its total along {along}: make another cell confidential"


def _spans(period: str) -> Iterator[str]:
    """The quarter and the year that a month lies in, the year of a quarter."""
    if frequency(period) == "M":
        yield f"{period[:4]}-Q{(int(period[5:7]) + 2) // 3}"
    if frequency(period) != "A":
        yield period[:4]


def _whole(cell: Observation, dimension: str) -> str:
    """The code of the total of a cell along a dimension; empty for a total."""
    if dimension == "area":
        return areas()[cell.area].parent or ""
    code = getattr(cell, dimension)
    return "" if code == TOTAL else TOTAL


def _key(cell: Observation, **other: str) -> tuple[object, ...]:
    names = ("indicator", "period", "area", *_LISTS, "category")
    return tuple(other.get(name, getattr(cell, name)) for name in names)


def _named(cell: Observation) -> str:
    return " ".join(str(part) for part in _key(cell) if part != TOTAL)


def _cells(ctx: Context, payload: Payload) -> Iterator[tuple[int, Observation]]:
    known = measures(ctx.spec.options)
    for number, row in table.rows(ctx, payload, (*COLUMNS, *_SDMX)):
        if number > _MOST_CELLS:
            raise InputError(f"more than {_MOST_CELLS:,} cells: give it in parts")
        named = {name.strip().upper(): value for name, value in row.items()}
        for name in named.keys() - COLUMNS.keys() - _SDMX:
            ctx.warn(f"field {name[:60]!r} is not read", file=payload.name)
        if lacking := [name for name in NEEDED if name not in named]:
            raise InputError(f"missing fields {', '.join(lacking)}")
        try:
            yield number, _observation(ctx, known, named, payload)
        except InputError as error:
            ctx.reject(InputError(error.rule, file=payload.name, row=number), row)


def collect(ctx: Context) -> Iterator[Observation]:
    """The cells of every table. InputError, naming the cells, for a table that discloses."""
    for payload in ctx.payloads:
        try:
            cells = list(one_of_a_key(ctx, _cells(ctx, payload), file=payload.name))
        except InputError as error:
            raise InputError(error.rule, file=payload.name, row=error.row) from None
        refuse(cells, ctx.spec.options, payload.name)
        yield from cells


def refuse(cells: Sequence[Observation], options: Row, file: str) -> None:
    """InputError, naming the cells, where `faults` are found."""
    if faulty := faults(cells, options):
        more = f"; and {len(faulty) - _MOST_SHOWN} more" if len(faulty) > _MOST_SHOWN else ""
        rule = "the table discloses or contradicts itself, nothing of it is taken: "
        raise InputError(rule + "; ".join(faulty[:_MOST_SHOWN]) + more, file=file)
