"""Skills: those that most ads ask for, and any of them by its words."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.search import Hit
from marsad.web.demand import ads_asked, ads_named
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/skills"
TITLE = N_("Skills")
MOST = 60


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    query: str
    hits: list[Hit]
    rows: list[tuple[str, str, list[dict[str, str]]]]
    source: str
    synthetic: bool


def context(request: PageRequest) -> View:
    """The list, or what answers the words."""
    query = request.get("q")
    profiles = request.reader.profiles
    origin = ads_named(request, profiles.realm == "synthetic")
    hits = request.reader.finder.hits("skills", query, 30) if query else []
    rows = [
        (
            request.label("skill", code),
            request.link(f"/skills/{code}"),
            [counted(request, n, origin, ads_asked(request, profiles.realm, {"skill": code}))],
        )
        for code, n in profiles.skills(MOST)
    ]
    return View(query=query, hits=hits, rows=rows, source=origin,
            synthetic=profiles.realm != "real")  # fmt: skip
