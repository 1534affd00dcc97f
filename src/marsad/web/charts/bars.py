"""Categories compared at one period: bars from zero, each with its name and value in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.web.charts.svg import Part, both, el, picture


@dataclass(frozen=True, slots=True)
class Bar:
    """One category: its name, its value, how the value is written, and its 95 % bounds if known."""

    name: str
    value: float
    text: str
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """What is drawn; `rtl` lets the bars grow from right to left."""

    key: str
    title: str
    description: str
    bars: Sequence[Bar]
    rtl: bool = False

    def draw(self) -> Markup:
        """Both forms of the chart."""
        return both(self._draw("wide", 900), self._draw("narrow", 340))

    def _draw(self, kind: str, width: int) -> Markup:
        low = min(0.0, *(b.lower if b.lower is not None else b.value for b in self.bars))
        high = max(0.0, *(b.upper if b.upper is not None else b.value for b in self.bars)) or 1.0
        room = width - 84

        def x(value: float) -> float:
            along = (value - low) / (high - low) * room
            return width - along if self.rtl else along

        parts: list[Part] = []
        for row, bar in enumerate(self.bars):
            parts.extend(self._bar(bar, 42 * row, x, width))
        zero = el("path", d=f"M{x(0):.1f} 0V{42 * len(self.bars)}", class_="grid zero")
        height = 42 * len(self.bars) + 2
        key = f"{self.key}-{kind[0]}"
        return picture(key, kind, width, height, self.title, self.description, *parts, zero)

    def _bar(self, bar: Bar, y: int, x: Callable[[float], float], width: int) -> list[Part]:
        start, end = x(0.0), x(bar.value)
        near, far = min(start, end), max(start, end)
        side = -1 if self.rtl else 1
        shown = x(max(bar.value, 0.0, bar.upper or 0.0)) + 7 * side
        name_at, anchor = (width - 2, "end") if self.rtl else (2, "start")
        parts: list[Part] = [
            el(
                "text",
                _short(bar.name, width // 8),
                x=name_at,
                y=y + 14,
                text_anchor=anchor,
                class_="name",
            ),
            el("rect", x=near, y=y + 20, width=max(far - near, 1.0), height=14, class_="bar"),
            el("text", bar.text, x=shown, y=y + 32, text_anchor=anchor, class_="value"),
        ]
        if bar.lower is not None and bar.upper is not None:
            d = f"M{x(bar.lower):.1f} {y + 27}H{x(bar.upper):.1f}"
            parts.append(el("path", d=d, class_="whisker"))
        return parts


def _short(name: str, most: int) -> str:
    """A name that fits its chart; the table beside it has it in full."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
