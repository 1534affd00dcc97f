"""Skills: those that most ads ask for, and any of them by its words."""

from __future__ import annotations

from marsad.web.demand import ads_named
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/skills"
TITLE = N_("Skills")
MOST = 60


def context(request: PageRequest) -> dict[str, object]:
    """The list, or what answers the words."""
    asked = request.get("q")
    profiles = request.reader.profiles
    told = ads_named(request, profiles.realm == "synthetic")
    found = request.reader.finder.hits_by_kind(asked, 30)["skills"] if asked else []
    rows = [
        (request.label("skill", code), request.link(f"/skills/{code}"), [counted(request, n, told)])
        for code, n in profiles.skills(MOST)
    ]
    return {"asked": asked, "found": found, "rows": rows, "source": told,
            "synthetic": profiles.realm != "real"}  # fmt: skip
