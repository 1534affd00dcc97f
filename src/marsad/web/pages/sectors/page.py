"""Sectors of activity (sections of ISIC) with the ads that tell theirs."""

from __future__ import annotations

from marsad.web.demand import ads_named
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/sectors"
TITLE = N_("Sectors")


def context(request: PageRequest) -> dict[str, object]:
    """The sections in the order of ISIC."""
    profiles = request.reader.profiles
    origin = ads_named(request, profiles.realm == "synthetic")
    rows = [
        (
            request.label("isic", code),
            request.link(f"/sectors/{code}"),
            [counted(request, n, origin)],
        )
        for code, n in profiles.sectors().items()
    ]
    return {"rows": rows, "source": origin, "synthetic": profiles.realm != "real"}
