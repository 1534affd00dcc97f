"""Places against ads: the rule for saying more or fewer, on figures worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from marsad.base.errors import InputError, NotFoundError
from marsad.flow.steps import Flow
from marsad.publish.read.planner import (
    FEWER,
    LEVEL,
    MORE,
    UNKNOWN,
    YEAR,
    poisson,
    ratio_of,
    verdict_of,
)
from marsad.publish.read.reader import Reader


@given(st.integers(min_value=1, max_value=2000))
def test_the_bounds_are_those_of_the_exact_interval(count: int) -> None:
    low, high = poisson(count)
    assert low == pytest.approx(chi2.ppf(0.025, 2 * count) / 2, rel=0.02, abs=0.08)
    assert high == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2, rel=0.01)


def test_more_or_fewer_is_said_only_when_the_interval_leaves_out_one() -> None:
    assert verdict_of(ratio_of(200, 100)) == MORE
    assert verdict_of(ratio_of(110, 100)) == LEVEL
    assert verdict_of(ratio_of(50, 100)) == FEWER
    assert verdict_of(ratio_of(200, 4)) == UNKNOWN
    # 0 places are as sure as any number of them: they are not drawn by chance.
    assert verdict_of(ratio_of(0, 20)) == FEWER


def test_fewer_is_not_said_where_places_are_untold() -> None:
    assert verdict_of(ratio_of(50, 100), partial=True) == UNKNOWN
    assert verdict_of(ratio_of(200, 100), partial=True) == MORE


def test_ads_of_half_a_year_stand_against_half_of_the_places() -> None:
    half, whole = ratio_of(200, 100, 0.5), ratio_of(100, 100)
    assert half is not None
    assert half == whole
    assert half.value == pytest.approx(1.0)
    assert half.over(2.0).value == pytest.approx(0.5)


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


def test_nothing_is_lost_or_counted_twice(reader: Reader) -> None:
    by_region = reader.planner.plan("region")
    assert by_region.synthetic
    assert sum(one.places for one in by_region.cells) == by_region.places
    by_group = reader.planner.plan("occupation")
    assert sum(one.ads for one in by_group.cells) == by_group.coded_ads == by_group.reached
    by_field = reader.planner.plan("field")
    assert sum(one.ads for one in by_field.cells) == pytest.approx(by_field.reached, abs=0.5)
    assert by_field.reached <= by_field.coded_ads <= by_field.ads
    inside = reader.planner.plan("province", "MA-06")
    assert all(one.code.startswith("MA-06") for one in inside.cells)
    assert inside.year == by_region.year
    with pytest.raises(InputError):
        reader.planner.plan("colour")
    with pytest.raises(InputError):
        reader.planner.plan("field", "MA")
    with pytest.raises(NotFoundError):
        reader.planner.plan("field", "MA-99")


def test_the_ads_at_hand_span_what_is_said(reader: Reader) -> None:
    plan = reader.planner.plan("region")
    assert plan.since is not None
    assert plan.until is not None
    days = (plan.until - plan.since).days + 1
    assert plan.share == (1.0 if days > YEAR - 7 else pytest.approx(days / YEAR))
    verdicts = {one.verdict for one in plan.cells}
    assert verdicts <= {MORE, LEVEL, FEWER, UNKNOWN}
