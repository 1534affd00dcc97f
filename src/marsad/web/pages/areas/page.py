"""Places: the map of regions, the list of regions, and any commune by its name."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.base.areas import at_level, children
from marsad.publish.read.search import Hit
from marsad.web.area_map import AreaMap, area_map
from marsad.web.locale import N_
from marsad.web.marks import legend
from marsad.web.request import PageRequest
from marsad.web.selection import select

PATH = "/areas"
TITLE = N_("Places")
FIGURES = True
SHOWN = "unemployment_rate"


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    query: str
    hits: list[Hit]
    map: AreaMap | None
    rows: list[tuple[str, str, list[dict[str, str]]]]
    marks: list[str]
    regions: list[tuple[str, str, list[tuple[str, str]]]]
    survey: str
    title_of: str
    unit: str


def context(request: PageRequest) -> View:
    """The map and the list, and the places that answer the words."""
    query = request.get("q")
    hits = request.reader.finder.hits("areas", query, 30) if query else []
    indicator = request.reader.indicator(SHOWN)
    selection = select(request.reader, indicator, {"survey": "RGPH2024"})
    drawn = area_map(request, selection, "region", lambda code: request.link(f"/areas/{code}"))
    rows = drawn.rows if drawn else []
    return View(
        query=query,
        hits=hits,
        map=drawn,
        rows=rows,
        marks=legend(request, drawn.values) if drawn else [],
        regions=[(a.code, a.label(request.language), [(c.code, c.label(request.language)) for c in children(a.code)])
                    for a in at_level("region")],
        survey=request.label("survey", "RGPH2024"),
        title_of=request.text(indicator.title),
        unit=request.label("unit", indicator.unit),
    )  # fmt: skip
