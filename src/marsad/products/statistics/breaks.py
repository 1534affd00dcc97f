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
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

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
    from scipy.stats import t as student

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
    half = float(student.ppf(0.975, n - 1)) * error
    return _made(kind, mean, error, half, spread, n, "overlap")


def bridge_model(values: Array, at: int, kind: Literal["additive", "ratio"], season: int) -> Bridge:
    """Bridge where no period was measured both ways: the level shift at position `at`.

    Structural model (local level, season, level-shift regressor; Harvey 1989, 7.6), or without
    season when `season` is 1. Everything that happened between the two periods is counted as the
    break. InputError with fewer than 8 periods (and two seasons) on either side, or no convergence.
    """
    fewest = max(FEWEST_AROUND, 2 * season)
    if at < fewest or len(values) - at < fewest:
        raise InputError(f"a level shift needs {fewest} periods on each side")
    fitted = _structural(_scaled(values, kind), at, season)
    if not fitted.mle_retvals["converged"]:
        raise InputError("the model of the level shift does not converge")
    shift, error = float(fitted.params[-1]), float(fitted.bse[-1])
    if not np.isfinite(error):
        raise InputError("the level shift has no finite error")
    names = list(fitted.model.param_names)
    noise = [fitted.params[names.index(n)] for n in ("sigma2.irregular", "sigma2.level")]
    spread = float(np.sqrt(max(0.0, sum(noise))))
    return _made(kind, shift, error, 1.959964 * error, spread, len(values), "model")


def _structural(y: Array, at: int, season: int) -> Any:
    import warnings

    from statsmodels.tsa.statespace.structural import (  # type: ignore[import-untyped]
        UnobservedComponents,
    )

    step = (np.arange(len(y)) >= at).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = UnobservedComponents(
            y,
            level="local level",
            seasonal=season if season > 1 else None,
            exog=step,
        )
        # The observed information: the outer product of gradients, the default, means nothing with
        # a variance at its bound and some fifty periods.
        fitted = model.fit(disp=False, maxiter=500, cov_type="oim")
        if not fitted.mle_retvals["converged"]:
            fitted = model.fit(fitted.params, method="nm", disp=False, maxiter=5000, cov_type="oim")
        return fitted


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
    half = 1.959964 * (bridge.error**2 + spread**2) ** 0.5
    if bridge.kind == "ratio":
        half = 1.959964 * ((bridge.error / bridge.shift) ** 2 + spread**2) ** 0.5
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
