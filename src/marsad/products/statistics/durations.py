"""How long an ad stays open, from readings of its board: ends between two readings, ads still open, and
ads that were open before they were seen.

The curve is that of Kaplan and Meier (1958) on whole days, with ads entering the risk set on the day
they were first seen (delayed entry). Where an end is only known to lie between two readings, it is spread
over those days as the curve itself says, again and again until nothing moves: expectation and
maximisation over daily hazards, which is the self-consistency of Turnbull (1976); the hazards are
smoothed over half as many days as lie between two readings (Silverman, Jones, Wilson and Nychka 1990),
without which the curve heaps its falls on few days and its median is early. Where all ends are known to the day
there is one step and no smoothing: the product limit itself.

The variance is Greenwood's over the expected ends. The median's bounds are where the 95 % band on the
log(-log) scale crosses one half (Brookmeyer and Crowley 1982; Kalbfleisch and Prentice 2002). In
simulation (benchmarks/coverage.py) they hold a truth of 17 days in .93 to .97 where boards are read once
a week or more often; read once a fortnight, in .85 to .97: readings nearly as far apart as the median
do not show the shape of the curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
_ROUNDS, _STILL = 200, 1e-5
FEWEST, LATE, FEWEST_ENDS = 5, 7, 6
"""Ads that must have entered before the first of them ends, and days by which the first must have entered:
else nobody saw the ads that were short, and no median can be told; ends that bounds need."""


@dataclass(frozen=True)
class TimeOpen:
    """Median days open and bounds at 95 %; None where the curve does not come down to them."""

    median: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class _Curve:
    """By day, from 0: ends (expected), survival past the day, variance of its log."""

    ends: Array
    survival: Array
    variance: Array


def time_open(last: Array, latest: Array, entered: Array, counts: Array | None = None) -> TimeOpen:
    """Median of the last day open, in days since posting, of n ads.

    `last` (n): the last day it is known to have been open; `latest` (n): the last on which it can have
    been, the same where the end is known to the day, inf where it is not known to have ended; it was
    under observation from day `entered` (n) on. An ad that has not ended tells of the days before
    `last` only. `counts` (n): how many ads alike each stands for (1). InputError for no ad, days that are
    negative or out of order.
    """
    if len(last) == 0 or not ((entered >= 0) & (entered <= last) & (last <= latest)).all():
        raise InputError("time open needs at least one ad, and 0 <= entered <= last <= latest")
    times = np.ones(len(last)) if counts is None else counts
    curve = _curve(last.astype(int), latest, entered.astype(int), times)
    median = _crossing(curve.survival)
    if median is None or not _seen_from_the_start(entered, times, curve.ends, int(median)):
        return TimeOpen(None, None, None)
    if times[np.isfinite(latest)].sum() < FEWEST_ENDS:
        return TimeOpen(median, None, None)
    inside = (curve.survival > 0) & (curve.survival < 1)
    safe = np.where(inside, curve.survival, 0.5)
    half = np.where(inside, 1.959964 * np.sqrt(curve.variance) / np.abs(np.log(safe)), 0.0)
    half = np.minimum(half, 20.0)
    low, high = curve.survival ** np.exp(half), curve.survival ** np.exp(-half)
    high[curve.survival == 0] = high[curve.survival > 0].min(initial=1.0)  # none can be told there
    return TimeOpen(median, _crossing(low), _crossing(high))


def _curve(
    last: NDArray[np.int64], latest: Array, entered: NDArray[np.int64], times: Array
) -> _Curve:
    ended = np.isfinite(latest)
    first, final, ending = last[ended], latest[ended].astype(int), times[ended]
    days = 1 + max(int(last.max()), int(final.max(initial=0)))
    come = np.cumsum(np.bincount(entered, times, minlength=days))
    gone = np.cumsum(
        np.bincount(last[~ended], times[~ended], minlength=days)
    )  # at risk before their last day
    chance, ends = np.full(days, 1 / days), np.zeros(days)
    risk = survival = np.ones(days)
    gap = int(middle(final - first, ending)) if len(first) else 0
    width = min(gap // 2 + 1 | 1, days)
    for _ in range(_ROUNDS):
        before = ends
        ends = _expected(chance, first, final, ending)
        risk = come - gone - np.concatenate([[0.0], np.cumsum(ends)[:-1]])
        over, under = (_smooth(part, width) for part in (ends, risk))
        hazard = np.clip(np.divide(over, under, out=np.zeros(days), where=under > 1e-9), 0.0, 1.0)
        survival = np.cumprod(1 - hazard)
        survival[survival < 1e-12] = 0.0
        chance = np.concatenate([[1.0], survival[:-1]]) * hazard
        if np.abs(ends - before).max() < _STILL * max(1.0, ending.sum()):
            break
    left = risk - ends
    terms = np.divide(ends, risk * left, out=np.zeros(days), where=left > 1e-9)
    return _Curve(ends, survival, np.cumsum(terms))


def middle(values: Array, times: Array) -> float:
    """The median of values that occur so many times each."""
    order = np.argsort(values)
    ends = np.cumsum(times[order])
    places = np.searchsorted(ends, ((ends[-1] - 1) // 2, ends[-1] // 2), side="right")
    return float(values[order][places].mean())


def _smooth(values: Array, width: int) -> Array:
    """The mean over the days about each."""
    if width < 2:
        return values
    sums = np.convolve(values, np.ones(width), "same")
    return np.asarray(sums / np.convolve(np.ones(len(values)), np.ones(width), "same"))


def _expected(
    chance: Array, first: NDArray[np.int64], final: NDArray[np.int64], times: Array
) -> Array:
    """Ends by day: those known to the day, and the others spread over their days by the chances."""
    day, wide = first == final, first < final
    known = np.bincount(first[day], times[day], minlength=len(chance))
    first, final, times = first[wide], final[wide], times[wide]
    edge = np.concatenate([[0.0], np.cumsum(chance)])
    whole = edge[final + 1] - edge[first]
    weight = np.divide(times, whole, out=np.zeros(len(whole)), where=whole > 1e-12)
    step = np.bincount(first, weight, len(chance) + 1)
    step -= np.bincount(final + 1, weight, len(chance) + 1)
    return np.asarray(known + chance * np.cumsum(step)[:-1])


def _seen_from_the_start(entered: Array, times: Array, ends: Array, median: int) -> bool:
    """Whether enough ads were under observation before the days on which any ended, up to the median."""
    by_day = np.cumsum(np.bincount(entered.astype(int), times, minlength=len(ends)))
    ended = np.flatnonzero(ends[: median + 1] > 1e-9)
    fewest = min(FEWEST, times.sum())
    return bool(len(ended) and entered.min() <= LATE and by_day[ended[0]] >= fewest)


def _crossing(survival: Array) -> float | None:
    """Where the curve comes down to one half; an ad that was last open on day d ended half a day before
    or after. Where it stays at one half for some days, the middle of them."""
    below = np.flatnonzero(survival <= 0.5 + 1e-9)
    if not len(below):
        return None
    day = int(below[0])
    under = np.flatnonzero(survival < 0.5 - 1e-9)
    if survival[day] > 0.5 - 1e-9 and len(under):
        return (day + float(under[0])) / 2
    above = float(survival[day - 1]) if day else 1.0
    return max(0.0, day - 0.5 + (above - 0.5) / (above - float(survival[day])))
