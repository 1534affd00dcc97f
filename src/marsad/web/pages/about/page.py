"""Who makes Marsad, under which licence, and whose work it rests on."""

from __future__ import annotations

from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/about"
TITLE = N_("About Marsad")


def context(request: PageRequest) -> dict[str, object]:
    """Nothing beyond the text."""
    return {}
