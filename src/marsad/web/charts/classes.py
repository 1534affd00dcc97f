"""Classes of a map: natural breaks on round bounds, the same for every year of a series.

Bounds minimise the squares within classes (Fisher 1958, Jenks 1977), found exactly by dynamic
programming over round numbers. Three rules come beside. No class is narrower than the least width,
which is what the values can tell apart. To part neighbours of one year that lie closer than that
costs the square of what they lack; to join neighbours that lie twice as far or more apart costs the
square of their gap. So 11.1 and 11.2 are not parted while 15.1 and 22.1 are joined.

An area far from all others makes no class of its own where that leaves the others in one: then it is
in the outermost class of the others. The darker a class, the larger the size of its values: those
below zero have a hue of their own (`d0` to `d4`), one on both sides of zero has none (`n0`).
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST = 5
_FAR = 2.0  # in least widths
_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Shade:
    """One class of values: from `low` to less than `high`; None where it has no end. `least` and
    `most` are the values in it that lie farthest apart, `tone` is its colour."""

    index: int
    low: float | None
    high: float | None
    least: float
    most: float
    tone: str


def round_step(width: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is at most `width`."""
    power = 10.0 ** math.floor(math.log10(width) + 1e-9)
    return next(power * m for m in (5, 2, 1) if power * m <= width * (1 + 1e-9))


def shades(years: Sequence[Sequence[float]], least: float, most: int = MOST) -> list[Shade]:
    """At most `most` classes at least `least` wide of the values of several years."""
    return [*_shades(tuple(map(tuple, years)), least, most)]


@lru_cache(maxsize=256)
def _shades(years: tuple[tuple[float, ...], ...], least: float, most: int) -> tuple[Shade, ...]:
    """`shades`, worked out once for a map in each language."""
    values = sorted(itertools.chain.from_iterable(years))
    if not values:
        return ()
    ends = [None, *_bounds(years, least, most), None]
    inside = [
        [v for v in values if (low is None or v >= low) and (high is None or v < high)]
        for low, high in itertools.pairwise(ends)
    ]
    tones = _tones(inside)
    return tuple(
        Shade(i, low, high, *((held[0], held[-1]) if held else (low or 0.0, high or 0.0)), tones[i])
        for i, ((low, high), held) in enumerate(zip(itertools.pairwise(ends), inside, strict=True))
    )


def shade_of(value: float, classes: Sequence[Shade]) -> int:
    """The class a value lies in."""
    return next((s.index for s in classes if s.high is None or value < s.high), 0)


def tone_of(value: float, classes: Sequence[Shade]) -> str:
    """The colour of a value; that of the first class where there is none."""
    return classes[shade_of(value, classes)].tone if classes else "c0"


def _bounds(years: Sequence[Sequence[float]], least: float, most: int) -> list[float]:
    """Where the classes meet."""
    values = sorted(itertools.chain.from_iterable(years))
    span = values[-1] - values[0] if values else 0.0
    if span <= 0 or span < least:
        return []
    width = max(least, span / _CANDIDATES)
    step = round_step(width)
    first, last = math.floor(values[0] / step) + 1, math.floor(values[-1] / step)
    candidates = [round(i * step, 10) for i in range(first, last + 1)]
    bounds = _Costs(values, years, width).best(candidates, most)
    others = _without_outlier(years, bounds) if width > least else []
    return (others and _bounds(others, least, most)) or bounds


def _without_outlier(
    years: Sequence[Sequence[float]], bounds: Sequence[float]
) -> list[list[float]]:
    """The values of the fullest class, where at most one area a year lies outside it; else none."""
    places = [[bisect_right(bounds, value) for value in year] for year in years]
    every = [*itertools.chain.from_iterable(places)]
    fullest = max(every, key=every.count)
    others = [
        [v for v, place in zip(year, at, strict=True) if place == fullest]
        for year, at in zip(years, places, strict=True)
    ]
    lost = [len(year) - len(rest) for year, rest in zip(years, others, strict=True)]
    return others if max(lost) == 1 and max(map(len, others)) > 1 else []


def _tones(inside: Sequence[Sequence[float]]) -> list[str]:
    """The colour of each class by the size of its values, which are in order."""
    signed = {
        i: sum(held) / len(held)
        for i, held in enumerate(inside)
        if held and (held[0] >= 0 or held[-1] <= 0)
    }
    by_size = sorted(signed, key=lambda i: (abs(signed[i]), i))
    return [
        f"{'d' if signed[i] < 0 else 'c'}{min(4, round(by_size.index(i) * 5 / len(by_size)))}"
        if i in signed
        else "n0"
        for i in range(len(inside))
    ]


class _Costs:
    """What a class and a bound cost, for values in order and the neighbours of each year."""

    def __init__(self, values: Sequence[float], years: Sequence[Sequence[float]], width: float):
        self.values, self.width = values, width
        self.sums = [0.0, *itertools.accumulate(values)]
        self.squares = [0.0, *itertools.accumulate(v * v for v in values)]
        self.pairs = [pair for year in years for pair in itertools.pairwise(sorted(year))]
        self.far = [(a, b) for a, b in self.pairs if b - a >= _FAR * width]

    def within(self, low: float, high: float) -> float:
        """The cost of the class from `low` to less than `high`."""
        i, j = bisect_left(self.values, low), bisect_left(self.values, high)
        mean = (self.sums[j] - self.sums[i]) / max(j - i, 1)
        squares = self.squares[j] - self.squares[i] - (j - i) * mean * mean
        far = sum((b - a) ** 2 for a, b in self.far if low <= a and b < high)
        return max(squares, 0.0) + far

    def parting(self, bound: float) -> float:
        """The cost of a bound: how far the neighbours that it parts are from being told apart."""
        short = (self.width - (b - a) for a, b in self.pairs if a < bound <= b)
        return sum(gap * gap for gap in short if gap > 0)

    def best(self, candidates: Sequence[float], most: int) -> list[float]:
        """The bounds of least cost, at most `most` - 1 of them."""
        ends = [*candidates, math.inf]
        price = [*map(self.parting, candidates), 0.0]
        best: list[tuple[float, list[float]]] = [
            (self.within(-math.inf, end) + cost, []) for end, cost in zip(ends, price)
        ]
        for _ in range(most - 1):
            longer = list(best)
            for j, end in enumerate(ends):
                for i, (cost, bounds) in enumerate(best[:j]):
                    whole = cost + self.within(ends[i], end) + price[j]
                    if end - ends[i] >= self.width and whole < longer[j][0] - 1e-9:
                        longer[j] = whole, [*bounds, ends[i]]
            best = longer
        return best[-1][1]
