"""Ranks that an area may hold: by intervals, by the moves of a year, and never by chance alone."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.publish.read.model import Break, Value
from marsad.web.ranking import band, rank_spans, typical_move

KNOWN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def value(
    area: str, period: str, number: float, half: float | None = None, letter: str = "C"
) -> Value:
    bounds = (None, None) if half is None else (number - half, number + half)
    return Value("unemployment_rate", "A", period, area, "ENE", "_T", "_T", "_T", "_T", "_T", "_T",
                 "N", "current", number, "PT", "A", "F", *bounds, letter, "", None, "HCP", "", "", False,
                 KNOWN, None)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.integers(0, 300).map(lambda v: v / 10), st.integers(0, 50).map(lambda h: h / 10)
        ),
        min_size=1,
        max_size=12,
    )
)
@example([(24.9, 0.9), (29.0, 4.0)])  # exactly as far apart as they may be: rounding parted them
def test_a_span_holds_every_rank_that_the_intervals_allow(pairs: list[tuple[float, float]]) -> None:
    rows = {f"MA-{i:02d}": value(f"MA-{i:02d}", "2025", v, h) for i, (v, h) in enumerate(pairs)}
    spans = rank_spans(rows, 0.0)
    for i, (v, h) in enumerate(pairs):
        surely = [math.copysign(1, w - v) for w, k in pairs if abs(w - v) > math.hypot(h, k) + 1e-9]
        first, last = spans[f"MA-{i:02d}"]
        assert first <= surely.count(1) + 1
        assert last >= len(pairs) - surely.count(-1)
        assert 1 <= first <= last <= len(pairs)


def test_equal_figures_hold_the_same_ranks_and_firm_ones_a_single_one() -> None:
    rows = {a: value(a, "2024", v) for a, v in (("MA-01", 9.0), ("MA-02", 9.0), ("MA-03", 7.0))}
    assert rank_spans(rows, 0.0) == {"MA-01": (1, 2), "MA-02": (1, 2), "MA-03": (3, 3)}
    assert rank_spans(rows, 2.5) == {"MA-01": (1, 3), "MA-02": (1, 3), "MA-03": (1, 3)}


def test_the_band_holds_the_difference_of_two_areas_of_one_truth() -> None:
    """Simulated: 400 areas of one true rate, seen in two years with a chance of 1.4 points each; two of
    them differ by less than the band in 95 cases of 100."""
    dice = np.random.default_rng(14)
    seen = 12 + dice.normal(0, 1.4, (2, 400))
    rows = [
        value(f"MA-{i}", period, float(v))
        for period, year in zip(("2024", "2025"), seen)
        for i, v in enumerate(year)
    ]
    apart = band(rows, typical_move(rows, ()))
    gaps = np.abs(seen[1][:, None] - seen[1][None, :])[np.triu_indices(400, 1)]
    assert np.mean(gaps < apart) == pytest.approx(0.95, abs=0.015)


def test_a_break_is_no_move_and_one_year_tells_nothing() -> None:
    rows = [value("MA-01", "2016", 9.0), value("MA-01", "2017", 12.0), value("MA-01", "2018", 12.5)]
    new = Break("ENE", "2017", "*", {}, "HCP")
    assert typical_move(rows, (new,)) == 0.5
    assert typical_move(rows, ()) == 1.75
    assert typical_move(rows[:1], ()) is None
    assert band(rows, None) == 0.0
