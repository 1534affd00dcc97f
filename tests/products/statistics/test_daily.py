"""Daily counts: known factors recovered, beaten neighbours, and refusals."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from marsad.base.errors import InputError
from marsad.products.statistics.calendar import civil_days, holiday_days
from marsad.products.statistics.daily import adjust_daily, weekly_mean

FIRST = dt.date(2022, 1, 1)
WEEK = np.array([0.15, 0.2, 0.15, 0.1, 0.05, -0.3, -0.35])


def simulated(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    t = np.arange(n)
    level = np.log(300) + np.cumsum(dice.normal(0, 0.004, n))
    logs = level + WEEK[(FIRST.weekday() + t) % 7] + 0.1 * np.sin(2 * np.pi * t / 365.25)
    logs += -0.2 * holiday_days(FIRST, n, "ramadan") - 0.8 * holiday_days(FIRST, n, "fitr")
    logs += -0.5 * civil_days(FIRST, n)
    return dice.poisson(np.exp(logs + dice.normal(0, 0.05, n))).astype(float), np.exp(level)


def test_known_effects_are_recovered() -> None:
    counts, level = simulated(1000, 1)
    adjustment = adjust_daily(counts, FIRST)
    for name, effect in {"ramadan": -0.2, "fitr": -0.8, "civil": -0.5}.items():
        value, error = adjustment.effects[name]
        assert abs(value - effect) < 4 * error
    monday = (7 - FIRST.weekday()) % 7
    assert np.log(adjustment.weekday[monday : monday + 7]) == pytest.approx(WEEK, abs=0.03)
    inside = slice(10, -10)
    ours = np.abs(adjustment.smooth / level - 1)[inside].mean()
    plain = np.abs(weekly_mean(counts) / level - 1)[inside].mean()
    assert ours < 0.5 * plain


def test_missing_days_stay_missing_and_odd_days_bend_nothing() -> None:
    counts, _ = simulated(400, 2)
    whole = adjust_daily(counts, FIRST)
    holes = counts.copy()
    holes[100:110] = np.nan
    holes[200] *= 20
    adjustment = adjust_daily(holes, FIRST)
    assert np.isnan(adjustment.adjusted[100:110]).all()
    assert np.abs(adjustment.weekday / whole.weekday - 1).max() < 0.02
    assert "yearly" not in adjustment.effects
    assert (adjustment.yearly == 1).all()  # under two years: none is claimed


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="56 days"):
        adjust_daily(np.ones(50), FIRST)
    with pytest.raises(InputError, match="negative"):
        adjust_daily(np.full(80, -1.0), FIRST)
