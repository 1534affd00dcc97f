"""Tension, uncertainty, revisions, breaks: worked values, and coverage by simulation."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from marsad.base.errors import InputError
from marsad.products.statistics.breaks import backcast, bridge_model, bridge_overlap
from marsad.products.statistics.revisions import by_series, revisions, triangle
from marsad.products.statistics.tension import mismatch
from marsad.products.statistics.uncertainty import PARTS, Errors, Rate, interval


def test_mismatch_index() -> None:
    v, u = np.array([6e6, 2e6, 2e6]), np.array([2e6, 2e6, 6e6])
    expected = 1 - (2 * np.sqrt(0.6 * 0.2) + 0.2)
    assert mismatch(v, u).value[0] == pytest.approx(expected, abs=1e-4)
    assert mismatch(v, 5 * v).value[0] == pytest.approx(0, abs=1e-4)
    same = mismatch(v, u, efficiency=np.full(3, 7.0))
    assert same.value[0] == pytest.approx(expected, abs=1e-4)
    phi = np.array([2.0, 1.0, 1.0])
    hires = (phi * np.sqrt(np.array([0.6, 0.2, 0.2]) * np.array([0.2, 0.2, 0.6]))).sum()
    best = np.sqrt((phi**2 * np.array([0.6, 0.2, 0.2])).sum())
    assert mismatch(v, u, efficiency=phi).value[0] == pytest.approx(1 - hires / best, abs=1e-4)
    with pytest.raises(InputError, match="0 < eta < 1"):
        mismatch(v, u, eta=1.0)


def test_noise_in_small_cells_is_not_read_as_mismatch() -> None:
    dice = np.random.default_rng(0)
    values, held = [], 0
    for _ in range(100):
        answer = mismatch(
            dice.poisson(20.0, 30).astype(float), dice.poisson(60.0, 30).astype(float)
        )
        values.append(answer.value[0])
        held += answer.lower[0] <= 0.005
    assert np.mean(values) < 0.003
    assert held >= 95


@pytest.mark.parametrize("eta", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("phi", [(1.0, 2.0, 0.7), (1.0, 1.0, 1.0), (5.0, 0.2, 1.0)])
def test_there_is_no_mismatch_where_a_planner_would_put_people(
    eta: float, phi: tuple[float, ...]
) -> None:
    """The best distribution of the unemployed found by a search, not by a formula."""
    v, efficiency = np.array([5e8, 2e8, 3e8]), np.array(phi)

    def hires(u: np.ndarray) -> float:
        return float((efficiency * (v / v.sum()) ** eta * u ** (1 - eta)).sum())

    def of(logits: np.ndarray) -> np.ndarray:
        return np.asarray(special.softmax(np.append(logits, 0.0)))

    best = optimize.minimize(lambda x: -hires(of(x)), np.zeros(2), tol=1e-12)
    u = of(best.x)
    assert mismatch(v, 1e9 * u, eta, efficiency).value[0] == pytest.approx(0, abs=1e-5)
    even = np.full(3, 1 / 3)
    lost = mismatch(v, 1e9 * even, eta, efficiency).value[0]
    assert lost == pytest.approx(1 - hires(even) / hires(u), abs=1e-4)


@given(st.integers(0, 10**6))
def test_no_planner_does_better_than_the_best(seed: int) -> None:
    dice = np.random.default_rng(seed)
    v, u, phi = dice.uniform(1e5, 1e6, (3, 6))
    assert 0 <= mismatch(v, u, efficiency=phi).value[0] <= 1


CODED = np.array([[0.9, 0.05, 0.05], [0.08, 0.86, 0.06], [0.05, 0.1, 0.85]])


def drawn_errors(dice: np.random.Generator, removed: float) -> Errors:
    confusion = np.array([dice.multinomial(150, row) for row in CODED]).astype(float)
    logit = np.log(0.6 / 0.4) + dice.normal(0, 0.1)
    share = tuple(1 / (1 + np.exp(-(logit + z))) for z in (0, -0.196, 0.196))
    rates = (Rate(int(dice.binomial(300, p)), 300) for p in (0.95, 0.9))
    return Errors(confusion, *rates, removed, share)  # type: ignore[arg-type]


def test_the_joined_interval_covers_near_95_percent() -> None:
    dice = np.random.default_rng(12)
    truth = np.array([3000.0, 1000.0, 400.0])
    duplicates, removed = 0.2, 0.2 * 0.9 / 0.95
    inside = np.zeros(3)
    for _ in range(200):
        expected = (CODED.T @ truth) * 0.6 * (1 - removed) / (1 - duplicates)
        counts = dice.poisson(expected).astype(float)
        estimate = interval(counts, drawn_errors(dice, removed))
        inside += (estimate.lower <= truth) & (truth <= estimate.upper)
    assert (inside / 200 > 0.89).all()
    assert 0.92 < inside.mean() / 200 < 0.985


def test_parts_explain_the_width_and_are_reproducible() -> None:
    errors = drawn_errors(np.random.default_rng(1), 0.2)
    counts = np.array([2000.0, 1500.0, 1200.0])
    one, two = interval(counts, errors), interval(counts, errors)
    assert (one.lower == two.lower).all()
    assert set(one.parts) == set(PARTS)
    joined = np.sqrt(sum(half**2 for half in one.parts.values()))
    assert (one.upper - one.lower) / 2 == pytest.approx(joined, rel=0.15)


def test_perfect_coding_leaves_sampling_alone() -> None:
    errors = Errors(1e9 * np.eye(2), Rate(10**9, 10**9), Rate(10**9, 10**9), 0.0)
    estimate = interval(np.array([400.0, 100.0]), errors)
    assert estimate.value == pytest.approx([400, 100])
    assert estimate.upper - estimate.lower == pytest.approx(2 * 1.96 * np.sqrt([400, 100]), rel=0.1)
    with pytest.raises(InputError, match="told apart"):
        interval(np.ones(2), Errors(np.ones((2, 2)), Rate(9, 10), Rate(9, 10), 0.1))
    with pytest.raises(InputError, match="must have been measured"):
        interval(np.ones(1), Errors(np.eye(1), Rate(0, 0), Rate(9, 10), 0.1))


def day(n: int) -> dt.datetime:
    return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=n)


def test_the_triangle_and_its_summary() -> None:
    rows = [("2025-Q1", day(0), 10.0), ("2025-Q1", day(90), 11.0), ("2025-Q2", day(90), 12.0)]
    rows += [("2025-Q2", day(180), 11.0), ("2025-Q1", day(180), 11.5), ("2025-Q3", day(180), 9.0)]
    table = triangle(rows)
    assert np.isnan(table.values[1, 0])
    assert table.values[:, -1].tolist() == [11.5, 11.0, 9.0]
    summary = revisions(table)
    assert (summary.n, summary.mean, summary.mean_absolute) == (2, 0.25, 1.25)
    assert (summary.largest, summary.largest_period) == (1.5, "2025-Q1")
    assert summary.relative == pytest.approx(1.25 / 11.25)
    assert summary.p is None
    assert revisions(table, later=1).mean == 0.0
    with pytest.raises(InputError, match="two values"):
        triangle([*rows, ("2025-Q1", day(0), 99.0)])
    assert by_series({"new": [("2026-Q1", day(0), 1.0)]}) == {}


def test_a_biased_first_publication_is_found_and_a_fair_one_is_not() -> None:
    dice = np.random.default_rng(3)
    wrong = 0
    for _ in range(200):
        rows = [
            (f"p{i:02d}", day(j), v)
            for i in range(40)
            for j, v in ((0, 5.0), (1, 5 + dice.normal()))
        ]
        wrong += (revisions(triangle(rows)).p or 1) < 0.05
    assert 2 <= wrong <= 24
    rows = [
        (f"p{i:02d}", day(j), v) for i in range(40) for j, v in ((0, 5.0), (1, 6 + dice.normal()))
    ]
    assert (revisions(triangle(rows)).p or 1) < 0.001


def test_a_bridge_from_an_overlap() -> None:
    old = np.array([10.0, 11.0, 12.0, 13.0, np.nan])
    new = np.array([np.nan, 12.1, 13.0, 13.9, 15.0])
    bridge = bridge_overlap(old, new, "additive")
    assert bridge.shift == pytest.approx(1.0)
    assert (bridge.n, bridge.basis) == (3, "overlap")
    assert bridge.lower < 1 < bridge.upper
    back = backcast(old, new, bridge)
    assert back.values[0] == pytest.approx(11.0)
    assert back.estimated.tolist() == [True, False, False, False, False]
    assert back.lower[0] < 11 < back.upper[0]
    ratio = bridge_overlap(old, 1.1 * old, "ratio")
    assert ratio.shift == pytest.approx(1.1)
    assert ratio.error == pytest.approx(0, abs=1e-9)
    with pytest.raises(InputError, match="3 periods"):
        bridge_overlap(old[:2], new[:2], "additive")
    with pytest.raises(InputError, match="positive"):
        bridge_overlap(-old, new, "ratio")


def test_a_bridge_from_a_model_holds_the_shift() -> None:
    dice = np.random.default_rng(8)
    inside = 0
    for _ in range(20):
        t = np.arange(60)
        y = (
            10
            + np.cumsum(dice.normal(0, 0.1, 60))
            + np.sin(np.pi * t / 2)
            + dice.normal(0, 0.2, 60)
        )
        y[30:] += 2
        bridge = bridge_model(y, 30, "additive", 4)
        inside += bridge.lower <= 2 <= bridge.upper
    assert inside >= 16
    with pytest.raises(InputError, match="on each side"):
        bridge_model(np.arange(20.0), 15, "additive", 4)
