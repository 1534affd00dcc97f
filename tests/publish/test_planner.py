"""Places against ads: the rule for saying more or fewer, on figures worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from marsad.base.errors import InputError, NotFoundError
from marsad.flow import Flow
from marsad.publish.planner import FEWER, LEVEL, MORE, UNKNOWN, judge, poisson
from marsad.publish.query import AdQuery, Reader


@given(st.integers(min_value=1, max_value=2000))
def test_the_bounds_are_those_of_the_exact_interval(count: int) -> None:
    low, high = poisson(count)
    assert low == pytest.approx(chi2.ppf(0.025, 2 * count) / 2, rel=0.02, abs=0.08)
    assert high == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2, rel=0.01)


def test_a_cell_is_judged_only_when_its_interval_leaves_the_whole() -> None:
    assert judge("a", 400, 100, 2.0).verdict == MORE
    assert judge("a", 210, 100, 2.0).verdict == LEVEL
    assert judge("a", 100, 100, 2.0).verdict == FEWER
    assert judge("a", 400, 4, 2.0).verdict == UNKNOWN
    assert judge("a", 400, 100, 2.0).relative == pytest.approx(2.0)


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


def test_nothing_is_lost_or_counted_twice(reader: Reader) -> None:
    by_region = reader.planner.plan("region")
    assert by_region.synthetic
    assert sum(one.places for one in by_region.cells) == by_region.places
    by_field = reader.planner.plan("field")
    reachable = reader.planner.plan("occupation")
    assert sum(one.ads for one in by_field.cells) <= by_field.coded_ads
    # An ad counts once; trainings whose field is unknown lead to no field.
    assert sum(one.ads for one in by_field.cells) <= sum(one.ads for one in reachable.cells) + 1e-6
    assert by_field.reached == round(sum(one.ads for one in by_field.cells))
    inside = reader.planner.plan("province", "MA-06")
    assert all(one.code.startswith("MA-06") for one in inside.cells)
    with pytest.raises(InputError):
        reader.planner.plan("colour")
    with pytest.raises(NotFoundError):
        reader.planner.plan("field", "MA-99")


def test_the_demand_for_an_occupation_is_that_of_its_parts(reader: Reader) -> None:
    profiles = reader.profiles
    whole = profiles.demand(AdQuery(occupation="72"))
    parts = [profiles.demand(AdQuery(occupation=c)) for c in profiles.occupations("72", 4)]
    assert whole.total == sum(part.total for part in parts)
    assert sum(n for _, n in whole.months) <= whole.total
    assert all(part.pay.median is None for part in parts if part.pay.n < 10)
    told = [part.pay for part in parts if part.pay.median is not None]
    for pay in told:
        assert pay.lower is not None
        assert pay.median is not None
        assert pay.upper is not None
        assert pay.lower <= pay.median <= pay.upper


def test_neighbours_share_what_they_are_said_to_share(reader: Reader) -> None:
    near = reader.profiles.neighbours("7212")
    assert near[0].alike is not None
    assert all(0 < one.alike <= 1.0001 for one in near if one.alike is not None)
    assert "7213" in [one.code for one in near]
    assert "7212" not in [one.code for one in near]
    assert {one.code for one in near} >= {"7211", "7214"}  # the rest of the minor group
