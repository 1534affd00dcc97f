"""Small areas, disaggregation, weights: worked examples and what must always hold."""

from __future__ import annotations

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.products.statistics.disaggregate import chow_lin, denton_cholette
from marsad.products.statistics.small_area import benchmark, direct, fay_herriot
from marsad.products.statistics.weights import rake

_SAMPLICS = find_spec("samplics")  # found, not imported: it warns that it is archived


def milk() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Direct estimates, covariates (major areas) and variances of 43 areas (Arora and Lahiri)."""
    assert _SAMPLICS is not None
    assert _SAMPLICS.origin is not None
    path = Path(_SAMPLICS.origin).parent / "datasets" / "data" / "expenditure_on_milk.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    major = np.array([int(row["major_area"]) for row in rows])
    x = np.column_stack([np.ones(len(rows)), *(major == k for k in (2, 3, 4))]).astype(float)
    y = np.array([float(row["direct_est"]) for row in rows])
    return y, x, np.array([float(row["std_error"]) for row in rows]) ** 2


def test_milk_data_give_the_published_figures() -> None:
    fitted = fay_herriot(*milk())
    assert fitted.sigma2 == pytest.approx(0.0185503, abs=1e-6)
    assert fitted.beta == pytest.approx([0.9681890, 0.1327803, 0.2269462, -0.2413010], abs=1e-6)
    assert fitted.estimate[0] == pytest.approx(1.0219705, abs=1e-6)
    assert fitted.mse[0] == pytest.approx(0.0134602, abs=1e-6)


def test_an_area_without_sample_is_synthetic() -> None:
    y, x, variance = milk()
    y[5] = np.nan
    fitted = fay_herriot(y, x, variance)
    assert fitted.gamma[5] == 0
    assert fitted.estimate[5] == pytest.approx(float(x[5] @ fitted.beta))
    assert fitted.mse[5] > fitted.sigma2
    with pytest.raises(InputError, match="more areas than covariates"):
        fay_herriot(y[:4], x[:4], variance[:4])


def test_eblup_is_closer_to_the_truth_and_its_mse_is_right() -> None:
    dice = np.random.default_rng(4)
    m = 60
    x = np.column_stack([np.ones(m), dice.normal(size=m)])
    variance = dice.uniform(0.2, 1.0, m)
    errors, stated, raw = [], [], []
    for _ in range(150):
        truth = x @ [2.0, 1.0] + dice.normal(0, 0.6, m)
        y = truth + dice.normal(0, np.sqrt(variance))
        fitted = fay_herriot(y, x, variance)
        errors.append((fitted.estimate - truth) ** 2)
        stated.append(fitted.mse)
        raw.append((y - truth) ** 2)
    assert np.mean(errors) < 0.6 * np.mean(raw)
    assert np.mean(stated) == pytest.approx(np.mean(errors), rel=0.08)


def test_direct_estimate_of_a_mean_is_the_textbook_one() -> None:
    dice = np.random.default_rng(1)
    y = dice.normal(10, 2, 40)
    one = np.ones(40)
    estimate = direct(y, one, one, one, np.arange(40))
    assert estimate.value == pytest.approx(y.mean())
    assert estimate.error == pytest.approx(y.std(ddof=1) / 40**0.5)
    assert estimate.cv == pytest.approx(estimate.error / estimate.value)
    with pytest.raises(InputError, match="one primary unit"):
        direct(y, one, one, np.arange(40), np.arange(40))
    with pytest.raises(InputError, match="must be positive"):
        direct(y, 0 * one, one, one, np.arange(40))


def test_clusters_and_domains_count_in_the_variance() -> None:
    psu = np.repeat(np.arange(10), 4)
    strata = np.repeat([0, 1], 20)
    y = np.repeat(np.arange(10.0), 4)  # all alike within a cluster: 10 values, not 40
    one = np.ones(40)
    estimate = direct(y, one, one, strata, psu)
    halves = [np.arange(5.0), np.arange(5.0, 10)]
    expected = sum(0.25 * h.var(ddof=1) / 5 for h in halves) ** 0.5
    assert estimate.error == pytest.approx(expected)
    assert estimate.psus == 10


@given(
    st.lists(st.floats(0.1, 100), min_size=3, max_size=12),
    st.floats(1, 1000),
    st.sampled_from(["ratio", "difference"]),
)
def test_a_benchmark_meets_the_total(values: list[float], total: float, kind: str) -> None:
    estimate = np.array(values)
    weight = np.linspace(1, 2, len(values))
    out, mse = benchmark(estimate, weight, total, np.ones(len(values)), kind)  # type: ignore[arg-type]
    assert float(weight @ out) == pytest.approx(total, rel=1e-9)
    assert (mse >= 1).all()


CONVERSIONS = {
    "sum": lambda v: v.reshape(-1, 4).sum(1),
    "average": lambda v: v.reshape(-1, 4).mean(1),
    "last": lambda v: v.reshape(-1, 4)[:, -1],
}


@given(st.integers(0, 10**6), st.sampled_from(list(CONVERSIONS)), st.integers(5, 25))
@settings(max_examples=40)
def test_quarters_meet_the_years_exactly(seed: int, conversion: str, years: int) -> None:
    dice = np.random.default_rng(seed)
    indicator = 50 + np.abs(np.cumsum(dice.normal(0, 2, 4 * years)))
    annual = 100 + np.cumsum(dice.normal(2, 5, years))
    fold = CONVERSIONS[conversion]
    smooth = denton_cholette(annual, indicator, 4, conversion)  # type: ignore[arg-type]
    model = chow_lin(annual, indicator, 4, conversion)  # type: ignore[arg-type]
    assert np.abs(fold(smooth) - annual).max() < 1e-9
    assert np.abs(fold(model.values) - annual).max() < 1e-9
    assert 0 <= model.rho < 1


def test_denton_keeps_the_movement_when_years_agree_with_the_indicator() -> None:
    indicator = np.linspace(50, 90, 40)
    annual = 3 * CONVERSIONS["sum"](indicator)
    assert denton_cholette(annual, indicator, 4) == pytest.approx(3 * indicator)
    longer = denton_cholette(annual[:9], indicator, 4)  # the last year is carried on
    assert longer[36:] == pytest.approx(3 * indicator[36:])


def test_chow_lin_errors_hold_the_truth() -> None:
    dice = np.random.default_rng(2)
    inside = []
    for _ in range(60):
        x = 100 + np.cumsum(dice.normal(0, 3, 100))
        u = np.zeros(100)
        for t in range(1, 100):
            u[t] = 0.8 * u[t - 1] + dice.normal(0, 2)
        truth = 20 + 1.5 * x + u
        series = chow_lin(CONVERSIONS["sum"](truth), x, 4)
        inside.append(np.mean(np.abs(series.values - truth) < 1.96 * series.error))
    assert 0.90 < np.mean(inside) < 0.98


def test_what_cannot_be_disaggregated() -> None:
    with pytest.raises(InputError, match="needs 5 years"):
        chow_lin(np.arange(4.0), np.arange(16.0), 4)
    with pytest.raises(InputError, match="does not move"):
        chow_lin(np.arange(6.0), np.ones(24), 4)
    with pytest.raises(InputError, match="positive indicator"):
        denton_cholette(np.arange(3.0), np.zeros(12), 4)
    with pytest.raises(InputError, match="need an indicator of 12"):
        denton_cholette(np.arange(3.0), np.ones(11), 4)


@given(st.integers(0, 10**6))
@settings(max_examples=20)
def test_raking_meets_its_margins(seed: int) -> None:
    dice = np.random.default_rng(seed)
    columns = [dice.integers(0, k, 3000) for k in (12, 9, 5)]
    margins = [1e6 * dice.dirichlet(np.full(k, 30.0)) for k in (12, 9, 5)]
    raked = rake(columns, margins)
    assert raked.converged
    for column, margin in zip(columns, margins):
        assert np.bincount(column, raked.weights) == pytest.approx(margin, rel=1e-5)
    assert raked.design_effect >= 1


def test_raking_says_when_the_cap_stops_it() -> None:
    column = np.array([0] * 99 + [1])
    raked = rake([column], [np.array([1.0, 99.0])], cap=5)
    assert not raked.converged
    assert raked.worst > 0.5
    with pytest.raises(InputError, match="one total"):
        rake([column, column], [np.array([50.0, 50.0]), np.array([50.0, 60.0])])
    with pytest.raises(InputError, match="merge categories"):
        rake([column], [np.array([1.0, 1.0, 1.0])])
