"""Areas: the official division of the 2024 census, and groups of regions beside it."""

from __future__ import annotations

import pytest

from marsad.base.areas import COUNTRY, LEVELS, area, areas, at_level, children, from_hcp, region_of
from marsad.base.errors import NotFoundError
from marsad.base.labels import missing


def test_counts_of_the_official_division() -> None:
    counts = {level: len(at_level(level)) for level in LEVELS}
    assert counts == {
        "country": 1,
        "region_group": 1,
        "region": 12,
        "province": 83,  # 75, and the 8 prefectures of arrondissements of Casablanca
        "commune": 1503,
    }
    directly = [a for a in at_level("province") if areas()[str(a.parent)].level == "region"]
    assert len(directly) == 75


def test_every_parent_stands_before_its_children() -> None:
    seen: set[str] = set()
    for code, place in areas().items():
        assert place.code == code
        assert (place.parent in seen) if place.parent else code == COUNTRY
        seen.add(code)


def test_names_in_three_languages() -> None:
    assert [a.code for a in areas().values() if missing(a.name)] == []


def test_population_of_a_region_is_that_of_its_provinces() -> None:
    for region in at_level("region"):
        parts = [a.population_2024 or 0 for a in children(region.code)]
        assert sum(parts) == region.population_2024


@pytest.mark.parametrize(
    ("hcp", "code", "level", "parent"),
    [
        (None, "MA", "country", None),
        ("06", "MA-06", "region", "MA"),
        ("01.511", "MA-01-511", "province", "MA-01"),
        ("01.511.01.0", "MA-01-511-01-0", "commune", "MA-01-511"),
    ],
)
def test_codes(hcp: str | None, code: str, level: str, parent: str | None) -> None:
    assert from_hcp(hcp) == code
    assert area(code).level == level
    assert area(code).parent == parent


def test_prefectures_of_arrondissements_lie_in_casablanca() -> None:
    inside = [a for a in at_level("province") if areas()[str(a.parent)].level == "province"]
    assert len(inside) == 8
    assert {a.parent for a in inside} == {"MA-06-141"}


def test_the_grouped_south_is_an_area_of_its_own() -> None:
    south = area("MA-SUD")
    assert south.level == "region_group"
    assert south.population_2024 is None
    assert children("MA-SUD") == ()
    assert region_of("MA-SUD") is None


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("MA-01-511-01-0", "MA-01"),
        ("MA-06-141", "MA-06"),
        ("MA-09", "MA-09"),
        ("MA", None),
        ("MA-99", None),
    ],
)
def test_region_of(code: str, region: str | None) -> None:
    assert region_of(code) == region


def test_region_of_a_deep_area_inside_casablanca() -> None:
    deep = [a.code for a in at_level("commune") if a.code.startswith("MA-06-141")]
    assert {region_of(code) for code in deep} == {"MA-06"}


def test_unknown_area() -> None:
    with pytest.raises(NotFoundError, match="MA-99"):
        area("MA-99")


def test_labels() -> None:
    assert area("MA").label("ar") == "المغرب"
    assert area("MA-06").label("fr").startswith("Casablanca")
    assert area("MA").label("de") == "Morocco"
