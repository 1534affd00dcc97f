"""A trend at a glance: one line without axes, cut at breaks, its last value marked.

Beside the figure it belongs to, whose words tell it all: it is decoration for a screen reader.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from marsad.web.charts.line import Point
from marsad.web.charts.svg import el, join

WIDTH, HEIGHT, _EDGE = 220, 44, 5


def spark(points: Sequence[Point]) -> Markup:
    """The line of at least two points; an empty text for fewer."""
    if len(points) < 2:
        return Markup("")
    ats, values = [p.at for p in points], [p.value for p in points]
    span, rise = (ats[-1] - ats[0]) or 1.0, (max(values) - min(values)) or 1.0

    def place(point: Point) -> tuple[float, float]:
        x = _EDGE + (point.at - ats[0]) / span * (WIDTH - 2 * _EDGE)
        y = HEIGHT - _EDGE - (point.value - min(values)) / rise * (HEIGHT - 2 * _EDGE)
        return x, y

    parts: dict[int, list[str]] = {}
    for point in points:
        x, y = place(point)
        parts.setdefault(point.part, []).append(f"{x:.1f} {y:.1f}")
    lines = [el("path", d="M" + "L".join(part), class_="line") for part in parts.values()]
    x, y = place(points[-1])
    dot = el("circle", cx=x, cy=y, r=3.5, class_="dot")
    return el("svg", el("g", join(lines), dot, class_="s0"), class_="spark", aria_hidden="true",
              viewBox=f"0 0 {WIDTH} {HEIGHT}", width=WIDTH, height=HEIGHT)  # fmt: skip
