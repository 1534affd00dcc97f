"""Questions to the cube of all published values: filters on its dimensions, periods and vintages.

`condition` says a `CubeQuery` in SQL over table `out_values` of the mart, whose rows are every
version of every published value, in the order of `KEY`, with the first and last day of its period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from marsad.base import areas
from marsad.base.codes import TOTAL, codelist, names
from marsad.base.errors import InputError
from marsad.base.periods import end, start
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.products import declare
from marsad.products.declare import CODELISTS, DIMENSIONS
from marsad.products.vintages import SUPERSEDED
from marsad.publish.read.model import DataQuery, Value

SERIES = ("freq", "area", "indicator", *DIMENSIONS[2:])
"""Dimensions of a series, in the order of a key."""
ATTRIBUTES = (
    "unit", "obs_status", "conf_status", "lower", "upper", "reliability", "verification",
    "n", "vintage", "source", "source_date", "note", "synthetic",
)  # fmt: skip
TABLE = "out_values"
VERSION = ("valid_from", "valid_to")
COLUMNS = (*SERIES, "period", "value", *ATTRIBUTES, *VERSION)
_FILTERED = frozenset((*SERIES, "period", "value", *ATTRIBUTES))
NUMBERS = ("value", "lower", "upper", "n")
"""Columns that hold numbers: they compare as such, and have no beginning or end."""
_SIMPLE = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_TEXT = {"co": "contains({0}, ?)", "nc": "not contains({0}, ?)", "sw": "starts_with({0}, ?)",
         "ew": "ends_with({0}, ?)"}  # fmt: skip
_EDGES: Mapping[str, str] = {
    "lt": "ends_on < ?", "ge": "starts_on >= ?", "le": "ends_on <= ?", "gt": "starts_on > ?",
}  # fmt: skip


def series_key(row: Value) -> str:
    """The name of a value: the codes of its series and its period, as `/api/v1/values/` takes it."""
    return f"{'.'.join(str(getattr(row, name)) for name in SERIES)}/{row.period}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Codes of one dimension; they are alternatives, except for `ne` and `nc`, which all hold.

    `operator` is one of SDMX REST 2: eq ne lt le gt ge co nc sw ew. `dimension` may be `period`,
    whose bounds are periods of any frequency, compared by their days.
    """

    dimension: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Filters of one dimension in groups: all filters of any one group hold."""

    groups: tuple[tuple[Filter, ...], ...]

    @property
    def dimension(self) -> str:
        return self.groups[0][0].dimension


@dataclass(frozen=True, slots=True)
class CubeQuery:
    """A question to the cube; times are UTC, periods of any frequency and inclusive.

    `as_of` gives the versions known then, `history` every version, neither the current ones.
    `first` and `last` keep that many periods of each series. `sort` names columns, each with whether
    the greatest comes first; without it, the order is that of the key.
    """

    where: tuple[Filter | AnyOf, ...] = ()
    start: str = ""
    end: str = ""
    as_of: dt.datetime | None = None
    history: bool = False
    updated_after: dt.datetime | None = None
    first: int | None = None
    last: int | None = None
    limit: int | None = None
    offset: int = 0
    sort: tuple[tuple[str, bool], ...] = ()


Parts = tuple[list[str], list[object]]


def _period(operator: str, values: Sequence[str]) -> Parts:
    if operator not in _EDGES:
        return _plain("period", operator, values)
    edge = {"lt": start, "ge": start, "le": end, "gt": end}[operator]
    return [_EDGES[operator] for _ in values], [edge(value) for value in values]


def _bounds(first: str, last: str) -> Parts:
    """Periods that begin with `first` or later and end with `last` or earlier; empty is no bound."""
    conditions, parameters = [], []  # type: Parts
    for bound, operator in ((first, "ge"), (last, "le")):
        if bound:
            more, edges = _period(operator, [bound])
            conditions, parameters = conditions + more, parameters + edges
    return conditions, parameters


def _plain(name: str, operator: str, values: Sequence[str]) -> Parts:
    column = f'"{name}"'
    if name in NUMBERS and operator in _SIMPLE:
        joined = " and " if operator == "ne" else " or "
        each = f"{column} {_SIMPLE[operator]} ?::double"
        return [f"({joined.join([each] * len(values))})"], list(values)
    if name == "synthetic" and operator in ("eq", "ne"):
        return [f"{column}::varchar {_SIMPLE[operator]} ?" for _ in values], list(values)
    if operator in _TEXT:
        return [_TEXT[operator].format(f"{column}::varchar") for _ in values], list(values)
    if operator == "eq":
        # Compared as codes of the enumeration; what it does not hold is null, and equals nothing.
        placeholder = f'try_cast(? as "{TABLE}_{name}")'
        return [f"{column} in ({', '.join([placeholder] * len(values))})"], list(values)
    if operator == "ne":
        return [f"{column}::varchar not in ({', '.join('?' * len(values))})"], list(values)
    return [f"{column}::varchar {_SIMPLE[operator]} ?" for _ in values], list(values)


def _filtered(component_filter: Filter | AnyOf) -> Parts:
    if isinstance(component_filter, AnyOf):
        groups, parameters = [], []  # type: tuple[list[str], list[object]]
        for group in component_filter.groups:
            parts = [_filtered(f) for f in group]
            groups.append(f"({' and '.join(c for part, _ in parts for c in part)})")
            parameters += [value for _, values in parts for value in values]
        return [f"({' or '.join(groups)})"], parameters
    if component_filter.dimension not in _FILTERED:
        raise InputError(f"{component_filter.dimension!r} cannot be filtered on")
    if component_filter.operator not in (*_SIMPLE, *_TEXT):
        known = ", ".join((*_SIMPLE, *_TEXT))
        raise InputError(
            f"there is no operator {component_filter.operator!r}; operators are {known}"
        )
    if component_filter.dimension == "period":
        conditions, parameters = _period(component_filter.operator, component_filter.values)
    else:
        conditions, parameters = _plain(
            component_filter.dimension, component_filter.operator, component_filter.values
        )
    joined = " and " if component_filter.operator in ("ne", "nc") else " or "
    return [f"({joined.join(conditions)})"] if conditions else [], parameters


def versions(as_of: dt.datetime | None, *, history: bool) -> Parts:
    """The condition that keeps the versions asked for."""
    if history:
        return [], []
    if as_of is None:
        return ["valid_to is null"], []
    return ["valid_from <= ? and until > ?"], [as_of, as_of]


def condition(query: CubeQuery) -> tuple[str, list[object]]:
    """The SQL condition of a question and its parameters; every name in it is one of ours.

    InputError for an unknown dimension or operator, or a period that is none.
    """
    conditions, parameters = versions(query.as_of, history=query.history)
    for component_filter in query.where:
        more, values = _filtered(component_filter)
        conditions, parameters = conditions + more, parameters + values
    more, values = _bounds(query.start, query.end)
    conditions, parameters = conditions + more, parameters + values
    if query.updated_after:
        conditions.append("recorded_at > ?")
        parameters.append(query.updated_after)
    return " and ".join(conditions) or "true", parameters


def _order(sort: Sequence[tuple[str, bool]]) -> str:
    """The columns to sort by, codes by their letters and periods by their days; none come last."""
    known = {**{name: f'"{name}"::varchar' for name in (*SERIES, *ATTRIBUTES)},
             **{name: f'"{name}"' for name in NUMBERS}, "period": "starts_on"}  # fmt: skip
    return "".join(f"{known[name]}{' desc' if down else ''} nulls last, " for name, down in sort)


def statement(query: CubeQuery) -> tuple[str, list[object]]:
    """The SELECT of a question over all of `COLUMNS`, in the order of the key, and its parameters."""
    where, parameters = condition(query)
    sql = f"select {', '.join(COLUMNS)} from {TABLE} where {where}"
    by = ", ".join(SERIES)
    order = f" order by {_order(query.sort)}{by}, period, valid_from"
    ranks = [
        f"dense_rank() over (partition by {by} order by starts_on{direction}) <= {int(n)}"
        for n, direction in ((query.first, ""), (query.last, " desc"))
        if n is not None
    ]
    if ranks:
        sql += f" qualify {' or '.join(ranks)}{order}"
    elif query.sort:  # without it the table has the order of the key
        sql += order
    if query.limit is not None:
        sql += f" limit {int(query.limit)}"
    return sql + (f" offset {int(query.offset)}" if query.offset else ""), parameters


def check_codes(indicator: str, dimension: str, codes: Sequence[str]) -> None:
    """Refuse codes that the list of a dimension does not hold: they would read as «no values».

    InputError names the list. Lists too long to be in the package (imported skills) are not checked;
    an indicator without categories has their total alone.
    """
    name = CODELISTS.get(dimension) or declare.indicator(indicator).category_list
    known = areas.areas().keys() if dimension == "area" else _known(name)
    unknown = [code for code in codes if known and code not in known]
    if not unknown:
        return
    if dimension == "area":
        raise InputError(refused("no_area_code", name=dimension, code=unknown[0]))
    if not name:
        raise InputError(
            refused("no_code_published", code=unknown[0], name=dimension, indicator=indicator)
        )
    raise InputError(refused("no_code_in", code=unknown[0], name=dimension, list=name))


@cache
def _known(name: str) -> Set[str]:
    """The codes of a list and their total; nothing for a list that is not in the package."""
    return (
        {TOTAL, *(codelist(name) if name else ())} if name in names() or not name else frozenset()
    )


def check(query: DataQuery) -> None:
    """InputError or NotFoundError for a question about what there is not."""
    declare.indicator(query.indicator)
    for dimension, codes in query.filters.items():
        if dimension not in DIMENSIONS:
            raise InputError(
                refused(
                    "no_dimension",
                    name=dimension,
                    indicator=query.indicator,
                    known=", ".join(DIMENSIONS),
                )
            )
        check_codes(query.indicator, dimension, codes)
    if query.level and query.level not in areas.LEVELS:
        raise InputError(refused("no_level", code=query.level, known=", ".join(areas.LEVELS)))
    if query.parent:
        areas.area(query.parent)
    _bounds(query.start, query.end)


def data_statement(query: DataQuery) -> tuple[str, list[object]]:
    """The SQL of a question about one indicator, without its page, and its parameters.

    Without `as_of` and `history`, `vintage` chooses among the producers' versions as they are held
    now: `current`, one by its name, or `*` for all of them.
    """
    check(query)
    parts, parameters = ["indicator = ?"], [query.indicator]  # type: tuple[list[str], list[object]]
    if query.as_of or query.history or query.vintage == "current":
        conditions, values = versions(query.as_of, history=query.history)
        parts, parameters = parts + conditions, parameters + values
    else:
        parts.append("(valid_to is null or vintage in (select unnest(?::varchar[])))")
        parameters.append(list(SUPERSEDED))
        if query.vintage != "*":
            parts.append("vintage = ?")
            parameters.append(query.vintage)
    for dimension, codes in query.filters.items():
        if codes:
            parts.append(f'"{dimension}" in ({", ".join("?" * len(codes))})')
            parameters += codes
    if query.level:
        parts.append("area_level = ?")
        parameters.append(query.level)
    if query.parent:
        parts.append("(area = ? or starts_with(area, ?))")
        parameters += [query.parent, f"{query.parent}-"]
    conditions, values = _bounds(query.start, query.end)
    sql = f"select * from {TABLE} where {' and '.join([*parts, *conditions])}"
    if query.latest:
        keys = ", ".join(f'"{d}"' for d in (*DIMENSIONS[1:], "freq"))
        sql += f" qualify period = max(period) over (partition by {keys}, vintage)"
    return sql, [*parameters, *values]


def occurring(mart: Mart, query: CubeQuery) -> dict[str, tuple[str, ...]]:
    """The codes of each dimension that occur, and under `period` the first and the last period by their
    days (nothing when no value is found)."""
    where, parameters = condition(query)
    sql = f"select {{}} from out_values where {where}"
    codes = {
        name: tuple(
            row["code"]
            for row in mart.rows(
                sql.format(f'distinct "{name}"::varchar as code') + " order by 1", parameters
            )
        )
        for name in SERIES
    }
    edges = mart.rows(
        sql.format("min_by(period, starts_on) as first, max_by(period, ends_on) as last"),
        parameters,
    )[0]
    known = edges["first"] is not None
    return {**codes, "period": (edges["first"], edges["last"]) if known else ()}
