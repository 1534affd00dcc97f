"""One entry of the library: what was asked, how, what people said, and the figures beside it."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.library import Entry
from marsad.web.locale import N_
from marsad.web.localisation import Site
from marsad.web.request import PageRequest
from marsad.web.sentences import cell
from marsad.web.studies import KIND_NAMES

PATH = "/library/{study}"
TITLE = N_("Study")
FIGURES = True


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    entry: Entry
    kind: str
    languages_of: list[str]
    figures: list[dict[str, object]]


def context(request: PageRequest) -> View:
    """The entry; NotFoundError for one that does not exist."""
    study = request.reader.library.study(request.path["study"])
    return View(
        heading=request.text(study.title),
        entry=study.entry,
        kind=request._(KIND_NAMES[study.entry.kind]),
        languages_of=[request.label("language", code) for code in study.entry.languages],
        figures=[_figure(request, name) for name in study.entry.explains],
    )


def _figure(site: Site, name: str) -> dict[str, object]:
    """The newest yearly figure of an indicator for the country, of its first survey that has one."""
    indicator = site.reader.indicator(name)
    values = site.reader.profiles.newest(["MA"], [name])
    keys = [(name, survey, "MA") for survey in indicator.surveys]
    newest = next((values[key] for key in keys if key in values), None)
    return {
        "title": site.text(indicator.title),
        "link": site.link(f"/indicators/{name}"),
        "cell": cell(site, indicator, newest),
        "period": site.format.period(newest.period) if newest else "",
        "survey": site.label("survey", newest.survey) if newest else "",
        "synthetic": bool(newest and newest.synthetic),
    }
