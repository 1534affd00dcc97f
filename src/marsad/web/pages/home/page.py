"""The entrance: headline figures, one search over everything, and a door for every actor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from marsad.base.errors import NotFoundError
from marsad.publish.read.reader import DataQuery, Value
from marsad.web.audiences import DOORS, Door
from marsad.web.changes import change
from marsad.web.charts.spark import spark
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.request import PageRequest
from marsad.web.selection import Selection, select
from marsad.web.sentences import cell, place
from marsad.web.series_chart import points

PATH = "/"
TITLE = N_("Marsad, labour-market observatory")

HEADLINES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("unemployment_rate", {}),
    ("unemployment_rate", {"age": "Y15T24"}),
    ("activity_rate", {}),
    ("activity_rate", {"sex": "F"}),
    ("employment_rate", {}),
    ("unemployed_persons", {}),
    ("net_job_change", {}),
    ("underemployment_rate", {}),
)
"""Indicator and the group it is told for: the official survey, for the whole country."""
_MAIN, _CENSUS = "ENE", "RGPH2024"


@dataclass(frozen=True, slots=True)
class _Headline:
    """One headline before its values are read: the choice that it shows, and the group's codes."""

    selection: Selection
    codes: Mapping[str, str]

    def query(self, survey: str) -> DataQuery | None:
        """The question for its values in a survey; None where the survey has none of them."""
        held = survey in self.selection.options.get("survey", ())
        return self.selection.query(survey=survey) if held else None


def _headlines(locale: Locale) -> Iterator[_Headline]:
    for name, group in HEADLINES:
        try:
            indicator = locale.reader.indicator(name)
        except NotFoundError:
            continue
        known = {d: c for d, c in group.items() if c in locale.reader.codes(name, d)}
        if len(known) == len(group):
            yield _Headline(select(locale.reader, indicator, known), known)


def _valued(rows: Iterable[Value]) -> list[Value]:
    return sorted((row for row in rows if row.value is not None), key=lambda row: row.period)


def _figure(
    site: Site, headline: _Headline, rows: list[Value], census: list[Value]
) -> dict[str, object]:
    """One headline: the survey's last value, its trend and change, the census value set apart."""
    selection, indicator = headline.selection, headline.selection.indicator
    last = rows[-1]
    breaks = site.reader.breaks(indicator.id, _MAIN)
    groups = [site.label(d, code, indicator.id) for d, code in headline.codes.items()]
    return {
        "link": site.link(f"/indicators/{indicator.id}", headline.codes),
        "title": site._(", ").join([site.text(indicator.title), *groups]),
        "cell": cell(site, indicator, last),
        "period": site.format.period(last.period),
        "place": place(site, last.area),
        "survey": site.label("survey", last.survey),
        "change": change(site, selection, rows),
        "trend": spark(points(site, selection, rows, breaks)),
        "date": site.format.date_text(last.source_date),
        "census": cell(site, indicator, census[-1]) if census else None,
        "census_name": site.label("survey", _CENSUS) if census else "",
    }


def _figures(site: Site) -> Iterator[dict[str, object]]:
    """The headlines that have a value, their values read at once."""
    headlines = list(_headlines(site))
    queries = [headline.query(survey) for headline in headlines for survey in (_MAIN, _CENSUS)]
    results = iter(site.reader.data_many([query for query in queries if query]))
    rows = [_valued(next(results).rows) if query else [] for query in queries]
    for headline, main, census in zip(headlines, rows[::2], rows[1::2]):
        if main:
            yield _figure(site, headline, main, census)


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    figures: list[dict[str, object]]
    doors: tuple[Door, ...]
    indicators: list[tuple[str, str, str]]


def context(request: PageRequest) -> View:
    """Headline figures, counts of ads, the doors, and the list of indicators."""
    return View(
        figures=list(_figures(request)),
        doors=DOORS,
        indicators=[
            (i.id, request.text(i.title), request.text(i.question))
            for i in request.reader.indicators()
        ],
    )
