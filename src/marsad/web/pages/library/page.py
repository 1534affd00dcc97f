"""The qualitative library: search among studies, employer surveys and interviews."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.base.errors import InputError
from marsad.base.refusals import refused
from marsad.publish.read.library import KINDS, Study
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.studies import KIND_NAMES

PATH = "/library"
TITLE = N_("Library")
FIGURES = True


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    query: str
    entries: list[Study]
    names: dict[str, str]
    kinds: list[tuple[str, list[tuple[str, str]]]]
    kind: str
    figures: list[tuple[str, list[tuple[str, str]]]]
    about: str


def context(request: PageRequest) -> View:
    """The entries that answer; InputError for a kind that does not exist."""
    kind, about = request.get("kind"), request.get("about")
    if kind and kind not in KINDS:
        raise InputError(refused("no_kind_of_study", code=kind, known=", ".join(KINDS)))
    if about:
        request.reader.indicator(about)
    library = request.reader.library
    figures = {f for entry in library.search() for f in entry.entry.explains}
    return View(
        query=request.get("q"),
        entries=library.search(request.get("q"), kind, about),
        names=KIND_NAMES,
        kinds=[("", [(k, request._(KIND_NAMES[k])) for k in KINDS])],
        kind=kind,
        figures=[
            ("", [(i.id, request.text(i.title)) for i in request.reader.indicators() if i.id in figures])
        ],
        about=about,
    )  # fmt: skip
