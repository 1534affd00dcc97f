"""The register: by what right each source is read, and what came of the last reading."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.model import SourceState
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/sources"
TITLE = N_("Register of sources")
CACHEABLE = False  # a source that is suspended says so at once

_KINDS = {
    "observations": N_("Official statistics"),
    "ads": N_("Job ads"),
    "courses": N_("Training courses"),
}
_FREQUENCY = {
    "daily": N_("every day"),
    "weekly": N_("every week"),
    "monthly": N_("every month"),
    "quarterly": N_("every quarter"),
    "yearly": N_("every year"),
    "annual": N_("every year"),
    "decennial": N_("every ten years"),
    "once": N_("once"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    groups: list[tuple[str, list[object]]]
    frequency: dict[str, str]
    states: dict[str, SourceState]


def context(request: PageRequest) -> View:
    """The sources by kind."""
    groups: dict[str, list[object]] = {}
    for source in request.reader.sources():
        groups.setdefault(source.kind, []).append(source)
    return View(
        groups=[(request._(_KINDS.get(kind, kind)), rows) for kind, rows in groups.items()],
        frequency={code: request._(text) for code, text in _FREQUENCY.items()},
        states={row.id: row for row in request.desk.collection.states()},
    )
