"""Counts of ads by any of their codes, exact: what is counted is public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marsad.base.errors import InputError, PlaceError
from marsad.base.fields import properties
from marsad.base.periods import frequency
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.publish.read.ad_filters import check_code, older

UNKNOWN = "_U"
"""Stands for a code that an ad does not have (SDMX)."""
MOST_CELLS = 200_000


def dimensions() -> tuple[str, ...]:
    """What ads may be counted by: the properties that their fields declare so, and the month."""
    return (*(name for name, p in properties().items() if p.counted), "month")


@dataclass(frozen=True, slots=True)
class CountQuery:
    """Counts of the ads of one realm by some dimensions; a filter names codes of one of them.

    `digits` is how many digits of ISCO-08 are counted; a filter on isco08 takes whole groups.
    """

    by: tuple[str, ...]
    realm: str
    digits: int = 4
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _column(name: str, digits: int) -> str:
    expressions = {
        "month": "strftime(posted_on, '%Y-%m')",
        "isco08": f"left(isco08, {int(digits)})",
    }
    return f"coalesce(nullif({expressions.get(name, name)}, ''), '{UNKNOWN}')"


def _condition(query: CountQuery) -> tuple[str, list[object]]:
    parts, parameters = ["realm = ?"], [query.realm]  # type: tuple[list[str], list[object]]
    for name, values in query.where.items():
        if not values:
            continue
        comparison = "starts_with(isco08, ?)" if name == "isco08" else f"{_column(name, 4)} = ?"
        parts.append(f"({' or '.join([comparison] * len(values))})")
        parameters += values
    return " and ".join(parts), parameters


def counts(mart: Mart, query: CountQuery) -> list[dict[str, str | int]]:
    """The cells with their counts in the order of their codes; cells without ads are left out.

    InputError for an unknown dimension or realm or too many cells.
    """
    _check(query)
    _check_codes(mart, query)
    for name in (n for n in (*query.by, *query.where) if n != "month"):
        if not mart.holds("ads", name):
            raise PlaceError(older(name))
    where, parameters = _condition(query)
    columns = "".join(f"{_column(name, query.digits)} as {name}, " for name in query.by)
    order = f" order by {', '.join(query.by)}" if query.by else ""
    rows = mart.rows(
        f"select {columns}count(*) as n from ads where {where} group by all{order} limit {MOST_CELLS + 1}",
        parameters,
    )
    if len(rows) > MOST_CELLS:
        raise InputError(refused("most_cells", most=f"{MOST_CELLS:,}"))
    return [{**{k: row[k] for k in query.by}, "count": row["n"]} for row in rows if row["n"]]


def _check_codes(mart: Mart, query: CountQuery) -> None:
    """InputError or NotFoundError for a code that the list of its dimension does not hold."""
    for name, values in query.where.items():
        for code in values:
            if name == "month":
                frequency(code)
            elif code != UNKNOWN:
                check_code(mart, properties()[name], code)


def _check(query: CountQuery) -> None:
    if unknown := [name for name in (*query.by, *query.where) if name not in dimensions()]:
        raise InputError(refused("not_counted", name=unknown[0], known=", ".join(dimensions())))
    if len(set(query.by)) < len(query.by):
        raise InputError(refused("named_twice"))
    if query.realm not in ("real", "synthetic"):
        raise InputError(refused("no_realm", code=query.realm, known="real, synthetic"))
