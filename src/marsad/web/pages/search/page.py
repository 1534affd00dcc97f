"""One search box over everything: what answers the words, by kind, whatever their language."""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.publish.read.library import Study
from marsad.publish.read.reader import AdPage, AdQuery
from marsad.publish.read.search import Hit, Meaning
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
    meaning: Meaning | None = None
    studies: list[Study] = field(default_factory=list)
    count: int = 0


def context(request: PageRequest) -> View:
    """The best few of every kind, and the first ads; nothing without words."""
    query = request.get("q")
    if not query:
        return View("")
    hits_by_kind = request.reader.finder.hits_by_kind(query, SIZE)
    groups = [
        (kind, request._(name), hits_by_kind[kind])
        for kind, name in KINDS.items()
        if hits_by_kind[kind]
    ]
    ads = request.reader.search_ads(AdQuery(query, size=ADS))
    return View(
        query,
        groups,
        ads,
        request.reader.finder.meaning(query),
        request.reader.library.search(query)[:SIZE],
        sum(len(hits) for _, _, hits in groups),
    )
