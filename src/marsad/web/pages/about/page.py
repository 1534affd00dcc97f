"""Who makes Marsad, under which licence, and whose work it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/about"
TITLE = N_("About Marsad")
FIGURES = True


@dataclass(frozen=True, slots=True)
class View:
    """Nothing beyond the text."""


def context(request: PageRequest) -> View:
    """Nothing beyond the text."""
    return View()
