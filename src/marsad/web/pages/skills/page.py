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
    query = request.get("q")
    profiles = request.reader.profiles
    origin = ads_named(request, profiles.realm == "synthetic")
    hits = request.reader.finder.hits_by_kind(query, 30)["skills"] if query else []
    rows = [
        (
            request.label("skill", code),
            request.link(f"/skills/{code}"),
            [counted(request, n, origin)],
        )
        for code, n in profiles.skills(MOST)
    ]
    return {"query": query, "hits": hits, "rows": rows, "source": origin,
            "synthetic": profiles.realm != "real"}  # fmt: skip
