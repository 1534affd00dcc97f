"""Tension on the labour market: vacancies against the unemployed, by occupation and region.

Tightness V/U, the points of the Beveridge curve, the mismatch index of Sahin, Song, Topa and
Violante (2014), and a composite in the manner of DARES (2021, *Les tensions sur le marche du
travail*). Counts are taken as Poisson unless their own standard errors are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
DRAWS = 2000
SEED = 20140101
_MIN_UNEMPLOYED = 5.0


@dataclass(frozen=True)
class Estimate:
    """Values of one or more cells with bounds at 95 %; NaN where a cell is too small."""

    value: Array
    lower: Array
    upper: Array


def tightness(vacancies: Array, unemployed: Array, error: Array | None = None) -> Estimate:
    """V/U of each cell; `error` is the standard error of the unemployed (a survey's), if known.

    NaN where fewer than 5 are unemployed. InputError for negative counts or unequal shapes.
    """
    v, u = _counts(vacancies, unemployed)

    def ratio(v: Array, u: Array) -> Array:
        return np.asarray(v / np.maximum(u, 0.5))

    estimate = _bootstrap(ratio, v, u, error)
    small = u < _MIN_UNEMPLOYED
    value, low, high = (
        np.where(small, np.nan, a) for a in (estimate.value, estimate.lower, estimate.upper)
    )
    return Estimate(value, low, high)


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

    estimate = _bootstrap(index, v, u, None)
    bias = estimate.draws.mean(axis=0) - estimate.value
    value, low, high = estimate.value - bias, estimate.lower - 2 * bias, estimate.upper - 2 * bias
    return Estimate(*(np.clip(a, 0.0, 1.0) for a in (value, low, high)))


def tension(components: Mapping[str, Array], weights: Mapping[str, float] | None = None) -> Array:
    """Composite for each cell and period: mean of components, each standardised over all cells.

    Arrays (cells, periods), high meaning tense: e.g. ads per job seeker, hires per job seeker, share
    of hires expected to be hard, less the exits' delay. Standardised over cells and periods together,
    so that it tells both where and when it is tense; it has no unit and no zero of its own, and moves
    when a period is added, so it ranks and is no target. Equal weights by default: no outcome is
    observed here that would tell better ones, and a composite of few components that go together
    depends little on them; with other weights, publish how the ranks move. NaN where a component is.
    InputError when none is given, shapes differ, or a component does not vary.
    """
    shapes = {np.shape(values) for values in components.values()}
    if len(shapes) != 1:
        raise InputError("components of tension must be given, all of one shape")
    total, used = np.zeros(shapes.pop()), 0.0
    for name, values in components.items():
        spread = float(np.nanstd(values))
        if not spread > 0:
            raise InputError(f"the component {name!r} does not vary")
        weight = 1.0 if weights is None else weights[name]
        total = total + weight * (values - np.nanmean(values)) / spread
        used += weight
    return total / used


def _counts(vacancies: Array, unemployed: Array) -> tuple[Array, Array]:
    v, u = np.asarray(vacancies, float), np.asarray(unemployed, float)
    if v.shape != u.shape or not ((v >= 0).all() and (u >= 0).all()):
        raise InputError("vacancies and unemployed must be counts of the same cells")
    return v, u


@dataclass(frozen=True)
class _Draws(Estimate):
    draws: Array


def _bootstrap(
    statistic: Callable[[Array, Array], Array], v: Array, u: Array, error: Array | None
) -> _Draws:
    """Value, percentile bounds at 95 % and the draws (fixed seed)."""
    dice = np.random.default_rng(SEED)
    vs = dice.poisson(v, (DRAWS, len(v))).astype(float)
    if error is None:
        us = dice.poisson(u, (DRAWS, len(u))).astype(float)
    else:
        us = np.maximum(dice.normal(u, error, (DRAWS, len(u))), 1e-9)
    value = statistic(v, u)
    draws = statistic(vs, us).reshape(DRAWS, -1)
    low, high = np.nanpercentile(draws, (2.5, 97.5), axis=0)
    return _Draws(value, low, high, draws)
