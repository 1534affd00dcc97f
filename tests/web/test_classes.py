"""Classes of a map: against every choice of bounds tried out, and the figures of HCP's regions."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.web.charts.classes import Shade, round_step, shade_of, shades, tone_of

REGIONS_2025 = [8.1, 8.4, 9.4, 11.1, 11.2, 12.7, 14.6, 15.1, 22.1, 22.8]  # the South is the last
REGIONS_2024 = [8.9, 10.2, 10.7, 12.3, 12.5, 12.6, 14.4, 15.0, 20.9, 22.2]
QUARTER = [7.1, 8.6, 8.7, 9.9, 11.0, 11.6, 13.0, 15.1, 20.6, 25.2]
rates = st.lists(st.integers(30, 300).map(lambda v: v / 10), min_size=2, max_size=12)


def cost(years: list[list[float]], bounds: tuple[float, ...], width: float) -> float:
    """What the docstring of the module says, written out for given bounds."""
    ends = [-math.inf, *bounds, math.inf]
    total = 0.0
    for low, high in itertools.pairwise(ends):
        inside = [v for year in years for v in year if low <= v < high]
        mean = sum(inside) / len(inside) if inside else 0.0
        total += sum((v - mean) ** 2 for v in inside)
    for year in years:
        for a, b in itertools.pairwise(sorted(year)):
            parted = sum(a < bound <= b for bound in bounds)
            total += parted * max(0.0, width - (b - a)) ** 2
            total += (b - a) ** 2 if not parted and b - a >= 2 * width else 0.0
    return total


def bounds_of(classes: list[Shade]) -> tuple[float, ...]:
    return tuple(s.high for s in classes if s.high is not None)


@settings(max_examples=60, deadline=None)
@given(st.lists(rates, min_size=1, max_size=3), st.sampled_from([1.0, 2.0, 2.5]))
def test_no_other_bounds_cost_less(years: list[list[float]], width: float) -> None:
    """Every choice of up to two bounds on the same round numbers, tried one by one."""
    values = [v for year in years for v in year]
    if max(values) - min(values) < width:
        assert len(shades(years, width)) == 1
        return
    step = round_step(max(width, (max(values) - min(values)) / 60))
    grid = [i * step for i in range(1, 400) if min(values) < i * step <= max(values)]
    tried = [
        bounds
        for n in (0, 1, 2)
        for bounds in itertools.combinations(grid, n)
        if all(b - a >= width for a, b in itertools.pairwise(bounds))
    ]
    best = min(cost(years, bounds, width) for bounds in tried)
    chosen = bounds_of(shades(years, width, most=3))
    assert cost(years, chosen, width) == pytest.approx(best, abs=1e-6)


@given(st.lists(st.lists(st.floats(0, 1e6), max_size=80), max_size=3), st.floats(0.5, 50))
def test_every_area_lies_in_one_of_five_classes(years: list[list[float]], least: float) -> None:
    classes = shades(years, least)
    values = [v for year in years for v in year]
    assert (1 if values else 0) <= len(classes) <= 5
    assert all(a.high == b.low for a, b in itertools.pairwise(classes))
    bounds = bounds_of(classes)
    assert all(b - a >= least * (1 - 1e-9) for a, b in itertools.pairwise(bounds))
    for value in values:
        shade = classes[shade_of(value, classes)]
        assert shade.low is None or shade.low <= value
        assert shade.high is None or value < shade.high


@pytest.mark.parametrize("width", [1.0, 2.0])
@pytest.mark.parametrize(
    "years", [[REGIONS_2025], [REGIONS_2024, REGIONS_2025], [QUARTER, REGIONS_2024, REGIONS_2025]]
)
def test_near_regions_stay_together_and_far_ones_are_parted(
    years: list[list[float]], width: float
) -> None:
    classes = shades(years, width)
    assert shade_of(11.1, classes) == shade_of(11.2, classes)
    assert shade_of(8.6, classes) == shade_of(8.7, classes)
    assert shade_of(15.1, classes) < shade_of(22.1, classes)
    assert shade_of(9.9, classes) < shade_of(15.1, classes)


@settings(max_examples=200)
@given(rates, st.sampled_from([1.0, 2.0]))
def test_neighbours_are_not_parted_while_far_ones_are_joined(
    values: list[float], width: float
) -> None:
    """Of one year: where two neighbours closer than a quarter of the least width are parted, there is
    no pair four widths or more apart in one class that a bound of the same class could part."""
    classes = shades([values], width)
    pairs = list(itertools.pairwise(sorted(values)))
    parted = [b - a for a, b in pairs if shade_of(a, classes) != shade_of(b, classes)]
    joined = [b - a for a, b in pairs if shade_of(a, classes) == shade_of(b, classes)]
    close = any(0 < gap < width / 4 for gap in parted)
    assert not (close and max(joined, default=0) >= 4 * width)


def test_classes_are_as_wide_as_what_intervals_can_tell() -> None:
    assert [(s.low, s.high) for s in shades([REGIONS_2025], 20.0)] == [(None, None)]
    assert len(shades([REGIONS_2025], 6.0)) == 3
    assert shades([], 1.0) == []
    assert len(shades([[5.0, 5.0]], 1.0)) == 1
    assert [round_step(w) for w in (1, 1.9, 2, 2.5, 7, 0.3, 4000)] == [1, 1, 2, 2, 5, 0.2, 2000]


def tones(classes: list[Shade]) -> list[str]:
    return [s.tone for s in classes]


def test_darker_means_larger_in_size_on_each_side_of_zero() -> None:
    assert tones(shades([[1.0, 5.0, 9.0]], 2.0)) == ["c0", "c2", "c3"]
    assert tones(shades([[-9.0, -5.0, -1.0]], 2.0)) == ["d3", "d2", "d0"]
    both = shades([[-9.0, -8.5, 2.0, 2.5]], 2.0)
    assert tones(both) == ["d2", "c0"]  # the loss is larger in size than the gain
    near = shades([[-9.0, -0.4, 0.4, 9.0]], 3.0)
    assert tone_of(0.2, near) == tone_of(-0.2, near) == "n0"  # not to be told from none


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=40), st.floats(0.5, 5))
def test_of_two_classes_of_one_sign_the_farther_from_zero_is_darker(
    values: list[float], least: float
) -> None:
    classes = [s for s in shades([values], least) if s.tone != "n0"]
    for a, b in itertools.combinations(classes, 2):
        if a.tone[0] == b.tone[0]:
            larger, smaller = (b, a) if a.tone[0] == "c" else (a, b)
            assert larger.tone[1] > smaller.tone[1]


@pytest.mark.parametrize("outlier", [3500.0, -3500.0])
def test_an_outlier_does_not_leave_the_others_in_one_colour(outlier: float) -> None:
    """Marks of one year: all others lie within a sixtieth of the way to the outlier."""
    values = [11.0, 12.0, 24.0, 25.0, 39.0, 41.0]
    classes = shades([[*values, outlier]], 1.0)
    assert len({shade_of(v, classes) for v in values}) > 1
    assert shade_of(outlier, classes) in (0, len(classes) - 1)
    same = shades([[5.0, 5.0, 5.0, outlier]], 1.0)
    assert len(same) == 2  # nothing else to tell apart
