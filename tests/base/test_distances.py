"""Kilometres between areas, «about»: from centres of provinces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marsad.base.areas import at_level
from marsad.base.distances import about_km, centres, located

PROVINCES = st.sampled_from([area.code for area in at_level("province")])


def test_known_ways_are_about_right() -> None:
    casablanca, fes, salé = "MA-06-141", "MA-03-231", "MA-04-441"
    assert about_km(casablanca, fes) in range(230, 270)
    assert about_km(casablanca, salé) in range(70, 110)


def test_a_commune_stands_at_its_province_and_the_country_nowhere() -> None:
    assert located("MA-01-511-01-0") == "MA-01-511"
    assert about_km("MA-01-511-01-0", "MA-01-511") == 0
    assert about_km("MA", "MA-06") is None
    assert about_km("MA-06", "nowhere") is None


def test_every_province_and_region_has_a_centre_in_the_country() -> None:
    assert all(located(area.code) for area in (*at_level("province"), *at_level("region")))
    assert all(20 < lat < 36 and -18 < lon < -1 for lat, lon in centres().values())


@given(PROVINCES, PROVINCES)
def test_a_way_is_as_long_both_ways(one: str, other: str) -> None:
    assert about_km(one, other) == about_km(other, one)
