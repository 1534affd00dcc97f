"""Occupations: found by words in any language, or by going down the groups of ISCO-08."""

from __future__ import annotations

from marsad.web.demand import ads_named
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/occupations"
TITLE = N_("Occupations")


def context(request: PageRequest) -> dict[str, object]:
    """The groups with their ads, and what answers the words."""
    asked = request.get("q")
    profiles = request.reader.profiles
    found = request.reader.finder.hits_by_kind(asked, 10)["occupations"] if asked else []
    told = ads_named(request, profiles.realm == "synthetic")
    groups = [
        (code, request.label("occupation", code), counted(request, n, told),
         [(c, request.label("occupation", c)) for c in profiles.occupations(code, 2)])
        for code, n in profiles.occupations("", 1).items()
    ]  # fmt: skip
    return {"asked": asked, "found": found, "groups": groups, "source": told,
            "synthetic": profiles.realm != "real"}  # fmt: skip
