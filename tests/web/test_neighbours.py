"""Neighbours touch: regions and provinces by the borders that their outlines share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.areas import area, at_level, region_of
from marsad.web.neighbours import neighbours, touching, vertices

REGIONS = {
    "01": "02 03 04", "02": "01 03 08", "03": "01 02 04 05 08", "04": "01 03 05 06",
    "05": "03 04 06 07 08", "06": "04 05 07", "07": "05 06 08 09", "08": "02 03 05 07 09",
    "09": "07 08 10", "10": "09 11", "11": "10 12", "12": "11",
}  # fmt: skip
"""Drawn from a map of the twelve regions by hand, not from the outlines."""


@pytest.mark.parametrize("number", REGIONS)
def test_regions_that_touch_on_a_map_are_neighbours(number: str) -> None:
    assert neighbours()[f"MA-{number}"] == {f"MA-{n}" for n in REGIONS[number].split()}


def test_being_a_neighbour_is_mutual_and_every_outline_has_one() -> None:
    known = neighbours()
    assert len(known) == 87
    for code, others in known.items():
        assert others, code
        assert code not in others
        assert all(code in known[other] for other in others)
        assert {area(other).level for other in others} == {area(code).level}


@pytest.mark.parametrize(
    ("province", "others"),
    [("Casablanca", {"Médiouna", "Mohammadia", "Nouaceur"}), ("Rabat", {"Salé", "Skhirate-Témara"}),
     ("Oujda-Angad", {"Berkane", "Jerada", "Taourirt"})],
)  # fmt: skip
def test_provinces_have_the_neighbours_of_the_map(province: str, others: set[str]) -> None:
    (code,) = (a.code for a in at_level("province") if a.name["fr"] == province)
    assert {area(other).name["fr"] for other in neighbours()[code]} == others


def test_regions_touch_where_their_provinces_do() -> None:
    for province in (a.code for a in at_level("province") if a.code in neighbours()):
        for other in neighbours()[province]:
            here, there = region_of(province), region_of(other)
            assert here == there or there in neighbours()[here or ""]


@given(st.integers(2, 9), st.integers(0, 3))
def test_squares_touch_by_a_side_and_not_by_a_corner(size: int, gap: int) -> None:
    square = f"l{size} 0 0 {size} -{size} 0"
    paths = {
        "a": f"M0 0{square}z",
        "side": f"M{size + gap} 0{square}z",
        "corner": f"M{size} {size}{square}z",
    }
    beside = touching(paths)
    assert beside["a"] == ({"side"} if gap == 0 else set())
    assert list(vertices("M1 2l3 4-5-6z")) == [(1, 2), (4, 6), (-1, 0)]
