"""Intervals against values known from the literature, and the bounds they may never leave."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from marsad.products.statistics.intervals import median, median_interval, poisson, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 27.75),
        (1, 10, 1.79, 40.42),
        (5, 10, 23.66, 76.34),
        (10, 10, 72.25, 100.0),
        (1, 1, 20.65, 100.0),
        (81, 263, 25.53, 36.62),  # Newcombe 1998, table I
        (15, 148, 6.24, 16.05),
        (0, 20, 0.0, 16.11),
        (1, 29, 0.61, 17.18),
    ],
)
def test_wilson_gives_the_published_values(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.011)


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (-1, 10), (11, 10), (1, 0)])
def test_what_is_no_share(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        wilson(part, whole)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.391), (100, 81.364, 121.627)],
)
def test_poisson_gives_the_published_values(count: int, low: float, high: float) -> None:
    """Table of Garwood (1936) as Ulm (1990) prints it."""
    assert poisson(count) == pytest.approx((low, high), abs=0.001)
    with pytest.raises(ValueError, match="is not a count"):
        poisson(-1)


@pytest.mark.parametrize("mean", [0.5, 3, 10, 40, 200, 800])
def test_poisson_covers_what_it_says(mean: float) -> None:
    """Chance that the bounds hold the mean, summed over all counts, exact."""
    counts = np.arange(int(mean + 12 * mean**0.5 + 20))
    held = [low <= mean <= high for low, high in map(poisson, counts.tolist())]
    coverage = stats.poisson(mean).pmf(counts)[held].sum()
    assert coverage >= 0.95
    assert mean < 40 or coverage <= 0.97


COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_wilson_holds_the_share_and_stays_in_percent(counts: tuple[int, int]) -> None:
    part, whole = counts
    low, high = wilson(part, whole)
    assert 0 <= low <= 100 * part / whole <= high <= 100
    assert low < high


@given(COUNTS)
def test_wilson_is_symmetric(counts: tuple[int, int]) -> None:
    part, whole = counts
    low, high = wilson(part, whole)
    mirrored = wilson(whole - part, whole)
    assert mirrored == pytest.approx((100 - high, 100 - low), abs=1e-6)


@given(COUNTS)
def test_more_units_make_a_narrower_interval(counts: tuple[int, int]) -> None:
    part, whole = counts
    low, high = wilson(part, whole)
    more_low, more_high = wilson(4 * part, 4 * whole)
    assert more_high - more_low < high - low


VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@given(VALUES)
def test_median_is_the_middle(values: list[float]) -> None:
    assert median(values) == pytest.approx(statistics.median(values))


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        ([1, 2, 3, 4, 5], None),  # below six values no order statistics reach 95 %
        (range(1, 7), (1, 6)),
        (range(1, 11), (2, 9)),
        (range(1, 101), (40, 61)),  # ranks of the table of Campbell and Gardner (1988)
        ([7] * 20, (7, 7)),
    ],
)
def test_median_interval(values: list[float], bounds: tuple[float, float] | None) -> None:
    assert median_interval(list(values)) == bounds


@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=80), st.randoms())
def test_median_interval_holds_the_median(values: list[float], random: object) -> None:
    bounds = median_interval(values)
    assert bounds is not None
    assert min(values) <= bounds[0] <= median(values) <= bounds[1] <= max(values)
    assert median_interval(sorted(values, reverse=True)) == bounds


@pytest.mark.parametrize("n", [6, 7, 8, 10, 15, 20, 21, 30, 50, 100, 400, 459])
def test_median_interval_covers_what_it_says(n: int) -> None:
    """Chance that the true median lies between the two order statistics, binomial and exact."""
    bounds = median_interval([float(i) for i in range(n)])
    assert bounds is not None
    low, high = int(bounds[0]), int(bounds[1])
    chance = sum(math.comb(n, k) for k in range(low + 1, high + 1)) / 2**n
    assert chance >= 0.95
