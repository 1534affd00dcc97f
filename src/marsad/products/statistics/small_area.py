"""Figures of small areas: the survey's own estimate, the Fay-Herriot model, and the sum kept.

Direct estimates are design based; where their coefficient of variation is too high the area-level
model of Fay and Herriot (1979) borrows strength from covariates; a benchmark brings the areas back
to the published total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Direct:
    """A ratio in its own unit, its standard error, and CV = error/|ratio| (NaN for a ratio of 0)."""

    value: float
    error: float
    cv: float
    n: int
    psus: int


@dataclass(frozen=True)
class Areas:
    """Of m areas: EBLUP, its MSE, and the weight `gamma` that the direct estimate keeps."""

    estimate: Array
    mse: Array
    gamma: Array
    beta: Array
    beta_error: Array
    sigma2: float


def direct(
    y: Array, x: Array, weight: Array, strata: NDArray[np.generic], psu: NDArray[np.generic]
) -> Direct:
    """Ratio sum(w y) / sum(w x) of one domain and its standard error.

    Taylor linearisation, primary units drawn with replacement within strata (Wolter 2007, 6.3);
    units outside the domain must be given with y = x = 0, so that their strata count. All arrays
    have length n. InputError when the denominator is not positive or a stratum has one unit only.
    """
    total = float(weight @ x)
    if not total > 0:
        raise InputError("the denominator of a ratio must be positive")
    ratio = float(weight @ y) / total
    score = weight * (y - ratio * x) / total
    variance, units = 0.0, 0
    for stratum in np.unique(strata):
        mine = strata == stratum
        _, index = np.unique(psu[mine], return_inverse=True)
        sums = np.bincount(index, weights=score[mine])
        if len(sums) < 2:
            raise InputError(f"stratum {stratum} has one primary unit: its variance is unknown")
        units += len(sums)
        variance += len(sums) / (len(sums) - 1) * float(((sums - sums.mean()) ** 2).sum())
    error = variance**0.5
    cv = error / abs(ratio) if ratio else float("nan")
    return Direct(ratio, error, cv, int((x != 0).sum()), units)


def fay_herriot(y: Array, x: Array, variance: Array) -> Areas:
    """EBLUP of m areas: y (m) direct estimates, x (m, p) covariates, `variance` (m) known.

    REML by Fisher scoring; MSE of Datta and Lahiri (2000), second-order right for REML
    (g1 + g2 + 2 g3). An area with no sample is given y = NaN: its estimate is synthetic, x beta,
    with MSE sigma2 + x V(beta) x', and gamma 0. InputError unless more sampled areas than columns,
    variances positive, and the scoring converges.
    """
    known = np.isfinite(y)
    if known.sum() <= x.shape[1] or not (variance[known] > 0).all():
        raise InputError("Fay-Herriot needs more areas than covariates and positive variances")
    ys, xs, ds = y[known], x[known], variance[known]
    sigma2 = _reml(ys, xs, ds)
    v = sigma2 + ds
    gram = np.linalg.inv((xs / v[:, None]).T @ xs)
    beta = gram @ (xs.T @ (ys / v))
    gamma = np.where(known, sigma2 / (sigma2 + np.where(known, variance, 1.0)), 0.0)
    fitted = x @ beta
    estimate = np.where(known, gamma * np.where(known, y, 0) + (1 - gamma) * fitted, fitted)
    g1 = np.where(known, gamma * np.where(known, variance, 0), sigma2)
    g2 = (1 - gamma) ** 2 * np.einsum("ij,jk,ik->i", x, gram, x)
    of_sigma2 = 2 / np.sum(v**-2.0)
    g3 = np.where(known, variance**2 / (sigma2 + variance) ** 3 * of_sigma2, 0.0)
    return Areas(estimate, g1 + g2 + 2 * g3, gamma, beta, np.sqrt(np.diag(gram)), sigma2)


def _reml(y: Array, x: Array, d: Array) -> float:
    sigma2 = float(np.median(d))
    for _ in range(500):
        w = 1 / (sigma2 + d)
        p = np.diag(w) - (w[:, None] * x) @ np.linalg.solve((x * w[:, None]).T @ x, x.T * w)
        py, pp = p @ y, float((p * p).sum())
        step = (float(py @ py) - float(np.trace(p))) / pp
        new = max(0.0, sigma2 + step)
        if abs(new - sigma2) <= 1e-12 * (1 + sigma2):
            return new
        sigma2 = new
    raise InputError("the variance between areas does not converge (REML)")


def benchmark(
    estimate: Array,
    weight: Array,
    total: float,
    mse: Array,
    kind: Literal["ratio", "difference"] = "ratio",
) -> tuple[Array, Array]:
    """Estimates with sum(weight * estimate) = total, and their MSE.

    `ratio` multiplies all by one factor; `difference` adds the same amount to each (You, Rao and
    Hidiroglou 2013). The MSE stated is the model's plus the squared change: a benchmark
    protects against a wrong model and can only cost precision when the model is right. InputError
    when the weighted sum is not positive (ratio) or the weights sum to 0.
    """
    now = float(weight @ estimate)
    if kind == "ratio":
        if not now > 0:
            raise InputError("ratio benchmarking needs a positive weighted sum")
        out = estimate * (total / now)
    else:
        if weight.sum() == 0:
            raise InputError("difference benchmarking needs weights that do not sum to 0")
        out = estimate + (total - now) / weight.sum()
    return out, mse + (out - estimate) ** 2
