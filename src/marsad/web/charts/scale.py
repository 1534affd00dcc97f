"""Axes: round steps that cover the data."""

from __future__ import annotations

import math
from collections.abc import Sequence


def ticks(low: float, high: float, count: int) -> list[float]:
    """Round values from at or below `low` to at or above `high`, about `count` of them."""
    span = (high - low) or abs(high) or 1.0
    raw = span / max(count - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def value_ticks(values: Sequence[float], count: int = 5) -> list[float]:
    """The ticks of a value axis: from zero, unless the data lie far from it."""
    low, high = min(values), max(values)
    if low == high:  # one level: from zero to it, or to one
        low, high = min(low, 0.0), max(high, 0.0) or float(low == 0)
    if low > 0 and low < 0.6 * high:
        low = 0.0
    if high < 0:
        high = 0.0
    return ticks(low, high, count)


def decimals_of(steps: Sequence[float]) -> int:
    """How many decimals the ticks need to be told apart."""
    return next((d for d in range(4) if all(abs(round(s, d) - s) < 1e-9 for s in steps)), 3)


def every(count: int, most: int) -> int:
    """Show each n-th of `count` labels so that at most `most` are shown."""
    for step in (1, 2, 5, 10, 20, 50):
        if math.ceil(count / step) <= most:
            return step
    return 100
