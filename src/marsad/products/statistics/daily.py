"""Daily and weekly counts of ads without their week, year and holidays.

X-13 knows months and quarters only. Logs of the counts (plus one half) are regressed on a smooth
level (a cubic spline with a knot every six weeks), weekdays, the year (Fourier terms, when two
years are known), civil holidays, and Ramadan and the feasts; Huber weights keep odd days from
bending the factors. Level and year look alike in a short series: priors on both (the level moves by
some 10 % in six weeks, the year by some 20 %) tell them apart. The 7-day mean is taken of the
adjusted counts. benchmarks/statistics.py measures this beside MSTL and the plain 7-day mean on
simulated series with a known truth.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError
from marsad.products.statistics.calendar import HOLIDAYS, civil_days, holiday_days

Array = NDArray[np.float64]
SHORTEST = 56  # days: eight of each weekday
_YEAR = 365.2425
_HARMONICS = 4
_KNOT_DAYS = 42
_HUBER = 1.345
_LEVEL_STEP = 0.1  # prior standard deviation in logs: of the level's change from knot to knot,
_YEAR_SIZE = 0.2  # and of a Fourier coefficient of the year


@dataclass(frozen=True)
class Daily:
    """Arrays of one value a day; factors are ratios around 1, NaN days stay NaN."""

    adjusted: Array
    smooth: Array  # 7-day mean, centred; NaN in the three days at each end
    weekday: Array
    yearly: Array
    holiday: Array
    effects: dict[str, tuple[float, float]]  # holiday -> effect in logs, standard error


def weekly_mean(values: Array) -> Array:
    """Centred mean of seven days, NaN where a day is missing and in the three days at each end."""
    out = np.full(len(values), np.nan)
    if len(values) >= 7:
        out[3:-3] = np.convolve(values, np.ones(7) / 7, mode="valid")
    return out


def adjust_daily(counts: Array, first: dt.date, lag: int = 1) -> Daily:
    """Adjust counts of consecutive days from `first` (NaN where missing).

    InputError for fewer than 56 days known, or for a negative count.
    """
    known = np.isfinite(counts)
    if known.sum() < SHORTEST or (counts[known] < 0).any():
        raise InputError(f"daily adjustment needs {SHORTEST} days known, none negative")
    groups = _groups(counts, first, lag)
    design = np.column_stack(list(groups.values()))
    y = np.log(np.where(known, counts, 1.0) + 0.5)
    beta, errors = _huber(design[known], y[known], _priors(groups))
    parts, at = {}, 0
    for name, columns in groups.items():
        width = columns.shape[1]
        parts[name] = (columns @ beta[at : at + width], beta[at], errors[at])
        at += width
    names = [name for name in parts if name in HOLIDAYS or name == "civil"]
    holiday = np.exp(sum((parts[name][0] for name in names), np.zeros(len(y))))
    weekday = np.exp(parts["weekday"][0])
    yearly = np.exp(parts["yearly"][0]) if "yearly" in parts else np.ones(len(y))
    adjusted = np.where(known, counts / (weekday * yearly * holiday), np.nan)
    effects = {name: (float(parts[name][1]), float(parts[name][2])) for name in names}
    return Daily(adjusted, weekly_mean(adjusted), weekday, yearly, holiday, effects)


def _groups(counts: Array, first: dt.date, lag: int) -> dict[str, Array]:
    n = len(counts)
    t = np.arange(n)
    groups = {"level": _spline(n)}
    weekday = (first.weekday() + t) % 7
    groups["weekday"] = (weekday[:, None] == np.arange(6)).astype(float) - (weekday == 6)[:, None]
    if n >= 2 * _YEAR:
        angle = 2 * np.pi * t[:, None] * np.arange(1, _HARMONICS + 1) / _YEAR
        groups["yearly"] = np.column_stack([np.sin(angle), np.cos(angle)])
    days = {name: holiday_days(first, n, name, lag) for name in HOLIDAYS}
    days["civil"] = civil_days(first, n)
    for name, day in days.items():
        if (day & np.isfinite(counts)).sum() >= 2:
            groups[name] = day[:, None].astype(float)
    return groups


def _spline(n: int) -> Array:
    """Cubic B-splines over n days: a level that can turn about once in a knot's length."""
    from scipy.interpolate import BSpline

    inner = np.linspace(0, n - 1, max(2, round(n / _KNOT_DAYS) + 1))
    knots = np.concatenate([[inner[0]] * 3, inner, [inner[-1]] * 3])
    return np.asarray(BSpline.design_matrix(np.arange(n, dtype=float), knots, 3).toarray())


def _priors(groups: dict[str, Array]) -> Array:
    """Precision matrix of all coefficients: zero but for the level's changes and the year."""
    width = sum(columns.shape[1] for columns in groups.values())
    level = groups["level"].shape[1]
    steps = np.diff(np.eye(level), axis=0) / _LEVEL_STEP
    out = np.zeros((width, width))
    out[:level, :level] = steps.T @ steps
    if "yearly" in groups:
        year = slice(level + 6, level + 6 + 2 * _HARMONICS)
        out[year, year] = np.eye(2 * _HARMONICS) / _YEAR_SIZE**2
    return out


def _huber(x: Array, y: Array, precision: Array) -> tuple[Array, Array]:
    """Coefficients and standard errors by re-weighted least squares (Huber 1964, k = 1.345)."""
    weight, scale = np.ones(len(y)), float(np.std(y)) or 1e-6
    for _ in range(30):
        gram = np.linalg.inv((x * weight[:, None]).T @ x + scale**2 * precision)
        beta = gram @ (x.T @ (weight * y))
        residual = y - x @ beta
        scale = float(np.median(np.abs(residual))) / 0.6745 or 1e-6
        new = np.minimum(1.0, _HUBER * scale / np.maximum(np.abs(residual), 1e-12))
        if np.max(np.abs(new - weight)) < 1e-6:
            break
        weight = new
    return beta, np.sqrt(np.diag(gram) * scale**2)
