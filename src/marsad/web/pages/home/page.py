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


def _last(visit: PageRequest, selection: Selection, survey: str) -> list[Value]:
    if survey not in selection.options.get("survey", ()):
        return []
    rows = visit.reader.data(selection.query(survey=survey)).rows
    return sorted((row for row in rows if row.value is not None), key=lambda row: row.period)


def _figure(visit: PageRequest, name: str, group: Mapping[str, str]) -> dict[str, object] | None:
    """One headline: the survey's last value, its trend and change, the census value set apart."""
    try:
        indicator = visit.reader.indicator(name)
    except NotFoundError:
        return None
    known = {d: c for d, c in group.items() if c in visit.reader.codes(name, d)}
    if len(known) < len(group):
        return None
    asked = replace(visit, query=known)
    selection = select(asked, indicator)
    rows = _last(visit, selection, _MAIN)
    if not rows:
        return None
    last, census = rows[-1], _last(visit, selection, _CENSUS)
    breaks = visit.reader.breaks(name, _MAIN)
    groups = [visit.label(d, code, name) for d, code in known.items()]
    return {
        "link": visit.link(f"/indicators/{name}", known),
        "title": visit._(", ").join([visit.text(indicator.title), *groups]),
        "cell": cell(visit, indicator, last),
        "period": visit.format.period(last.period),
        "place": place(visit, last.area),
        "survey": visit.label("survey", last.survey),
        "change": change(visit, selection, rows),
        "trend": spark(points(visit, selection, rows, breaks)),
        "date": visit.format.date_text(last.source_date),
        "reliability": last.reliability,
        "census": cell(visit, indicator, census[-1]) if census else None,
        "census_name": visit.label("survey", _CENSUS) if census else "",
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
