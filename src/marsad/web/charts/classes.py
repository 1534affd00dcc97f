"""Classes of a map: natural breaks on round bounds, the same for every year of a series.

Bounds minimise the squares within classes (Fisher 1958, Jenks 1977), found exactly by dynamic
programming over round numbers. Three rules come beside. No class is narrower than the least width,
which is what the values can tell apart. To part neighbours of one year that lie closer than that
costs the square of what they lack; to join neighbours that lie twice as far or more apart costs the
square of their gap. So 11.1 and 11.2 are not parted while 15.1 and 22.1 are joined.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 5
_FAR = 2.0  # in least widths
_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Shade:
    """One class of values: from `low` to less than `high`; None where it has no end."""

    index: int
    low: float | None
    high: float | None


def round_step(width: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is at most `width`."""
    power = 10.0 ** math.floor(math.log10(width) + 1e-9)
    return next(power * m for m in (5, 2, 1) if power * m <= width * (1 + 1e-9))


def shades(years: Sequence[Sequence[float]], least: float, most: int = MOST) -> list[Shade]:
    """At most `most` classes at least `least` wide of the values of several years."""
    values = sorted(itertools.chain.from_iterable(years))
    span = values[-1] - values[0] if values else 0.0
    if span <= 0 or span < least:
        return [Shade(0, None, None)] if values else []
    width = max(least, span / _CANDIDATES)
    step = round_step(width)
    first, last = math.floor(values[0] / step) + 1, math.floor(values[-1] / step)
    candidates = [round(i * step, 10) for i in range(first, last + 1)]
    bounds = _Costs(values, years, width).best(candidates, most)
    return [Shade(i, a, b) for i, (a, b) in enumerate(itertools.pairwise([None, *bounds, None]))]


def shade_of(value: float, classes: Sequence[Shade]) -> int:
    """The class a value lies in."""
    return next((s.index for s in classes if s.high is None or value < s.high), 0)


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
