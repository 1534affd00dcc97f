"""Areas coloured by class. Classes are told in words beside the map; each area links to its figures.

Outlines: © OpenStreetMap contributors (ODbL); names and codes: HCP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.web.charts.classes import Shade, tone_of
from marsad.web.charts.svg import Part, el
from marsad.web.static import outlines

LAYERS = {"region": "regions", "province": "provinces"}
_STEP = re.compile(r"([Mlz])|(-?\d+) ?(-?\d+)")


@dataclass(frozen=True, slots=True)
class MapArea:
    """An area to draw: its words and link. `value` None is shown hatched; `pattern` lies over the
    colour: "group" for a figure that is that of several areas together, told by `group`."""

    code: str
    text: str
    link: str
    value: float | None
    pattern: str = ""
    group: str = ""


def outlined(level: str) -> frozenset[str]:
    """The areas of a level that have an outline: districts of Casablanca have none of their own."""
    return frozenset(outlines()[LAYERS[level]])


def bounds(paths: Iterable[str]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of outlines as they are built: `M x y l dx dy ... z`."""
    xs, ys = [], []
    for path in paths:
        x = y = 0
        absolute = True
        for letter, first, second in _STEP.findall(path):
            if letter:
                absolute = letter == "M"
                continue
            x, y = (int(first), int(second)) if absolute else (x + int(first), y + int(second))
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def choropleth(
    level: str,
    areas: Mapping[str, MapArea],
    classes: Sequence[Shade],
    title: str,
    only: bool = False,
) -> Markup:
    """The map of one level, or of the given `areas` only. Areas are links; at province level only
    the table is a tab stop."""
    drawn = outlines()
    name = "parts" if only and level == "province" else LAYERS[level]
    layer: Mapping[str, tuple[str, int, int]] = drawn[name]
    if only:
        layer = {code: outline for code, outline in layer.items() if code in areas}
    parts: list[Part] = [el("title", title), _patterns(level)]
    for code, (path, _x, _y) in layer.items():
        area = areas.get(code)
        if area is None:
            parts.append(el("path", d=path, fill=f"url(#hatch-{level})"))
            continue
        fill = None if area.value is not None else f"url(#hatch-{level})"
        shade = None if area.value is None else tone_of(area.value, classes)
        shape = el("path", el("title", area.text), d=path, class_=shade, fill=fill)
        over = ""
        if area.pattern:
            over = el("path", d=path, fill=f"url(#{area.pattern}-{level})", class_="over")
        stop = "-1" if level == "province" else None
        parts.append(el("a", shape, over, href=area.link, aria_label=area.text, tabindex=stop))
    if level == "province" and not only:
        borders = (path for path, _x, _y in drawn["regions"].values())
        parts.append(el("path", d="".join(borders), class_="border"))
    left, top, right, bottom = 0, 0, drawn["width"], drawn["height"]
    if only and layer:
        left, top, right, bottom = bounds(path for path, _x, _y in layer.values())
    svg = el("svg", *parts, class_="map", role="group", aria_label=title,
             viewBox=f"{left - 2} {top - 2} {right - left + 4} {bottom - top + 4}")  # fmt: skip
    return el("div", svg, class_="chart")


def _patterns(level: str) -> Markup:
    """What stands for no figure (hatched), and what lies over the colour of a group (dotted)."""
    line = el("path", d="M0 6L6 0", class_="hatch")
    back = el("rect", width=6, height=6, class_="hatch-back")
    hatch = el("pattern", back, line, id=f"hatch-{level}", width=6, height=6,
               patternUnits="userSpaceOnUse")  # fmt: skip
    dot = el("circle", cx=4, cy=4, r=1.4, class_="group-dot")
    group = el("pattern", dot, id=f"group-{level}", width=8, height=8,
               patternUnits="userSpaceOnUse")  # fmt: skip
    return el("defs", hatch, group)


def _swatch(*parts: Part) -> Markup:
    return el("svg", *parts, class_="swatch", width=22, height=14, aria_hidden="true")


def swatch(tone: str) -> Markup:
    """The colour of a class for the legend beside the map."""
    return _swatch(el("rect", width=22, height=14, class_=tone))


def pattern_swatch(pattern: str, level: str, tone: str = "") -> Markup:
    """A pattern of the map of a level for the legend: "hatch", or "group" over the colour of its
    class."""
    colour = el("rect", width=22, height=14, class_=tone) if tone else ""
    return _swatch(colour, el("rect", width=22, height=14, fill=f"url(#{pattern}-{level})"))
