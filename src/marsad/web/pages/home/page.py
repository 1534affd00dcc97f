"""The entrance: headline figures, one search over everything, and a door for every actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from marsad.base.errors import NotFoundError
from marsad.publish.read.reader import Value
from marsad.web.audiences import DOORS
from marsad.web.charts.spark import spark
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.selection import Selection, select
from marsad.web.sentences import cell, change, place
from marsad.web.series_chart import points

PATH = "/"
TITLE = N_("Marsad, labour-market observatory")

HEADLINES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("unemployment_rate", {}),
    ("unemployment_rate", {"age": "Y15T24"}),
    ("activity_rate", {}),
    ("activity_rate", {"sex": "F"}),
    ("employment_rate", {}),
)
"""Indicator and the group it is told for: the official survey, for the whole country."""
_MAIN, _CENSUS = "ENE", "RGPH2024"


def _last(request: PageRequest, selection: Selection, survey: str) -> list[Value]:
    if survey not in selection.options.get("survey", ()):
        return []
    rows = request.reader.data(selection.query(survey=survey)).rows
    return sorted((row for row in rows if row.value is not None), key=lambda row: row.period)


def _figure(request: PageRequest, name: str, group: Mapping[str, str]) -> dict[str, object] | None:
    """One headline: the survey's last value, its trend and change, the census value set apart."""
    try:
        indicator = request.reader.indicator(name)
    except NotFoundError:
        return None
    known = {d: c for d, c in group.items() if c in request.reader.codes(name, d)}
    if len(known) < len(group):
        return None
    group_request = replace(request, query=known)
    selection = select(group_request, indicator)
    rows = _last(request, selection, _MAIN)
    if not rows:
        return None
    last, census = rows[-1], _last(request, selection, _CENSUS)
    breaks = request.reader.breaks(name, _MAIN)
    groups = [request.label(d, code, name) for d, code in known.items()]
    return {
        "link": request.link(f"/indicators/{name}", known),
        "title": request._(", ").join([request.text(indicator.title), *groups]),
        "cell": cell(request, indicator, last),
        "period": request.format.period(last.period),
        "place": place(request, last.area),
        "survey": request.label("survey", last.survey),
        "change": change(request, selection, rows),
        "trend": spark(points(request, selection, rows, breaks)),
        "date": request.format.date_text(last.source_date),
        "reliability": last.reliability,
        "census": cell(request, indicator, census[-1]) if census else None,
        "census_name": request.label("survey", _CENSUS) if census else "",
    }


def context(request: PageRequest) -> dict[str, object]:
    """Headline figures, counts of ads, the doors, and the list of indicators."""
    figures = [_figure(request, name, group) for name, group in HEADLINES]
    return {
        "figures": [figure for figure in figures if figure],
        "doors": DOORS,
        "indicators": [
            (i.id, request.text(i.title), request.text(i.question))
            for i in request.reader.indicators()
        ],
    }
