"""The interval of a count of ads: wide enough, and telling nothing of other counts."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from marsad.lake.tables import table
from marsad.products.ad_errors import with_interval

CARDS = [
    ("isco08", "gold: real ads, two readings agree, major group", 191, 0.76, 0.74),
    ("dedup", "gold: pairs of real ads, same opening, precision", 75, 0.96, 1.0),
    ("dedup", "gold: pairs of real ads, same opening, recall", 79, 0.91, 1.0),
]


def _tables(cards: list[tuple[str, str, int, float, float]]) -> dict[str, pa.Table]:
    blank = {name: "" for name in table("core_cards").columns}
    names = ("classifier", "data", "n", "accuracy", "answered")
    made = [
        {**blank, "low": 0.0, "high": 1.0, "calibration_error": None, **dict(zip(names, card))}
        for card in cards
    ]
    canonical = [True] * 9 + [False]
    ads = pa.table(
        {
            "is_canonical": canonical,
            "synthetic": [False] * len(canonical),
            "confidentiality": ["open"] * len(canonical),
        }
    )
    return {"core_cards": pa.Table.from_pylist(made, table("core_cards").schema), "core_ads": ads}


def _rows(*cells: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"survey": "ADS", "occupation": job, "n": n, "value": float(n)} for job, n in cells]


def test_a_group_is_less_sure_than_the_total_and_both_hold_the_count() -> None:
    total, group = with_interval(_rows(("_T", 100), ("7", 100)), _tables(CARDS))
    assert total["lower"] < 100 < total["upper"]
    assert group["lower"] < total["lower"]
    assert group["upper"] > total["upper"]
    assert total["upper"] - total["lower"] > 2 * 1.96 * 10 * 0.95, "at least the chance of a count"


def test_the_interval_tells_nothing_of_the_other_counts() -> None:
    alone = list(with_interval(_rows(("7", 40)), _tables(CARDS)))
    for other in (1, 2, 500):
        beside = list(with_interval(_rows(("7", 40), ("3", other), ("_T", 41)), _tables(CARDS)))
        assert beside[0] == alone[0]


@pytest.mark.parametrize("without", range(3))
def test_nothing_is_claimed_where_nothing_was_measured(without: int) -> None:
    cards = [card for i, card in enumerate(CARDS) if i != without]
    assert list(with_interval(_rows(("7", 40)), _tables(cards))) == _rows(("7", 40))


def test_the_same_count_always_has_the_same_interval() -> None:
    first = list(with_interval(_rows(("7", 40), ("_T", 0)), _tables(CARDS)))
    assert list(with_interval(_rows(("7", 40), ("_T", 0)), _tables(CARDS))) == first
    assert first[1]["lower"] == 0
