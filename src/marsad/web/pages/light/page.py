"""The light version: a page of text under 10 KB, without style, letters, pictures or scripts."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.feeds.sms import written
from marsad.publish.read.model import AdPage
from marsad.publish.read.reader import AdQuery
from marsad.publish.read.search import shows_ads
from marsad.web.answers import Understood, understood
from marsad.web.locale import N_, TONGUES
from marsad.web.marks import legend
from marsad.web.request import PageRequest
from marsad.web.sentences import cell

PATH = "/light"
TITLE = N_("Light version")
HEADLINES = (
    "unemployment_rate",
    "activity_rate",
    "employment_rate",
    "unemployed_persons",
    "net_job_change",
)
ADS = 8


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    query: str
    reply: str
    figures: list[tuple[str, dict[str, str], str, str, str]]
    ads: AdPage | None
    marks: list[str]
    read: Understood | None


def context(request: PageRequest) -> View:
    """The answer to a few words with the first ads, or the headline figures."""
    query = request.get("q")
    newest = request.reader.profiles.newest(["MA"], HEADLINES)
    figures, rows = [], []
    for name in HEADLINES:
        row = newest.get((name, "ENE", "MA"))
        if row is not None:
            rows.append(row)
            indicator = request.reader.indicator(name)
            figures.append(
                (request.text(indicator.title), cell(request, indicator, row),
                 request.format.period(row.period), request.label("survey", row.survey),
                 request.format.date_text(row.source_date))
            )  # fmt: skip
    ads, read = None, None
    if query:
        answer = request.reader.answers.answer(query, 1)
        read = understood(request, answer.question, answer.widened)
        if shows_ads(answer.question):
            ads = request.reader.search_ads(AdQuery(query, size=ADS))
            read = understood(request, answer.question, ads.widened)
    return View(
        query=query,
        reply=written(request.reader, query, TONGUES[request.language].content) if query else "",
        figures=figures,
        ads=ads,
        marks=legend(request, rows),
        read=read,
    )
