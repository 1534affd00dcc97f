"""Bulletins: one for the country and each region, in Arabic and French, of the release and of quarters."""

from __future__ import annotations

from marsad.backoffice.ports import NOBODY
from marsad.web.bulletins.content import LANGUAGES, places
from marsad.web.locale import N_, TONGUES
from marsad.web.request import PageRequest

PATH = "/bulletins"
TITLE = N_("Bulletins")


def context(request: PageRequest) -> dict[str, object]:
    """The lists, with the address of each file."""
    editions = [] if request.desk is NOBODY else request.desk.editions.all()
    return {
        "rows": [(request.label("area", code), _files(code), code) for code in places()],
        "editions": [
            (request.format.period(edition),
             [(request.label("area", code), _files(f"{code}-{edition}")) for code in places()])
            for edition in editions
        ],
    }  # fmt: skip


def _files(name: str) -> list[tuple[str, str, str]]:
    """(language, its name, address) of each file of a bulletin."""
    return [(la, TONGUES[la].name, f"/{la}/bulletins/{name}.pdf") for la in LANGUAGES]
