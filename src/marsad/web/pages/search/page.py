"""One search box over everything: what answers the words, by kind, whatever their language."""

from __future__ import annotations

from marsad.publish.read.reader import AdQuery
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


def context(request: PageRequest) -> dict[str, object]:
    """The best few of every kind, and the first ads; nothing without words."""
    query = request.get("q")
    if not query:
        return {"query": "", "groups": [], "ads": None, "meaning": None}
    hits_by_kind = request.reader.finder.hits_by_kind(query, SIZE)
    groups = [
        (kind, request._(name), hits_by_kind[kind])
        for kind, name in KINDS.items()
        if hits_by_kind[kind]
    ]
    ads = request.reader.search_ads(AdQuery(query, size=ADS))
    return {
        "query": query,
        "groups": groups,
        "ads": ads,
        "studies": request.reader.library.search(query)[:SIZE],
        "meaning": request.reader.finder.meaning(query),
        "count": sum(len(hits) for _, _, hits in groups),
    }
