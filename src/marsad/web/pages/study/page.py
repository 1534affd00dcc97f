"""One entry of the library: what was asked, how, what people said, and the figures beside it."""

from __future__ import annotations

from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import cell
from marsad.web.studies import KIND_NAMES

PATH = "/library/{study}"
TITLE = N_("Study")


def context(request: PageRequest) -> dict[str, object]:
    """The entry; NotFoundError for one that does not exist."""
    found = request.reader.library.study(request.path["study"])
    return {
        "heading": request.text(found.title),
        "one": found.entry,
        "kind": request._(KIND_NAMES[found.entry.kind]),
        "languages_of": [request.label("language", code) for code in found.entry.languages],
        "figures": [_figure(request, name) for name in found.entry.explains],
    }


def _figure(request: PageRequest, name: str) -> dict[str, object]:
    """The newest yearly figure of an indicator for the country, of its first survey that has one."""
    indicator = request.reader.indicator(name)
    held = request.reader.profiles.newest(["MA"], [name])
    keys = [(name, survey, "MA") for survey in indicator.surveys]
    newest = next((held[key] for key in keys if key in held), None)
    return {
        "title": request.text(indicator.title),
        "link": request.link(f"/indicators/{name}"),
        "cell": cell(request, indicator, newest),
        "period": request.format.period(newest.period) if newest else "",
        "survey": request.label("survey", newest.survey) if newest else "",
        "synthetic": bool(newest and newest.synthetic),
    }
