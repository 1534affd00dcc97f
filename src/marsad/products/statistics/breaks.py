"""Breaks in a series and the bridge over them: old figures on the new definition, as estimates.

When both definitions were measured for some periods, their overlap gives the bridge; otherwise a
level shift is estimated in a time-series model, and is only as good as its assumption that
nothing else moved at that point. What is carried over is marked as estimated, never spliced in
silence (ILO 2018, *Data quality and breaks in series*; ESS handbook on backcasting 2018). The
difference between two surveys need not have been the same years before: its error is a random walk
away from the break, so the bounds of what is carried widen with the distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError
from marsad.products.statistics.intervals import student

Array = NDArray[np.float64]
FEWEST_OVERLAP = 3
FEWEST_AROUND = 8  # periods on each side of a break without overlap


@dataclass(frozen=True)
class Bridge:
    """new = old + shift (additive) or old * shift (ratio), with standard error and bounds at 95 %.

    `spread` is the standard deviation of one period around the bridge (log scale for a ratio):
    the error of a single backcast value, and what a year further from the break adds to it.
    """

    kind: Literal["additive", "ratio"]
    shift: float
    error: float
    lower: float
    upper: float
    spread: float
    n: int
    basis: Literal["overlap", "model"]

    @property
    def quantile(self) -> float:
        """Half the width of the interval in standard errors: what 95 % takes here."""
        if self.kind == "ratio":
            half = float(np.log(self.upper / self.shift)) / (self.error / self.shift)
            return half if np.isfinite(half) else 1.959964
        return (self.upper - self.shift) / self.error if self.error else 1.959964

    def at(self, shift: float, n: int) -> Bridge:
        """An additive bridge of the same error around another shift, which rests on n periods."""
        half = (self.upper - self.lower) / 2
        return replace(self, shift=shift, lower=shift - half, upper=shift + half, n=n)


@dataclass(frozen=True)
class Backcast:
    """Values (n) on the new definition with bounds; `estimated` marks those carried over."""

    values: Array
    lower: Array
    upper: Array
    estimated: NDArray[np.bool_]


def bridge_overlap(old: Array, new: Array, kind: Literal["additive", "ratio"]) -> Bridge:
    """Bridge from periods measured both ways (arrays of one length, NaN where one is missing).

    Mean difference (or geometric mean ratio) with Student bounds; differences are treated as
    independent unless they follow each other (their AR(1) widens the error). InputError under 3
    overlapping periods, or for values that are not positive with a ratio.
    """
    both = np.isfinite(old) & np.isfinite(new)
    n = int(both.sum())
    if n < FEWEST_OVERLAP:
        raise InputError(f"a bridge needs {FEWEST_OVERLAP} periods measured both ways")
    difference = _scaled(new[both], kind) - _scaled(old[both], kind)
    mean, spread = float(difference.mean()), float(difference.std(ddof=1))
    centred = difference - mean
    squares = float(centred @ centred)
    rho = max(0.0, float(centred[1:] @ centred[:-1]) / squares) if squares else 0.0
    error = spread / n**0.5 * ((1 + rho) / (1 - min(rho, 0.9))) ** 0.5
    half = student(n - 1) * error
    return _made(kind, mean, error, half, spread, n, "overlap")


def bridge_model(values: Array, at: int, kind: Literal["additive", "ratio"], season: int) -> Bridge:
    """Bridge where no period was measured both ways: the level shift at position `at`.

    Regression on the shift and a fixed season with a random level and noise as errors (local level
    model; Harvey 1989, 7.6) by generalised least squares. How much of the variance is the level's is
    hardly known from some fifty periods, and the shift's error hangs on it: estimates are averaged
    over that share by their restricted likelihood (flat on the logit scale; Harville 1974), which
    holds the shift where one best share gives too narrow bounds. Student bounds. Everything that
    happened between the two periods is counted as the break. InputError with fewer than 8 periods
    (and two seasons) on either side.
    """
    fewest = max(FEWEST_AROUND, 2 * season)
    n = len(values)
    if at < fewest or n - at < fewest:
        raise InputError(f"a level shift needs {fewest} periods on each side")
    y = _scaled(values, kind)
    x = np.column_stack(
        [np.arange(n) >= at, *(np.arange(n) % season == i for i in range(season))]
    ).astype(float)
    fits = [_least_squares(y, x, share) for share in _SHARES]
    likelihood = np.array([fit[0] for fit in fits])
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    shifts, variances, sizes = (np.array(part) for part in zip(*(fit[1:] for fit in fits)))
    shift = float(weight @ shifts)
    error = float((weight @ (variances + (shifts - shift) ** 2)) ** 0.5)
    if not np.isfinite(error) or error == 0:
        raise InputError("the level shift has no finite error")
    half = student(n - x.shape[1]) * error
    return _made(kind, shift, error, half, float((weight @ sizes) ** 0.5), n, "model")


_SHARES = 1 / (1 + np.exp(-np.linspace(-8, 6, 29)))
"""Shares of the level in the variance of one period, from none to nearly all."""


def _least_squares(y: Array, x: Array, share: float) -> tuple[float, float, float, float]:
    """By generalised least squares where `share` of the variance is a random walk's and the rest
    noise: restricted log-likelihood, first coefficient, its variance, and that of one period."""
    n, p = x.shape
    steps = np.arange(1.0, n + 1)
    root = np.linalg.cholesky((1 - share) * np.eye(n) + share * np.minimum.outer(steps, steps))
    xs, ys = np.linalg.solve(root, x), np.linalg.solve(root, y)
    information = xs.T @ xs
    beta = np.linalg.solve(information, xs.T @ ys)
    size = float(np.square(ys - xs @ beta).sum()) / (n - p)
    logs = 2 * np.log(np.diag(root)).sum() + np.linalg.slogdet(information)[1]
    likelihood = -0.5 * (float(logs) + (n - p) * np.log(size))
    return likelihood, float(beta[0]), size * float(np.linalg.inv(information)[0, 0]), size


def backcast(
    old: Array,
    new: Array,
    bridge: Bridge,
    marked: Sequence[bool] | None = None,
    years: Array | None = None,
) -> Backcast:
    """The series on the new definition: new where measured, else old through the bridge.

    `old` and `new` cover the same periods (NaN where not measured); `marked` says which of `new`
    are already estimates, `years` how far each period is from the bridge. Bounds of a carried value
    hold the error of the bridge and the spread of one period, whose variance is added once more for
    each year; those of measured values are the value itself. NaN where neither was measured.
    """
    if old.shape != new.shape:
        raise InputError("the old and the new series must cover the same periods")
    measured = np.isfinite(new)
    spread = bridge.spread * (1 + (np.zeros(len(old)) if years is None else years)) ** 0.5
    half = bridge.quantile * (bridge.error**2 + spread**2) ** 0.5
    if bridge.kind == "ratio":
        half = bridge.quantile * ((bridge.error / bridge.shift) ** 2 + spread**2) ** 0.5
        carried = old * bridge.shift
        low, high = carried * np.exp(-half), carried * np.exp(half)
    else:
        carried = old + bridge.shift
        low, high = carried - half, carried + half
    estimated = ~measured & np.isfinite(old)
    if marked is not None:
        estimated |= np.asarray(marked, bool)
    return Backcast(
        np.where(measured, new, carried),
        np.where(measured, new, low),
        np.where(measured, new, high),
        estimated,
    )


def _scaled(values: Array, kind: str) -> Array:
    if kind == "additive":
        return values
    if not (values[np.isfinite(values)] > 0).all():
        raise InputError("a ratio needs positive values")
    return np.log(values)


def _made(
    kind: Literal["additive", "ratio"],
    shift: float,
    error: float,
    half: float,
    spread: float,
    n: int,
    basis: Literal["overlap", "model"],
) -> Bridge:
    if kind == "additive":
        return Bridge(kind, shift, error, shift - half, shift + half, spread, n, basis)
    ratio = float(np.exp(shift))
    low, high = float(np.exp(shift - half)), float(np.exp(shift + half))
    return Bridge(kind, ratio, error * ratio, low, high, spread, n, basis)
