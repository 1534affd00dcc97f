"""One number with its versions, how figures were revised, counts of ads, and the limits."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import Path, Query, Request, Response

from marsad.base.errors import InputError, NotFoundError
from marsad.base.labels import pick
from marsad.base.refusals import refused
from marsad.base.settings import site_path
from marsad.products.declare import DIMENSIONS
from marsad.products.statistics.revisions import Triangle, revisions, triangle
from marsad.publish.http.bodies import body_of
from marsad.publish.http.limits import LIMITS
from marsad.publish.read.counts import CountQuery
from marsad.publish.read.cube import SERIES, CubeQuery, Filter
from marsad.publish.read.model import MOST_VALUES
from marsad.publish.read.reader import DataQuery, Reader, Value
from marsad.publish.rest.common import (
    Cursor,
    Handlers,
    Identifier,
    Lang,
    in_language,
    listed,
)
from marsad.publish.rest.common import Text as QueryText
from marsad.publish.rest.figure_bodies import (
    OF_VERSION,
    CountList,
    RevisionList,
    RevisionSummary,
    SeriesRevisions,
    ValueDetail,
    ValueVersion,
)

_KEY = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024"
MOST_SERIES = 200


def _question(key: str) -> CubeQuery:
    """Every version of the number that a key names; InputError when it has not the right parts."""
    series, _, period = key.partition("/")
    parts = series.split(".")
    if len(parts) != len(SERIES) or not all(parts) or not period:
        raise InputError(refused("value_key", form=f"{'.'.join(SERIES)}/period", example=_KEY))
    codes = (*zip(SERIES, parts), ("period", period))
    return CubeQuery(tuple(Filter(name, "eq", (code,)) for name, code in codes), history=True)


def _figure(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _summary(table: Triangle) -> RevisionSummary | None:
    """First against latest publication; None where no period has two versions."""
    try:
        summary = asdict(revisions(table))
    except InputError:
        return None
    figures = {k: _figure(v) if isinstance(v, float) else v for k, v in summary.items()}
    return body_of(RevisionSummary, figures)


def _series_revisions(name: tuple[str, ...], rows: Sequence[Value]) -> SeriesRevisions:
    published = [(v.period, v.valid_from, v.value) for v in rows if v.value is not None]
    table = triangle(published)
    values = {
        **dict(zip(DIMENSIONS, name)),
        "periods": table.periods,
        "known_from": table.vintages,
        "values": tuple(tuple(_figure(number) for number in row) for row in table.values),
        "summary": _summary(table),
    }
    return body_of(SeriesRevisions, values)


class Figures(Handlers):
    """Numbers, revisions, counts and limits."""

    def value(
        self,
        request: Request,
        key: Annotated[str, Path(examples=[_KEY], description="`key` of a value")],
        lang: Lang = "",
    ) -> Response:
        """One number by its key: its versions, interval, unit, source, method and how to compute it again."""
        language, query = in_language(lang, request), _question(key)

        def body(r: Reader) -> ValueDetail:
            rows = r.cube(query).to_pylist()
            if not rows:
                raise NotFoundError(refused("no_value_key", key=key))
            now = next((row for row in rows if row["valid_to"] is None), None)
            indicator = r.indicator(rows[0]["indicator"])
            same = {name: rows[-1][name] for name in (*SERIES, "period", "unit", "synthetic")}
            shown = [d for d in (*DIMENSIONS[1:],) if same[d] != "_T"]
            values = {
                "key": key,
                **same,
                "title": pick(indicator.title, language),
                "labels": {d: r.label(d, same[d], language, indicator.id) for d in shown},
                **({name: now[name] for name in OF_VERSION} if now else {"value": None}),
                "versions": tuple(
                    body_of(ValueVersion, {name: row[name] for name in OF_VERSION}) for row in rows
                ),
                "source_said": pick(indicator.source, language),
                "method": site_path(f"/{language}/method/{indicator.id}"),
                "recompute": f"marsad recompute {key}",
            }
            return body_of(ValueDetail, values)

        return self.respond(request, body, figures=True)

    def revisions(
        self,
        request: Request,
        identifier: Identifier,
        filters: Mapping[str, str],
        start: QueryText = "",
        end: QueryText = "",
        cursor: Cursor = "",
        limit: Annotated[int, Query(ge=1, le=MOST_SERIES)] = 20,
    ) -> Response:
        """How the figures of an indicator were revised: each series' triangle and its summary.

        `values[i][j]` is period i as known from time j on.
        """
        codes = {name: listed(text) for name, text in filters.items() if text}
        query = DataQuery(identifier, codes, start=start, end=end, history=True, limit=MOST_VALUES)

        def rows(r: Reader, at: int) -> tuple[list[SeriesRevisions], int]:
            series: dict[tuple[str, ...], list[Value]] = defaultdict(list)
            for value in r.data(query).rows:
                if value.value is not None:
                    series[tuple(getattr(value, d) for d in DIMENSIONS)].append(value)
            names = sorted(series)
            return [_series_revisions(n, series[n]) for n in names[at : at + limit]], len(names)

        return self.paged(request, rows, cursor, partial(RevisionList, identifier), figures=True)

    def counts(
        self,
        request: Request,
        filters: Mapping[str, str],
        by: Annotated[str, Query(max_length=200, examples=["region,isco08"])] = "region",
        realm: Annotated[str, Query(pattern="^(real|synthetic)?$")] = "",
        digits: Annotated[int, Query(ge=1, le=4, description="of ISCO-08")] = 1,
        cursor: Cursor = "",
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    ) -> Response:
        """Counts of ads by any of their codes and the month of posting: exact, for the ads are public.

        `_U` stands for a code that an ad does not have. Real ads, or synthetic ones where the
        release has no others.
        """
        where = {name: listed(text) for name, text in filters.items() if text}
        chosen = realm or ("real" if self._reader().release().ads_real else "synthetic")
        query = CountQuery(listed(by), chosen, digits, where)

        def rows(r: Reader, at: int) -> tuple[list[Mapping[str, str | int]], int]:
            cells: Sequence[Mapping[str, str | int]] = r.ad_counts(query)
            return list(cells[at : at + limit]), len(cells)

        page = partial(CountList, query.by, chosen)
        return self.paged(request, rows, cursor, page)

    def limits(self, request: Request) -> Response:
        """How many questions may be asked, and how large an answer may be."""
        return self.respond(request, lambda _: LIMITS, figures=True)
