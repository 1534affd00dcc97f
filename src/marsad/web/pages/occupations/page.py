"""Occupations: found by words in any language, or by going down the groups of ISCO-08."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.search import Hit
from marsad.web.demand import ads_asked, ads_named
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/occupations"
TITLE = N_("Occupations")


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    query: str
    hits: list[Hit]
    groups: list[tuple[str, str, dict[str, str], list[tuple[str, str]]]]
    source: str
    synthetic: bool


def context(request: PageRequest) -> View:
    """The groups with their ads, and what answers the words."""
    query = request.get("q")
    profiles = request.reader.profiles
    hits = request.reader.finder.hits("occupations", query, 10) if query else []
    origin = ads_named(request, profiles.realm == "synthetic")
    groups = [
        (code, request.label("occupation", code), counted(request, n, origin, ads_asked(request, profiles.realm, {"occupation": code})),
         [(c, request.label("occupation", c)) for c in profiles.occupations(code, 2)])
        for code, n in profiles.occupations("", 1).items()
    ]  # fmt: skip
    return View(query=query, hits=hits, groups=groups, source=origin,
            synthetic=profiles.realm != "real")  # fmt: skip
