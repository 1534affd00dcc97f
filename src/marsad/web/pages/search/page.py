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
    asked = request.get("q")
    if not asked:
        return {"asked": "", "groups": [], "ads": None, "meaning": None}
    found = request.reader.finder.hits_by_kind(asked, SIZE)
    groups = [(kind, request._(name), found[kind]) for kind, name in KINDS.items() if found[kind]]
    ads = request.reader.search_ads(AdQuery(asked, size=ADS))
    return {
        "asked": asked,
        "groups": groups,
        "ads": ads,
        "studies": request.reader.library.search(asked)[:SIZE],
        "meaning": request.reader.finder.meaning(asked),
        "count": sum(len(hits) for _, _, hits in groups),
    }
