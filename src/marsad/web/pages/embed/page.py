"""The chart of a choice alone, to be shown inside pages of other sites."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from marsad.base.codes import label
from marsad.publish.read.reader import Indicator
from marsad.web import marks
from marsad.web.amounts import unit_of
from marsad.web.locale import N_
from marsad.web.middleware import SECURITY
from marsad.web.request import PageRequest
from marsad.web.selection import ordered, select, series_of
from marsad.web.sentences import highest, sentences
from marsad.web.series_chart import chart, legend

PATH = "/embed/{indicator}"
TITLE = N_("Indicator")
FIGURES = True
_CSP = "Content-Security-Policy"
HEADERS = {
    _CSP: SECURITY[_CSP].replace("frame-ancestors 'self'", "frame-ancestors *"),
    "X-Frame-Options": "ALLOWALL",
}
"""Other sites may frame this page, and no other."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    indicator: Indicator
    chart: Markup
    sentences: list[str]
    legend: list[tuple[Markup, str]]
    marks: list[str]
    synthetic: bool
    unit: str
    survey: str
    day: str
    full: str


def context(request: PageRequest) -> View:
    """The chart, or the sentence where there is nothing to draw; as the page of the indicator."""
    indicator = request.reader.indicator(request.path["indicator"])
    selection = select(request.reader, indicator, request.parameters)
    rows = request.reader.data(selection.compared()).rows
    series = ordered(selection, series_of(rows, selection.by))
    summary = (
        highest(request, selection, series)
        if selection.without_total
        else sentences(request, selection, series_of(request.reader.data(selection.query()).rows, "").get("", []))
    )  # fmt: skip
    last = [
        known[-1] for r in series.values() if (known := [row for row in r if row.value is not None])
    ]
    return View(
        heading=request.text(indicator.title),
        indicator=indicator,
        chart=chart(request, selection, series, request.get("view")),
        sentences=summary,
        legend=legend(request, selection, series, request.get("view")),
        marks=[] if indicator.summary else marks.legend(request, last),
        synthetic=any(row.synthetic for row in rows),
        unit=label("unit", unit_of(indicator, rows), request.language),
        survey=request.label("survey", selection.survey),
        day=max((row.source_date for row in rows), default=""),
        full=request.absolute(request.link(f"/indicators/{indicator.id}", dict(request.query))),
    )
