"""Sectors of activity (sections of ISIC) with the ads that tell theirs."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.web.demand import ads_asked, ads_named
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/sectors"
TITLE = N_("Sectors")


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    rows: list[tuple[str, str, list[dict[str, str]]]]
    source: str
    synthetic: bool


def context(request: PageRequest) -> View:
    """The sections in the order of ISIC."""
    profiles = request.reader.profiles
    origin = ads_named(request, profiles.realm == "synthetic")
    rows = [
        (
            request.label("isic", code),
            request.link(f"/sectors/{code}"),
            [counted(request, n, origin, ads_asked(request, profiles.realm, {"sector": code}))],
        )
        for code, n in profiles.sectors().items()
    ]
    return View(rows=rows, source=origin, synthetic=profiles.realm != "real")
