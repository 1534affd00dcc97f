"""Ads as stock, flow and time open.

Flow: openings first seen in a period. Stock: openings open on a day. Time open: how long an ad
stays, by Kaplan and Meier (1958), because ads that are still open have not shown how long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TimeOpen:
    """Median days open and bounds at 95 %; None where the curve does not come down to them."""

    median: float | None
    lower: float | None
    upper: float | None
    n: int
    closed: int


def flow(first_seen: Sequence[dt.date], begin: dt.date, end: dt.date) -> int:
    """Openings first seen from `begin` to `end`, both included."""
    return sum(begin <= day <= end for day in first_seen)


def stock(first_seen: Sequence[dt.date], closed: Sequence[dt.date | None], day: dt.date) -> int:
    """Openings open on a day: seen by then, and last open that day or later (None: still open)."""
    return sum(
        begin <= day and (end is None or end >= day) for begin, end in zip(first_seen, closed)
    )


def time_open(days: Array, closed: NDArray[np.bool_]) -> TimeOpen:
    """Median time open of ads: `days` (n) seen open, `closed` False when still open (censored).

    Bounds are where Greenwood's interval on the log(-log) scale crosses one half (Brookmeyer and
    Crowley 1982; Kalbfleisch and Prentice 2002). InputError for no ad or a negative duration.
    """
    if len(days) == 0 or (days < 0).any():
        raise InputError("time open needs at least one ad and no negative duration")
    times, survival, variance = _kaplan_meier(days, closed)
    inside = (survival > 0) & (survival < 1)
    safe = np.where(inside, survival, 0.5)
    half = np.where(inside, 1.959964 * np.sqrt(variance) / np.abs(np.log(safe)), 0.0)
    low, high = survival ** np.exp(half), survival ** np.exp(-half)
    return TimeOpen(
        _crossing(times, survival),
        _crossing(times, low),
        _crossing(times, high),
        len(days),
        int(closed.sum()),
    )


def _kaplan_meier(days: Array, closed: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Times of closing, survival just after each, and Greenwood's sum."""
    times, closings = np.unique(days[closed], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), times, side="left")
    survival = np.cumprod(1 - closings / at_risk)
    left = at_risk - closings
    terms = np.divide(closings, at_risk * left, out=np.zeros(len(times)), where=left > 0)
    return np.asarray(times, float), np.asarray(survival, float), np.cumsum(terms)


def _crossing(times: Array, survival: Array) -> float | None:
    below = np.flatnonzero(survival <= 0.5)
    return float(times[below[0]]) if len(below) else None
