"""Intervals at 95 %: for a count, for a share of counted units, and for a median.

They say how far the figure could move if the units counted were drawn again from the same process;
they do not say how far the units counted are from those that cannot be seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Z = 1.959964


def poisson(count: int) -> tuple[float, float]:
    """Bounds of the number that the process behind a count brings on average, if it brings units one
    by one (Garwood 1936, exact: coverage is 95 % or more, .95 to .97 from 40 units on).

    ValueError for a negative count.
    """
    if count < 0:
        raise ValueError(f"{count} is not a count")
    from scipy.special import gammaincinv  # heavy, and of no use to who only reads a release

    low = float(gammaincinv(count, 0.025)) if count else 0.0
    return low, float(gammaincinv(count + 1, 0.975))


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Bounds, in percent, of the share part/whole (Wilson 1927, score interval).

    ValueError unless 0 <= part <= whole and whole > 0.
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} of {whole} is not a share")
    share = part / whole
    middle = share + Z * Z / (2 * whole)
    spread = Z * math.sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    scale = 1 + Z * Z / whole
    low, high = 100 * (middle - spread) / scale, 100 * (middle + spread) / scale
    return max(0.0, min(low, 100 * share)), min(100.0, max(high, 100 * share))


def median(values: Sequence[float]) -> float:
    """The middle of the ordered values, or the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def median_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Bounds of the median by order statistics, at ranks n/2 -+ 1.96 sqrt(n)/2 rounded (Campbell
    and Gardner 1988): exact coverage is 95 % or more for every n up to 600 tried. None below 6
    values, where no such interval reaches 95 %."""
    ordered = sorted(values)
    n = len(ordered)
    if n < 6:
        return None
    rank = max(1, round(n / 2 - Z * math.sqrt(n) / 2))
    return float(ordered[rank - 1]), float(ordered[n - rank])


def student(free: int) -> float:
    """Half-width of a 95 % interval in standard errors that were measured with `free` degrees."""
    from scipy.stats import t

    return float(t.ppf(0.975, free))
