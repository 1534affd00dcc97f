"""Quarters or months out of yearly figures, with an indicator: Denton-Cholette and Chow-Lin.

The years are always met exactly. Denton-Cholette (Dagum and Cholette 2006, chapter 6) moves the
indicator as little as possible; Chow and Lin (1971) regress on it and give standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
Conversion = Literal["sum", "average", "last"]
_SHORTEST = 5  # years for a regression and its autocorrelation


@dataclass(frozen=True)
class Disaggregated:
    """Values at the high frequency with their standard errors (given the model and rho)."""

    values: Array
    error: Array
    beta: Array
    rho: float
    at_bound: bool  # rho at 0 or near 1: the years say little of the path within them


def _aggregate(years: int, n: int, s: int, conversion: Conversion) -> Array:
    """(years, n) matrix that turns n periods into years of s periods; later periods are free."""
    if n < years * s:
        raise InputError(f"{years} years of {s} periods need an indicator of {years * s} values")
    row = {"sum": np.ones(s), "average": np.ones(s) / s, "last": np.eye(s)[-1]}[conversion]
    return np.hstack([np.kron(np.eye(years), row), np.zeros((years, n - years * s))])


def denton_cholette(
    annual: Array, indicator: Array, s: int, conversion: Conversion = "sum"
) -> Array:
    """Values (n) that sum to `annual` (m) and keep the indicator's (n >= m s) relative movement.

    Minimises the sum of squared changes of value/indicator, with no condition on the first
    (Cholette 1984). Periods after the last year carry its last ratio. InputError when a value is
    missing or the indicator is not positive.
    """
    if not (np.isfinite(annual).all() and np.isfinite(indicator).all() and (indicator > 0).all()):
        raise InputError("Denton-Cholette needs every value, and a positive indicator")
    m, n = len(annual), len(indicator)
    c = _aggregate(m, n, s, conversion) * indicator
    d = np.diff(np.eye(n), axis=0)
    system = np.block([[d.T @ d, c.T], [c, np.zeros((m, m))]])
    ratio = np.linalg.solve(system, np.concatenate([np.zeros(n), annual]))[:n]
    return _exact(ratio * indicator, annual, s, conversion)


def _exact(values: Array, annual: Array, s: int, conversion: Conversion) -> Array:
    """Take the rounding left by the solver out of each year."""
    c = _aggregate(len(annual), len(values), s, conversion)
    share = c / (c**2).sum(axis=1, keepdims=True)
    return np.asarray(values + share.T @ (annual - c @ values))


def chow_lin(
    annual: Array, indicator: Array, s: int, conversion: Conversion = "sum"
) -> Disaggregated:
    """Values (n) by generalised least squares on a constant and `indicator` (n or (n, k)).

    Errors are AR(1) with rho in [0, 1) of greatest likelihood (Bournay and Laroque 1979).
    Periods after the last year are extrapolated. InputError under 5 years, for missing values, or
    a constant indicator.
    """
    x = np.column_stack([np.ones(len(indicator)), indicator])
    if len(annual) < max(_SHORTEST, x.shape[1] + 2):
        raise InputError(f"Chow-Lin needs {_SHORTEST} years, more than regressors plus one")
    if not (np.isfinite(annual).all() and np.isfinite(x).all()):
        raise InputError("Chow-Lin needs every value")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise InputError("the indicator does not move, or repeats another")
    from scipy.optimize import minimize_scalar

    c = _aggregate(len(annual), len(x), s, conversion)
    best = minimize_scalar(
        lambda rho: -_fit(annual, x, c, rho)[0], bounds=(0, 0.999), method="bounded"
    )
    rho = 0.0 if -best.fun <= _fit(annual, x, c, 0.0)[0] else float(best.x)
    _, beta, values, error = _fit(annual, x, c, rho)
    exact = _exact(values, annual, s, conversion)
    return Disaggregated(exact, error, beta, rho, rho < 1e-3 or rho > 0.995)


def _fit(annual: Array, x: Array, c: Array, rho: float) -> tuple[float, Array, Array, Array]:
    """Log likelihood, coefficients, values and standard errors at a given rho."""
    lags = np.abs(np.subtract.outer(np.arange(len(x)), np.arange(len(x))))
    v = rho**lags / (1 - rho**2)
    cv = c @ v
    low = cv @ c.T
    inverse = np.linalg.inv(low)
    cx = c @ x
    gram = np.linalg.inv(cx.T @ inverse @ cx)
    beta = gram @ (cx.T @ inverse @ annual)
    residual = annual - cx @ beta
    m = len(annual)
    squares = float(residual @ inverse @ residual)
    likelihood = -m / 2 * np.log(squares / m) - np.linalg.slogdet(low)[1] / 2
    gain = cv.T @ inverse
    spread = x - gain @ cx
    scale = squares / (m - x.shape[1])
    variance = np.diag(v - gain @ cv) + np.einsum("ij,jk,ik->i", spread, gram, spread)
    error = np.sqrt(np.maximum(scale * variance, 0))
    return float(likelihood), beta, x @ beta + gain @ residual, error
