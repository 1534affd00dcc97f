"""Time series as lines: time runs left to right, the value axis stands where reading begins.

A line is cut at a series break and where a period is missing: what is not comparable is not joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.web.charts.scale import decimals_of, every, value_ticks
from marsad.web.charts.svg import Part, both, el, join, picture

SHAPES = (
    "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
    "M-3-3H3V3H-3z",
    "M-4 3L0-4L4 3z",
    "M0-4.5L4.5 0L0 4.5L-4.5 0z",
    "M-4-3L0 4L4-3z",
    "M-4-1H4V1H-4z",
)
"""The marker of each series, around 0 0."""


LETTER = 8.5
"""About the width of a letter of an end label, in units of the drawing."""


def _room(text: str) -> float:
    """About how wide a text is drawn; marks of direction take no room."""
    return LETTER * len(text.replace("\u200e", "").replace("\u200f", ""))


def legend_mark(index: int) -> Markup:
    """A short piece of a series' line with its marker, for the legend above the chart."""
    line = el("path", d="M0 7H30", class_="line")
    dot = el("path", d=SHAPES[index % 6], class_="dot", transform="translate(15 7)")
    return el("svg", el("g", line, dot, class_=f"s{index % 6}"), class_="swatch", width=30,
              height=14, aria_hidden="true")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """One value at a time, in years, with both in words; `part` counts up at breaks and gaps."""

    at: float
    value: float
    when: str
    text: str
    part: int = 0
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One series with the name its legend shows."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A series break: where, and the few words beside it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """What is drawn; `tick` writes a value with so many decimals, `rtl` puts its axis right."""

    key: str
    title: str
    description: str
    lines: Sequence[Line]
    marks: Sequence[Mark]
    tick: Callable[[float, int], str]
    rtl: bool = False

    def draw(self) -> Markup:
        """Both forms of the chart."""
        return both(
            _Frame(self, f"{self.key}-w", "wide", 900, 380).draw(),
            _Frame(self, f"{self.key}-n", "narrow", 340, 290).draw(),
        )

    def alone(self) -> Markup:
        """The wide form by itself, for a picture in a document."""
        return _Frame(self, f"{self.key}-w", "wide", 900, 380).draw()


class _Frame:
    """One form of the chart: its sizes and scales."""

    def __init__(self, chart: LineChart, key: str, kind: str, width: int, height: int) -> None:
        self.chart, self.key, self.kind = chart, key, kind
        self.width, self.height = width, height
        points = [p for line in chart.lines for p in line.points]
        bounds = [b for p in points for b in (p.value, p.lower, p.upper) if b is not None]
        self.ticks = value_ticks(bounds)
        self.first, self.last = min(p.at for p in points), max(p.at for p in points)
        axis = 12 + 9 * max(len(t) for t in self._tick_texts())
        longest = max(_room(line.points[-1].text) for line in chart.lines)
        ends = round(max(54.0, 13 + min(longest, 0.34 * width)))
        self.edge = width - axis if chart.rtl else width - 4
        self.left, self.right = (20, self.edge - ends + 10) if chart.rtl else (axis, width - ends)
        self.top, self.bottom = 34, height - 30

    def _tick_texts(self) -> list[str]:
        return [self.chart.tick(t, decimals_of(self.ticks)) for t in self.ticks]

    def x(self, at: float) -> float:
        span = (self.last - self.first) or 1.0
        middle = self.last == self.first
        share = 0.5 if middle else (at - self.first) / span
        return self.left + 10 + share * (self.right - self.left - 20)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def draw(self) -> Markup:
        chart = self.chart
        return picture(
            self.key, self.kind, self.width, self.height, chart.title, chart.description,
            self._grid(), self._times(), self._marks(),
            join(self._line(i, line) for i, line in enumerate(chart.lines)), self._ends(),
        )  # fmt: skip

    def _grid(self) -> Markup:
        parts: list[Part] = []
        for tick, text in zip(self.ticks, self._tick_texts(), strict=True):
            y, zero = self.y(tick), " zero" if tick == 0 else ""
            parts.append(el("path", d=f"M{self.left} {y:.1f}H{self.right}", class_="grid" + zero))
            x, anchor = (self.width - 4, "end") if self.chart.rtl else (self.left - 8, "end")
            parts.append(el("text", text, x=x, y=y + 4, text_anchor=anchor))
        return join(parts)

    def _times(self) -> Markup:
        """The time axis: years, or the periods themselves where they span less than two."""
        if 0 < self.last - self.first < 2 and self.first % 1:
            return self._periods()
        return self._years()

    def _periods(self) -> Markup:
        named = {p.at: p.when for line in self.chart.lines for p in line.points}
        step = every(len(named), 6 if self.kind == "wide" else 2)
        shown = sorted(named)[::-1][::step]
        return join(
            # half of a month's name is as wide as 46 units: the first is moved in from the edge
            el("text", named[at], x=max(46, self.x(at)), y=self.bottom + 20, text_anchor="middle")
            for at in shown
        )

    def _years(self) -> Markup:
        years = list(range(int(self.first), int(self.last) + 1))
        step = every(len(years), 12 if self.kind == "wide" else 5)
        shown = [
            year for year in years if (years[-1] - year) % step == 0 and year >= self.first - 0.2
        ]
        return join(
            el("text", str(year), x=self.x(max(year, self.first)), y=self.bottom + 20,
               text_anchor="middle")
            for year in shown
        )  # fmt: skip

    def _marks(self) -> Markup:
        parts: list[Part] = []
        for row, mark in enumerate(m for m in self.chart.marks if self.first < m.at <= self.last):
            x = self.x(mark.at)
            late = x > (self.left + self.right) / 2
            room = _room(mark.text)
            beside = max(x - 6, room + 2) if late else min(x + 6, self.width - room - 2)
            parts.append(el("path", d=f"M{x:.1f} {self.top - 14}V{self.bottom}", class_="break"))
            parts.append(
                el("text", mark.text, x=beside, y=self.top - 18 + 15 * (row % 2),
                   text_anchor="end" if late else "start", class_="break-text")
            )  # fmt: skip
        return join(parts)

    def _line(self, index: int, line: Line) -> Markup:
        parts: list[Part] = [self._band(line)]
        steps, before = [], None
        for p in line.points:
            steps.append(
                f"{'L' if p.part == before else 'M'}{self.x(p.at):.1f} {self.y(p.value):.1f}"
            )
            before = p.part
        parts.append(el("path", d="".join(steps), class_="line"))
        sparse = (len(line.points) <= 40 and self.kind == "wide") or len(line.points) <= 16
        dots = line.points if sparse else line.points[-1:]
        parts.extend(self._dot(index, p, line.name) for p in dots)
        return el("g", *parts, class_=f"s{index % 6}")

    def _dot(self, index: int, p: Point, name: str) -> Markup:
        x, y = self.x(p.at), self.y(p.value)
        return el("path", el("title", f"{name}, {p.when}: {p.text}"), d=SHAPES[index % 6], class_="dot",
                  transform=f"translate({x:.1f} {y:.1f})")  # fmt: skip

    def _band(self, line: Line) -> Markup:
        with_bounds = [p for p in line.points if p.lower is not None and p.upper is not None]
        parts: list[Part] = []
        for part in sorted({p.part for p in with_bounds}):
            run = [p for p in with_bounds if p.part == part]
            upper = [f"{self.x(p.at):.1f} {self.y(p.upper or 0):.1f}" for p in run]
            lower = [f"{self.x(p.at):.1f} {self.y(p.lower or 0):.1f}" for p in reversed(run)]
            parts.append(el("path", d=f"M{'L'.join(upper + lower)}Z", class_="band"))
        return join(parts)

    def _ends(self) -> Markup:
        """The last value of each series, moved apart where they would touch."""
        ends = sorted(
            (self.y(line.points[-1].value), self.x(line.points[-1].at), i, line.points[-1])
            for i, line in enumerate(self.chart.lines)
        )
        parts: list[Part] = []
        above = -100.0
        for y, x, index, point in ends:
            above = max(y + 4, above + 15)
            start = min(x + 9, self.edge - _room(point.text))
            parts.append(el("text", point.text, x=start, y=above, class_=f"end e{index % 6}"))
        return join(parts)
