"""Bulletins: one for the country and each region, in Arabic and French, made from the release."""

from __future__ import annotations

from marsad.web.bulletin import LANGUAGES, places
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/bulletins"
TITLE = N_("Bulletins")


def context(request: PageRequest) -> dict[str, object]:
    """The list, with the address of each file."""
    names = {"ar": "العربية", "fr": "Français"}
    return {
        "rows": [
            (
                request.label("area", code),
                [(language, names[language], f"/{language}/bulletins/{code}.pdf") for language in LANGUAGES],
                code,
            )
            for code in places()
        ]
    }  # fmt: skip
