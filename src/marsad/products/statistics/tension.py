"""Tension on the labour market: vacancies against the unemployed, by occupation and region.

The points of the Beveridge curve, and the mismatch index of Sahin, Song, Topa and Violante (2014).
Counts are taken as Poisson.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
DRAWS = 2000
SEED = 20140101


@dataclass(frozen=True)
class Estimate:
    """Values of one or more cells with bounds at 95 %; NaN where a cell is too small."""

    value: Array
    lower: Array
    upper: Array


def beveridge(vacancies: Array, unemployed: Array, labour_force: Array) -> tuple[Array, Array]:
    """Points of the curve, in percent: (unemployment rate, vacancy rate) for each period.

    Both are shares of the labour force, so that the axes can be compared; InputError when the
    labour force is not larger than the unemployed.
    """
    v, u = _counts(vacancies, unemployed)
    if not (labour_force > u).all():
        raise InputError("the labour force must be larger than its unemployed")
    return 100 * u / labour_force, 100 * v / labour_force


def mismatch(
    vacancies: Array, unemployed: Array, eta: float = 0.5, efficiency: Array | None = None
) -> Estimate:
    """Share of hires lost because the unemployed are in other cells than the vacancies, 0 to 1.

    Hires of a cell are phi_i v_i^eta u_i^(1-eta): eta is the exponent of vacancies, phi_i a matching
    efficiency (any scale). Most hires come where another unemployed person adds as much in every cell,
    (1-eta) phi_i (v_i/u_i)^eta alike, so u_i in proportion to phi_i^(1/eta) v_i; put in, they are
    phi v^eta u^(1-eta) with phi = (sum(phi_i^(1/eta) v_i/v))^eta, and
    M = 1 - sum((phi_i/phi) (v_i/v)^eta (u_i/u)^(1-eta)) is 0 there and only there (after Sahin et al.
    2014). Bounds by Poisson bootstrap,
    corrected for its bias: noise in small cells looks like mismatch. InputError when a side is empty
    or eta is not between 0 and 1.
    """
    v, u = _counts(vacancies, unemployed)
    if not (v.sum() > 0 and u.sum() > 0 and 0 < eta < 1):
        raise InputError("mismatch needs vacancies, unemployed and 0 < eta < 1")
    phi = np.ones(len(v)) if efficiency is None else np.asarray(efficiency, float)
    if len(phi) != len(v) or not (phi > 0).all():
        raise InputError("matching efficiencies must be positive, one for each cell")

    def index(v: Array, u: Array) -> Array:
        vs = v / v.sum(axis=-1, keepdims=True)
        us = u / u.sum(axis=-1, keepdims=True)
        mean = (phi ** (1 / eta) * vs).sum(axis=-1) ** eta
        hires = (phi * vs**eta * us ** (1 - eta)).sum(axis=-1) / mean
        return np.atleast_1d(np.asarray(1 - hires))

    estimate = _bootstrap(index, v, u)
    bias = estimate.draws.mean(axis=0) - estimate.value
    value, low, high = estimate.value - bias, estimate.lower - 2 * bias, estimate.upper - 2 * bias
    return Estimate(*(np.clip(a, 0.0, 1.0) for a in (value, low, high)))


def _counts(vacancies: Array, unemployed: Array) -> tuple[Array, Array]:
    v, u = np.asarray(vacancies, float), np.asarray(unemployed, float)
    if v.shape != u.shape or not ((v >= 0).all() and (u >= 0).all()):
        raise InputError("vacancies and unemployed must be counts of the same cells")
    return v, u


@dataclass(frozen=True)
class _Draws(Estimate):
    draws: Array


def _bootstrap(statistic: Callable[[Array, Array], Array], v: Array, u: Array) -> _Draws:
    """Value, percentile bounds at 95 % and the draws (fixed seed)."""
    dice = np.random.default_rng(SEED)
    vs = dice.poisson(v, (DRAWS, len(v))).astype(float)
    us = dice.poisson(u, (DRAWS, len(u))).astype(float)
    value = statistic(v, u)
    draws = statistic(vs, us).reshape(DRAWS, -1)
    low, high = np.nanpercentile(draws, (2.5, 97.5), axis=0)
    return _Draws(value, low, high, draws)
