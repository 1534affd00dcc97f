"""One search box over everything: what answers the words, by kind, whatever their language."""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.publish.read.library import Study
from marsad.publish.read.reader import AdPage, AdQuery
from marsad.publish.read.search import Hit, shows_ads
from marsad.web.answers import ShownAnswer, notes_of, shown
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/search"
TITLE = N_("Search")
KINDS = {
    "occupations": N_("Occupations"),
    "areas": N_("Places"),
    "indicators": N_("Figures"),
    "skills": N_("Skills"),
    "trainings": N_("Trainings"),
}
SIZE, ADS = 6, 5


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    query: str
    groups: list[tuple[str, str, list[Hit]]] = field(default_factory=list)
    ads: AdPage | None = None
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answer: ShownAnswer | None = None
    studies: list[Study] = field(default_factory=list)
    count: int = 0
    nothing: str = ""


def _nothing(request: PageRequest, kind: str, trainings: bool, ads: AdPage | None) -> str:
    """That what was asked for is not there, whatever else is listed."""
    if kind == "trainings" and not trainings:
        return request._("No training answers this search.")
    return (
        request._("No ad answers this search.") if kind == "ads" and not (ads and ads.total) else ""
    )


def context(request: PageRequest) -> View:
    """The answer, and the best few of every kind that answers; nothing without words."""
    query = request.get("q")
    if not query:
        return View("")
    answer = request.reader.answers.answer(query, SIZE)
    groups = [
        (kind, request._(name), answer.hits[kind])
        for kind, name in KINDS.items()
        if answer.hits[kind]
    ]
    ads = None
    if shows_ads(answer.question):
        ads = request.reader.search_ads(AdQuery(query, size=ADS))
    studies = request.reader.library.search(query)[:SIZE]
    return View(
        query,
        groups,
        ads,
        {
            "trainings": notes_of(request, answer.trainings.widened if answer.trainings else ()),
            "ads": notes_of(request, ads.widened if ads else ()),
        },
        shown(request, answer),
        studies,
        sum(len(hits) for _, _, hits in groups) + len(answer.figures) + len(answer.nearest),
        _nothing(request, answer.question.kind, bool(answer.hits["trainings"]), ads),
    )
