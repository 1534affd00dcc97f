"""Which trades are near: the familiar ones, none of the absurd ones, none where nothing is near."""

from __future__ import annotations

import pytest

from marsad.products.matching.guess import Person
from marsad.products.matching.likeness import LEAST, MOST_NEAR, REGULATED, lists
from marsad.products.matching.near import FILE, near
from marsad.products.matching.pathways import paths
from marsad.products.matching.tasks import tasks


@pytest.mark.parametrize(
    ("group", "close"),
    [("8322", "8332"), ("7112", "7114"), ("5141", "5142"), ("7531", "8153"), ("3313", "2411"),
     ("7411", "7412"), ("5120", "9412"), ("2512", "2513"), ("9112", "9111"), ("6113", "9214")],
)  # fmt: skip
def test_trades_that_share_work_are_near(group: str, close: str) -> None:
    assert close in {one.code for one in near(group)}


@pytest.mark.parametrize(
    ("group", "absurd"),
    [("8322", "3154"), ("8322", "8311"), ("5141", "9331"), ("5141", "7234"), ("4226", "2230"), ("7531", "1223"),
     ("7411", "8111"), ("3411", "2612"), ("7512", "7516")],
)  # fmt: skip
def test_trades_without_anything_in_common_are_not(group: str, absurd: str) -> None:
    assert absurd not in {one.code for one in near(group)}
    assert absurd not in {path.code for path in paths(Person(occupation=group), 50)}


def test_every_list_is_short_ordered_and_may_be_empty() -> None:
    lists = {code: near(code) for code in tasks().codes}
    for code, groups in lists.items():
        assert len(groups) <= MOST_NEAR
        assert code not in {one.code for one in groups}
        assert all(one.alike >= LEAST for one in groups)
        assert [one.alike for one in groups] == sorted((one.alike for one in groups), reverse=True)
    assert any(not groups for groups in lists.values())
    assert near("9999") == []


def test_nobody_slips_into_a_trade_that_the_law_keeps() -> None:
    for code in tasks().codes:
        closed = {one.code for one in near(code)} & set(REGULATED)
        assert all(one[:3] == code[:3] for one in closed)


def test_what_ships_is_what_the_weights_give() -> None:
    """Sums may differ in their last digit from machine to machine."""
    made, shipped = (
        {tuple(line.split(",")[:2]): float(line.split(",")[2]) for line in text.split()[1:]}
        for text in (lists().decode(), FILE.read_text("utf-8"))
    )
    assert len(made) > 1_000
    assert made == pytest.approx(shipped, abs=0.002)
