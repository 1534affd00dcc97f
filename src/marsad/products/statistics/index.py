"""The index of online job ads: how demand moved, whatever the boards did.

Counts of distinct openings by source and period are matched source by source: a source tells of
the movement between two periods only when it was there, and itself, in both. The log of a source's
count is read as the market (common to all), plus the source's size (constant between two breaks of
that source), plus a small steady trend of its share, plus noise; so a source that enters, leaves,
doubles its ads at once or becomes free gets a new size - its link factor - and moves nothing. This
is the time-product-dummy method of price statistics (Summers 1973; ILO et al. 2020, *CPI Manual*,
chapter 10) with sources for products, with shrunken trends so that the exit of a fast-growing
source makes no step.

A break is a movement of a source's share (against the median of the other sources) beyond a limit
set by its own noise and by how far sources differ in that period: a crisis that all sources share
has no share movement and is followed in full. The limit is the same up and down in logs.

The bounds hold the chance of the counts and the noise of the sources, each of which moves apart from the
others; what all sources do together that the market does not is in no bounds. In simulation they hold the
market in .93 to .97 of months, with 4 and 10 boards of 0 to 15 % of monthly noise that is new each month
(benchmarks/coverage.py); where it lasts (.9 of it from month to month), in .85.

Limits, by simulation of eight boards (benchmarks/statistical.py): when a board leaves or enters, its
own noise is lost with it, one to three points at the worst month, which lies within the bounds in 99 of
100 runs; lower caps of a source's weight and weights by precision alone lose as much. A board that fades by 4 % a
month or more is found; at 3 % half of them are, at 2 % none, and the index then follows it down
about as far as a plain total would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
FEWEST_ADS = 20  # a source with fewer in a period says nothing of the market
FEWEST_SOURCES = 3  # with two, nobody can tell which of them broke
_LAGS = (1, 2, 3, 6, 12)  # a source may fade over a year
_FLOOR = 0.25  # smallest log movement of a share that is called a break
_SPREADS = 5.0  # and in robust standard deviations
_MOST_NOISE = (
    1.25  # a source is not called noisier than this many times the usual: it may be fading
)
_INNOCENT = 0.02  # a step the other way, or as small as this, is no part of a break
_CAP = 0.35  # largest weight of a source
_TREND, _NOISE = 0.005, 0.05  # prior sd of a share's trend by period; typical noise
_CELL_CAP = 5.0


@dataclass(frozen=True)
class Break:
    """A source that stopped being comparable with itself between two periods."""

    source: str
    period: str
    kind: Literal["entry", "exit", "jump", "fall"]
    factor: float  # the new size over the old, the market's movement apart; NaN at entry and exit


@dataclass(frozen=True)
class Index:
    """values[0] = 100; `lower` and `upper` are its bounds at 95 %, for the chance of the counts and the
    noise of the sources; `sources` counts those whose movement was used up to each period."""

    values: Array
    lower: Array
    upper: Array
    sources: NDArray[np.int64]
    breaks: tuple[Break, ...]
    weights: Array  # of each source, summing to 1


@dataclass(frozen=True)
class Alarm:
    """A source far below what its past and the other sources let expect."""

    source: str
    period: str
    kind: Literal["silent", "low"]
    expected: float
    seen: float


def cell_weights(counts: Array, employment: Array) -> Array:
    """Weight of an ad in each cell: official employment share over the share in ads, capped.

    counts (sources, cells, periods), employment (cells) from official statistics; the cap is 5
    times either way, and cells with no ad get 1. InputError when employment is not positive.
    """
    if not (employment > 0).all():
        raise InputError("official employment must be positive in every cell")
    ads = np.nansum(counts, axis=(0, 2))
    raw = np.where(ads > 0, employment / employment.sum() * ads.sum() / np.maximum(ads, 1), 1.0)
    return np.clip(raw, 1 / _CELL_CAP, _CELL_CAP)


def chained(
    counts: Array,
    sources: Sequence[str],
    periods: Sequence[str],
    weights: Array | None = None,
    effect: float = 1.0,
) -> Index:
    """The index (first period = 100) from counts (sources, periods) or (sources, cells, periods).

    NaN where a source was absent; `weights` (cells) come from `cell_weights`; `effect` is the design
    effect of weights that the counts hold already. InputError when a period has no source in common
    with the one before: the index cannot be carried over it.
    """
    totals = _totals(counts, weights)
    if totals.shape != (len(sources), len(periods)):
        raise InputError("counts must have a row for each source and a column for each period")
    logs = np.log(np.where(totals >= FEWEST_ADS, totals, np.nan))
    link = _links(logs)
    used = link.sum(axis=0)
    if (used == 0).any():
        raise InputError(
            f"no source links {periods[int(np.argmin(used)) + 1]} to the period before"
        )
    regime = _regimes(logs, link)
    market, weight, half = _fit(logs, regime, effect)
    values = 100 * np.exp(market - market[0])
    breaks = _breaks(logs, link, market, sources, periods)
    lower, upper = values * np.exp(-half), values * np.exp(half)
    return Index(values, lower, upper, np.concatenate([[used[0]], used]), tuple(breaks), weight)


def _totals(counts: Array, weights: Array | None) -> Array:
    if counts.ndim == 2:
        return counts
    absent = np.isnan(counts).all(axis=1)
    shape = np.ones(counts.shape[1]) if weights is None else weights
    return np.where(absent, np.nan, np.einsum("sct,c->st", np.nan_to_num(counts), shape))


def _deviations(logs: Array, lag: int) -> Array:
    """Log growth over `lag` periods less the median of the other sources; NaN where unknown."""
    growth = logs[:, lag:] - logs[:, :-lag]
    out = np.full(growth.shape, np.nan)
    for s in range(len(logs)):
        others = np.delete(growth, s, axis=0)
        enough = np.isfinite(others).sum(axis=0) >= FEWEST_SOURCES - 1
        out[s, enough] = growth[s, enough] - np.nanmedian(others[:, enough], axis=0)
    return out


def _links(logs: Array) -> Flags:
    """link[s, t]: may source s tell of the movement from period t to t + 1?"""
    link = np.isfinite(logs[:, 1:]) & np.isfinite(logs[:, :-1])
    if logs.shape[1] < 2:
        return link
    step = _deviations(logs, 1)
    for lag in (lag for lag in _LAGS if lag < logs.shape[1]):
        deviation = _deviations(logs, lag)
        counting = np.sqrt(np.exp(-logs[:, lag:]) + np.exp(-logs[:, :-lag]))
        limit = np.maximum(_FLOOR, _SPREADS * np.fmax(_scale(deviation), counting))
        for s, begin in np.argwhere(np.abs(deviation) > limit).tolist():
            window = slice(begin, begin + lag)
            left = np.where(link[s, window], np.nan_to_num(step[s, window]), 0.0)
            if abs(left.sum()) > limit[s, begin]:  # what earlier cuts do not explain
                link[s, window] &= left * np.sign(left.sum()) < _INNOCENT
    return link & ~_beside(link, step)


def _beside(link: Flags, step: Array) -> Flags:
    """Links next to a cut one, that move the same way by half the floor: the same slow break."""
    cut = np.where(link, 0.0, np.sign(np.nan_to_num(step)))
    near = np.zeros(link.shape)
    near[:, 1:] += cut[:, :-1]
    near[:, :-1] += cut[:, 1:]
    return np.asarray(near * np.nan_to_num(step) > _FLOOR / 2)


def _scale(deviation: Array) -> Array:
    """Robust sd of a source's deviations, or of all sources' in that period if larger."""
    if not np.isfinite(deviation).any():
        return np.ones(deviation.shape)
    size = np.abs(deviation)
    everywhere = np.nanmedian(size)
    own = np.array([np.nanmedian(row) if np.isfinite(row).any() else everywhere for row in size])
    now = np.array([np.nanmedian(c) if np.isfinite(c).any() else everywhere for c in size.T])
    own = np.minimum(own, _MOST_NOISE * everywhere)
    return np.asarray(np.maximum(own[:, None], now[None, :]) / 0.6745)


def _regimes(logs: Array, link: Flags) -> NDArray[np.int64]:
    """Number of the regime that each (source, period) lies in, -1 outside or when alone."""
    out = np.full(logs.shape, -1)
    number = -1
    for s in range(len(logs)):
        for t in range(logs.shape[1] - 1):
            if link[s, t]:
                if t == 0 or not link[s, t - 1]:
                    number += 1
                    out[s, t] = number
                out[s, t + 1] = number
    return out


@dataclass(frozen=True)
class _Solved:
    """Market (periods) and size (regimes); what each log count (n) gives the market (periods, n), what
    the fit leaves of it, and its leverage."""

    market: Array
    size: Array
    gives: Array
    left: Array
    leverage: Array


def _fit(logs: Array, regime: NDArray[np.int64], effect: float) -> tuple[Array, Array, Array]:
    """Market (periods), weight of each source, and half-width of the log index, by penalised least
    squares."""
    s, t = np.nonzero(regime >= 0)
    r = regime[s, t]
    y = logs[s, t]
    owner = np.zeros(regime.max() + 1, dtype=int)
    owner[r] = s
    weight = np.ones(len(y))
    for _ in range(2):
        solved = _solve(y, s, t, r, weight, logs.shape)
        now = y - solved.market[t]  # what the source is beside the market, in this very period
        top = float(solved.size.max())
        first = _first(np.exp(solved.size - top), owner, len(logs))
        weight = np.minimum(first[s], np.exp(now - top))
    solved = _solve(y, s, t, r, weight, logs.shape)
    by_source = np.bincount(s, weight, len(logs)) / np.maximum(
        np.bincount(s, minlength=len(logs)), 1
    )
    return solved.market, by_source / by_source.sum(), _half_width(solved, effect * np.exp(-y))


def _half_width(solved: _Solved, chance: Array) -> Array:
    """Half-width at 95 % of the log of the index in each period: every log count (n) varies by its
    `chance` (n, variance) and by the noise of its source, one for all, which is what the fit leaves
    beyond chance (its moment, with the leverage of each count); by Student's t at what is left free."""
    free = 1 - solved.leverage
    noise = max(0.0, float((solved.left**2).sum() - free @ chance) / max(float(free.sum()), 1e-9))
    moves = solved.gives - solved.gives[0]
    error = np.sqrt(moves**2 @ (noise + chance))
    from scipy import stats  # heavy, and of no use to who only reads a release

    return np.asarray(stats.t.ppf(0.975, max(float(free.sum()), 1.0)) * error)


def _first(size: Array, owner: NDArray[np.int64], sources: int) -> Array:
    """Weight of each source: its first size, at most _CAP of all. A source that jumps gains none;
    `_fit` lets one that shrinks lose it, so that a fading board fades from the index too."""
    first = np.array(
        [size[np.argmax(owner == s)] if (owner == s).any() else 0 for s in range(sources)]
    )
    for _ in range(50):
        first = np.minimum(first, _CAP * first.sum()) if (first > 0).sum() > 1 / _CAP else first
    return np.asarray(first, float)


def _solve(
    y: Array,
    s: NDArray[np.int64],
    t: NDArray[np.int64],
    r: NDArray[np.int64],
    weight: Array,
    shape: tuple[int, ...],
) -> _Solved:
    sources, periods = shape
    regimes = int(r.max()) + 1
    x = np.zeros((len(y), periods + regimes + sources))
    row = np.arange(len(y))
    x[row, t] = 1
    x[row, periods + r] = 1
    middle = np.bincount(s, t, sources) / np.maximum(np.bincount(s, minlength=sources), 1)
    x[row, periods + regimes + s] = t - middle[s]
    share = np.bincount(s, weight, sources) / np.maximum(np.bincount(s, minlength=sources), 1)
    penalty = np.full(x.shape[1], 1e-9)
    penalty[periods + regimes :] = (_NOISE / _TREND) ** 2 * share + 1e-9
    gram = (x * weight[:, None]).T @ x + np.diag(penalty)
    gives = np.linalg.solve(gram, (x * weight[:, None]).T)
    beta = gives @ y
    return _Solved(
        np.asarray(beta[:periods]),
        np.asarray(beta[periods : periods + regimes]),
        np.asarray(gives[:periods]),
        np.asarray(y - x @ beta),
        np.einsum("nk,kn->n", x, gives),
    )


def _breaks(
    logs: Array, link: Flags, market: Array, sources: Sequence[str], periods: Sequence[str]
) -> list[Break]:
    breaks = []
    for s, t in np.argwhere(~link).tolist():
        before, after = np.isfinite(logs[s, t]), np.isfinite(logs[s, t + 1])
        if before and after:
            step = float(logs[s, t + 1] - logs[s, t] - market[t + 1] + market[t])
            kind: Literal["jump", "fall"] = "jump" if step > 0 else "fall"
            breaks.append(Break(sources[s], periods[t + 1], kind, float(np.exp(step))))
        elif before or after:
            edge: Literal["exit", "entry"] = "exit" if before else "entry"
            breaks.append(Break(sources[s], periods[t + 1], edge, float("nan")))
    return sorted(breaks, key=lambda b: (b.period, b.source))


def alarms(
    counts: Array,
    sources: Sequence[str],
    periods: Sequence[str],
    low: float = 0.5,
    window: int = 6,
) -> tuple[Alarm, ...]:
    """Sources that in the last period are silent, or below `low` of their expected count.

    counts (sources, periods), NaN or 0 where nothing came. Expected: the median log level of the
    `window` periods before, moved by the median growth of the other sources since. A source
    silent all through the window raises nothing: it has left.
    """
    logs = np.log(np.where(np.nan_to_num(counts) > 0, counts, np.nan))
    past = logs[:, -1 - window : -1]
    known: Flags = np.asarray(np.isfinite(past).any(axis=1))
    level = np.array([np.nanmedian(row) if ok else np.nan for row, ok in zip(past, known.tolist())])
    moved = logs[:, -1] - level
    raised = []
    for s in np.flatnonzero(known).tolist():
        others = np.delete(moved, s)
        growth = float(np.nanmedian(others)) if np.isfinite(others).any() else 0.0
        expected = float(np.exp(level[s] + growth))
        seen = float(np.nan_to_num(counts[s, -1]))
        if seen < low * expected and expected >= FEWEST_ADS / 2:
            kind: Literal["silent", "low"] = "low" if seen else "silent"
            raised.append(Alarm(sources[s], periods[-1], kind, expected, seen))
    return tuple(raised)
