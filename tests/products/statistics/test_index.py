"""The index of job ads: what boards do must not move it, what the market does must."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from benchmarks.shared.boards import BOARDS, EVENTS, MONTHS, PERIODS, boards, market, with_event
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.products.statistics.index import alarms, cell_weights, chained

RUNS = 8


@cache
def distances(event: str) -> np.ndarray:
    """Largest and mean distance in points to the index without the event, by run."""
    out = []
    for seed in range(RUNS):
        dice = np.random.default_rng(seed)
        counts = boards(dice, market(dice))
        board, at = int(dice.integers(8)), int(dice.integers(18, 45))
        usual = chained(counts, BOARDS, PERIODS).values
        index = chained(with_event(counts, event, board, at), BOARDS, PERIODS)
        assert any(b.source == BOARDS[board] for b in index.breaks)
        off = np.abs(index.values - usual)[at:]
        out.append((off.max(), off.mean()))
    return np.array(out)


@pytest.mark.parametrize("event", EVENTS)
def test_what_a_board_does_moves_the_index_by_less_than_a_point_on_average(event: str) -> None:
    off = distances(event)
    assert off[:, 1].mean() < 1.0
    assert np.median(off[:, 0]) < 2.0


@pytest.mark.parametrize("event", ["leaves", "enters", "doubles", "goes free", "dies slowly"])
def test_what_a_board_does_lies_within_the_published_bounds(event: str) -> None:
    for seed in range(100, 100 + RUNS):
        dice = np.random.default_rng(seed)
        counts = boards(dice, market(dice))
        board, at = int(dice.integers(8)), int(dice.integers(18, 45))
        usual = chained(counts, BOARDS, PERIODS).values
        index = chained(with_event(counts, event, board, at), BOARDS, PERIODS)
        assert ((usual >= index.lower) & (usual <= index.upper)).mean() > 0.95


@pytest.mark.parametrize("event", ["doubles", "goes free"])
def test_a_jump_moves_it_less_than_a_point_at_every_later_period(event: str) -> None:
    assert distances(event)[:, 0].max() < 1.0


def test_a_break_is_recorded_with_its_factor() -> None:
    dice = np.random.default_rng(3)
    counts = boards(dice, market(dice))
    (series_break,) = chained(with_event(counts, "doubles", 2, 30), BOARDS, PERIODS).breaks
    assert (series_break.source, series_break.period, series_break.kind) == (
        "c",
        PERIODS[30],
        "jump",
    )
    assert series_break.factor == pytest.approx(2, rel=0.1)
    assert chained(counts, BOARDS, PERIODS).breaks == ()


@pytest.mark.parametrize("uneven", [0.0, 0.1, 0.25])
def test_a_true_crisis_is_followed(uneven: float) -> None:
    off = []
    for seed in range(RUNS):
        dice = np.random.default_rng(seed)
        demand = market(dice, crisis=30)
        values = chained(boards(dice, demand, uneven), BOARDS, PERIODS).values
        off.append(np.log(values[30] / values[29]) - (demand[30] - demand[29]))
    assert abs(np.mean(off)) < 0.02 + uneven / 4  # a mean of 8 runs of 8 boards
    assert np.abs(off).max() < 0.08 + uneven


@given(st.integers(0, 10**6), st.floats(0.2, 5))
@settings(max_examples=15)
def test_scaling_a_board_throughout_changes_nothing_but_its_weight(seed: int, by: float) -> None:
    dice = np.random.default_rng(seed)
    demand = market(dice)
    counts = 1000 * np.exp(np.tile(demand, (8, 1)))  # all boards move alike
    scaled = counts.copy()
    scaled[0] *= by
    assert chained(scaled, BOARDS, PERIODS).values == pytest.approx(100 * np.exp(demand), rel=1e-5)


def test_no_drift_when_nothing_moves() -> None:
    dice = np.random.default_rng(9)
    counts = boards(dice, np.zeros(MONTHS))
    for at in range(6, 54, 6):  # a break every half year, up and down in turn
        counts[at // 6 % 8, at:] *= 2.0 if at % 12 else 0.5
    values = chained(counts, BOARDS, PERIODS).values
    assert np.abs(values - 100).max() < 9  # trends of boards alone: 0.3 % a month


def test_cells_are_weighed_to_employment() -> None:
    counts = np.full((4, 2, 10), 100.0)
    counts[:, 1] *= 3
    counts[:, 1, 5:] *= 2  # the cell that ads show three times too much doubles
    names = PERIODS[:10]
    weights = cell_weights(counts, np.array([500.0, 500.0]))
    assert weights[0] > weights[1]
    plain = chained(counts, BOARDS[:4], names).values[-1]
    weighted = chained(counts, BOARDS[:4], names, weights).values[-1]
    assert plain == pytest.approx(175, abs=1)
    assert weighted == pytest.approx(140, abs=1)  # (1/2 + 1/2 * 4/3) over (1/2 + 1/2 * 2/3)
    with pytest.raises(InputError, match="must be positive"):
        cell_weights(counts, np.zeros(2))


def test_an_index_cannot_cross_a_gap() -> None:
    counts = np.full((2, 6), 100.0)
    counts[:, 3] = np.nan
    with pytest.raises(InputError, match="no source links 2020-04"):
        chained(counts, BOARDS[:2], PERIODS[:6])


def test_a_silent_board_and_a_low_one_raise_the_alarm_but_a_crisis_does_not() -> None:
    dice = np.random.default_rng(5)
    counts = boards(dice, market(dice))
    assert alarms(counts, BOARDS, PERIODS) == ()
    counts[1, -1], counts[2, -1] = 0, counts[2, -1] * 0.2
    kinds = {(a.source, a.kind) for a in alarms(counts, BOARDS, PERIODS)}
    assert kinds == {("b", "silent"), ("c", "low")}
    crisis = boards(dice, market(dice, crisis=MONTHS - 1))
    assert alarms(crisis, BOARDS, PERIODS) == ()


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.10, 0.15])
@pytest.mark.parametrize("sources", [4, 10])
def test_the_bounds_hold_the_market_whatever_the_noise_of_the_boards(
    sources: int, noise: float
) -> None:
    names, held = [str(i) for i in range(sources)], []
    for seed in range(80):
        dice = np.random.default_rng(seed)
        demand = np.cumsum(dice.normal(0.003, 0.03, 24))
        demand -= demand[0]
        logs = 6.5 + dice.normal(0, 0.6, (sources, 1)) + demand
        counts = dice.poisson(np.exp(logs + dice.normal(0, noise, (sources, 24)))).astype(float)
        index = chained(counts, names, PERIODS[:24])
        truth = 100 * np.exp(demand)
        held.append(((index.lower <= truth) & (truth <= index.upper))[1:].mean())
    assert 0.92 <= np.mean(held) <= 0.98
    assert index.lower[0] == index.upper[0] == 100


def test_weights_make_the_bounds_wider() -> None:
    dice = np.random.default_rng(4)
    counts = dice.poisson(400.0, (5, 12)).astype(float)
    plain, weighted = (chained(counts, BOARDS[:5], PERIODS[:12], effect=e) for e in (1.0, 3.0))
    assert (weighted.upper - weighted.lower > plain.upper - plain.lower)[1:].all()
    assert weighted.values == pytest.approx(plain.values)
