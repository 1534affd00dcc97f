"""Small multiples (Tufte 1990): one small chart for each series, all on the same scales."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from marsad.web.charts.line import Line, Point
from marsad.web.charts.svg import Part, el, join, picture

WIDTH, HEIGHT, TOP, EDGE = 220, 110, 28, 8


def small_multiples(key: str, title: str, description: str, lines: Sequence[Line]) -> Markup:
    """The charts in a grid; each names its series, its last value, and where it began and ended."""
    every = [p for line in lines for p in line.points]
    low, high = min(0.0, *(p.value for p in every)), max(p.value for p in every)
    ends = min(every, key=lambda p: p.at), max(every, key=lambda p: p.at)
    span, rise = (ends[1].at - ends[0].at) or 1.0, (high - low) or 1.0

    def place(p: Point) -> str:
        x = EDGE + (p.at - ends[0].at) / span * (WIDTH - 2 * EDGE)
        y = HEIGHT - 18 - (p.value - low) / rise * (HEIGHT - 18 - TOP)
        return f"{x:.1f} {y:.1f}"

    drawn = [
        picture(
            f"{key}-{i}", "multiple", WIDTH, HEIGHT, f"{title}, {line.name}",
            f"{line.points[0].when} {line.points[0].text} – {line.points[-1].when} {line.points[-1].text}",
            _panel(line, place, ends),
        )
        for i, line in enumerate(lines)
    ]  # fmt: skip
    names = [
        el("figure", el("figcaption", line.name, " ", el("b", line.points[-1].text)), svg)
        for line, svg in zip(lines, drawn, strict=True)
    ]
    return el("div", join(names), class_="chart multiples", role="group", aria_label=description)


def _panel(line: Line, at: Callable[[Point], str], span: tuple[Point, Point]) -> Markup:
    """One chart; under it the first and last day of the scale that all of them share."""
    parts: list[Part] = [el("path", d=f"M{EDGE} {HEIGHT - 18}H{WIDTH - EDGE}", class_="grid zero")]
    runs: dict[int, list[str]] = {}
    for p in line.points:
        runs.setdefault(p.part, []).append(at(p))
    parts += [el("path", d="M" + "L".join(run), class_="line") for run in runs.values()]
    x, y = at(line.points[-1]).split()
    parts.append(el("circle", cx=x, cy=y, r=3, class_="dot"))
    ends = (*span,) if span[0].at < span[1].at else span[:1]
    sides = ((EDGE, "start"), (WIDTH - EDGE, "end"))
    parts += [
        el("text", p.when, x=x, y=HEIGHT - 4, text_anchor=a) for p, (x, a) in zip(ends, sides)
    ]
    return el("g", *parts, class_="s0")
