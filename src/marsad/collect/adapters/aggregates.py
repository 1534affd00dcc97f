"""Counts of a register, as its keeper hands them over: the exchange format of docs/*/exchange.md.

A CSV or SDMX-CSV table of counts, one row a cell. What a source takes stands in the options of its
source.yml: `survey`, the `minimum` of a cell, and its `measures`, each with the code list of its
CATEGORY. A cell below the minimum must come without a value and with CONF_STATUS C, and no such cell may
be told by subtraction (Hundepool et al. 2012, Statistical Disclosure Control, ch. 4): a table that
discloses is refused whole, for what is left of it would disclose too. Any other bad row is set aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from marsad.base.areas import areas
from marsad.base.codes import TOTAL, codelist
from marsad.base.errors import InputError
from marsad.base.numbers import parse_number
from marsad.base.periods import frequency, parse_period
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
    "COMMENT_OBS": ("note", "a remark; no names"),
}
"""Columns of the format: the field of an observation that each gives, and what stands in it."""
NEEDED = ("MEASURE", "TIME_PERIOD", "REF_AREA", "OBS_VALUE")
_FREE, _CONFIDENTIAL = "F", "C"
_SDMX = frozenset(
    {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "OBS_STATUS", "UNIT_MEASURE"}
)
_LISTS = ("sex", "age", "education")
_MOST_CELLS = 2_000_000
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Measure:
    """A measure that a source takes: the code list of its categories, empty for none, and how long its codes
    are (0: any)."""

    categories: str = ""
    digits: int = 0

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
    if cells["area"] not in areas():
        raise InputError(f"unknown area {cells['area'][:60]!r}")
    for field in _LISTS:
        cells[field] = cells[field] or TOTAL
        if cells[field] not in codelist(field):
            raise InputError(f"unknown {field} {cells[field][:60]!r}")
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
        note=cells["note"],
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
    if not number.is_integer() or number < 0:
        raise InputError(f"{text[:60]!r} is no count")
    return number


def small(cells: Sequence[Observation], minimum: int) -> Iterator[str]:
    """A sentence for each cell that shows a count below the minimum."""
    for cell in cells:
        if cell.value is not None and 0 < cell.value < minimum:
            yield f"{_named(cell)}: {cell.value:.0f} is below {minimum}: leave OBS_VALUE empty, CONF_STATUS C"


def told_by_subtraction(cells: Sequence[Observation]) -> Iterator[str]:
    """A sentence for each confidential cell that its total, less the other parts, tells."""
    for dimension in (*_LISTS, "category", "area"):
        lines: dict[tuple[object, ...], list[Observation]] = defaultdict(list)
        place = {_key(cell): cell for cell in cells}
        for cell in cells:
            whole = _whole(cell, dimension)
            if whole and (key := _key(cell, **{dimension: whole})) in place:
                lines[key].append(cell)
        for key, parts in lines.items():
            hidden = [cell for cell in parts if cell.value is None]
            rest = place[key].value
            if rest is not None and len(hidden) == 1 and len(parts) > 1:
                rest -= sum(cell.value for cell in parts if cell.value is not None)
                if rest > 0:
                    yield f"{_named(hidden[0])} is told by its total along {dimension}: make another cell confidential"


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
    minimum = int(ctx.spec.options["minimum"])
    for payload in ctx.payloads:
        try:
            cells = list(one_of_a_key(ctx, _cells(ctx, payload), file=payload.name))
        except InputError as error:
            raise InputError(error.rule, file=payload.name, row=error.row) from None
        faults = [*small(cells, minimum), *told_by_subtraction(cells)]
        if faults:
            more = f"; and {len(faults) - _MOST_SHOWN} more" if len(faults) > _MOST_SHOWN else ""
            listed = "; ".join(faults[:_MOST_SHOWN])
            raise InputError(
                f"the table discloses, nothing of it is taken: {listed}{more}", file=payload.name
            )
        yield from cells
