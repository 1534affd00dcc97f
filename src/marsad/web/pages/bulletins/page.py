"""Bulletins: one for the country and each region, in Arabic and French, of the release and of quarters."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.backoffice.ports import NOBODY
from marsad.base.settings import site_path
from marsad.web.bulletins.content import LANGUAGES, places
from marsad.web.locale import N_, TONGUES
from marsad.web.request import PageRequest

PATH = "/bulletins"
TITLE = N_("Bulletins")
CACHEABLE = False
"""An edition is written without a release."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    rows: list[tuple[str, list[tuple[str, str, str]], str]]
    editions: list[tuple[str, list[tuple[str, list[tuple[str, str, str]]]]]]


def context(request: PageRequest) -> View:
    """The lists, with the address of each file."""
    editions = [] if request.desk is NOBODY else request.desk.editions.all()
    return View(
        rows=[(request.label("area", code), _files(code), code) for code in places()],
        editions=[
            (request.format.period(edition),
             [(request.label("area", code), _files(f"{code}-{edition}")) for code in places()])
            for edition in editions
        ],
    )  # fmt: skip


def _files(name: str) -> list[tuple[str, str, str]]:
    """(language, its name, address) of each file of a bulletin."""
    return [(la, TONGUES[la].name, site_path(f"/{la}/bulletins/{name}.pdf")) for la in LANGUAGES]
