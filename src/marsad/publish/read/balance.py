"""Supply beside demand: for an occupation group and an area, what each source tells of it, and what none does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marsad.base.codes import TOTAL
from marsad.base.periods import start
from marsad.products.declare import Indicator, indicator
from marsad.publish.read.model import DataQuery, DataResult, Value

DEMAND, SUPPLY, MET, TENSION = "demand", "supply", "met", "tension"
MEASURES = (
    (DEMAND, ("new_ads", "open_ads", "registered_vacancies")),
    (SUPPLY, ("registered_seekers", "unemployed_persons", "training_leavers")),
    (MET, ("placements", "employed_persons", "declared_employees")),
    (TENSION, ("ads_per_seeker", "vacancies_per_seeker", "placement_rate")),
)
"""Side of the market -> the indicators that tell of it."""
EVERYONE = {
    "sex": (TOTAL,), "age": (TOTAL, "Y_GE15"), "urbanisation": (TOTAL,), "education": (TOTAL,),
    "adjustment": ("N",),
}  # fmt: skip
MOST = 20_000
"""Values of one measure that are looked through."""
NOT_BY_OCCUPATION, NO_FIGURE, SUPPRESSED = "not_by_occupation", "no_figure", "suppressed"


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: its newest value, that of a year before in the same series, or why there is none."""

    side: str
    indicator: Indicator
    value: Value | None
    before: Value | None
    why: str = ""


def occupation_of(declared: Indicator) -> str:
    """The dimension that holds an indicator's occupations; empty where it has none."""
    if "occupation" in declared.dimensions:
        return "occupation"
    return "category" if declared.category_list == "isco08" else ""


def balance(
    data_many: Callable[[Sequence[DataQuery]], list[DataResult]], occupation: str, area: str
) -> list[Line]:
    """The lines of every measure for a group of ISCO-08 (or all, `_T`) in an area. A real source is told before
    a synthetic one, what begins last first; NotFoundError for an unknown area."""
    measures = [(side, indicator(name)) for side, names in MEASURES for name in names]
    published = [
        (side, declared)
        for side, declared in measures
        if occupation == TOTAL or occupation_of(declared)
    ]
    queries = [_query(declared, occupation, area) for _, declared in published]
    rows_of = {d.id: result.rows for (_, d), result in zip(published, data_many(queries))}
    return [
        _line(side, declared, rows_of[declared.id])
        if declared.id in rows_of
        else Line(side, declared, None, None, NOT_BY_OCCUPATION)
        for side, declared in measures
    ]


def _query(declared: Indicator, occupation: str, area: str) -> DataQuery:
    held = occupation_of(declared)
    filters = {**{d: c for d, c in EVERYONE.items() if d in declared.dimensions}, "area": (area,)}
    if held:
        filters[held] = (occupation,)
    elif "category" in declared.dimensions:
        filters["category"] = (TOTAL,)
    return DataQuery(declared.id, filters, limit=MOST)


def _line(side: str, declared: Indicator, rows: Sequence[Value]) -> Line:
    known = [row for row in rows if row.value is not None]
    if not known:
        return Line(side, declared, None, None, SUPPRESSED if rows else NO_FIGURE)
    last = max(known, key=lambda row: (not row.synthetic, start(row.period), "AQM".find(row.freq)))
    year = f"{int(last.period[:4]) - 1}{last.period[4:]}"
    before = (r for r in known if (r.survey, r.age, r.period) == (last.survey, last.age, year))
    return Line(side, declared, last, next(before, None))
