"""The entrance: the latest headline figures, the ads, and the way to everything else."""

from __future__ import annotations

from marsad.base.errors import NotFoundError
from marsad.publish.query import Value
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.selection import Selection, select
from marsad.web.story import amount, change, place

PATH = "/"
TITLE = N_("Marsad, labour-market observatory")

HEADLINES = ("unemployment_rate", "activity_rate", "employment_rate")
_MAIN, _CENSUS = "ENE", "RGPH2024"


def _last(visit: PageRequest, selection: Selection, survey: str) -> list[Value]:
    if survey not in selection.options.get("survey", ()):
        return []
    rows = visit.reader.data(selection.query(survey=survey)).rows
    return sorted((row for row in rows if row.value is not None), key=lambda row: row.period)


def _figure(visit: PageRequest, identifier: str) -> dict[str, object] | None:
    """One headline: the survey's last value, its change, and the census value set apart."""
    try:
        indicator = visit.reader.indicator(identifier)
    except NotFoundError:
        return None
    selection = select(PageRequest(visit.language, visit.reader, "", "", ""), indicator)
    rows = _last(visit, selection, _MAIN)
    if not rows:
        return None
    last, census = rows[-1], _last(visit, selection, _CENSUS)
    return {
        "id": identifier,
        "title": visit.text(indicator.title),
        "value": amount(visit, indicator, last.value or 0),
        "period": visit.format.period(last.period),
        "place": place(visit, last.area),
        "survey": visit.label("survey", last.survey),
        "change": change(visit, selection, rows),
        "date": visit.format.date_text(last.source_date),
        "census": amount(visit, indicator, census[-1].value or 0) if census else "",
        "census_name": visit.label("survey", _CENSUS) if census else "",
    }


def context(request: PageRequest) -> dict[str, object]:
    """Headline figures, counts of ads, and the list of indicators."""
    figures = [_figure(request, identifier) for identifier in HEADLINES]
    return {
        "figures": [figure for figure in figures if figure],
        "indicators": [
            (i.id, request.text(i.title), request.text(i.question))
            for i in request.reader.indicators()
        ],
    }
