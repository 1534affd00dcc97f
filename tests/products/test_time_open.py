"""Time open from ads as they stand in the lake: readings, years, boards that are given up."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from cubes import inputs
from marsad.base.records import Row
from marsad.products import run
from marsad.products.declare import indicator

START = dt.date(2024, 12, 30)


def _values(ads: list[Row]) -> dict[str, Row]:
    """The national figure of all occupations, by year."""
    (blank,) = run.example_tables("time_open")["core_ads"].slice(0, 1).to_pylist()
    schema = run.example_tables("time_open")["core_ads"].schema
    made = [
        {**blank, "ad_key": str(i), "cluster": str(i), "isco08": "", **ad}
        for i, ad in enumerate(ads)
    ]
    table = inputs("time_open", {"core_ads": pa.Table.from_pylist(made, schema=schema)})
    rows = run.compute(indicator("time_open"), table)
    return {row["period"]: row for row in rows if row["area"] == "MA" and row["occupation"] == "_T"}


def _board(seed: int, gap: int, days: int, count: int, board: str = "a") -> list[Row]:
    """Ads of a board that was read every `gap` days for `days` days; half are open 17.5 days or less."""
    dice = np.random.default_rng(seed)
    ads: list[Row] = []
    for _ in range(count):
        posted = int(dice.integers(0, days))
        gone = posted + 17.5 * float(dice.exponential()) / float(np.log(2))
        readings = [d for d in range(0, days, gap) if posted <= d <= gone]
        if readings:
            seen = {"first_seen_on": readings[0], "last_seen_on": readings[-1], "posted_on": posted}
            ads.append(
                {k: START + dt.timedelta(days=v) for k, v in seen.items()} | {"board": board}
            )
    return ads


@pytest.mark.parametrize("gap", [1, 3, 7])
def test_half_of_the_ads_are_gone_when_it_says_so(gap: int) -> None:
    """Of a board that was given up after 70 days; closed ads alone say about 10."""
    row = _values(_board(5, gap, 70, 900))["2025"]
    assert row["value"] == pytest.approx(17, abs=2)
    assert row["lower"] < 17 < row["upper"]


def test_a_year_that_is_over_does_not_change() -> None:
    """Ads cut at its end say the same as all of their days, and later readings add nothing."""
    ads = _board(6, 3, 800, 3000)
    cut = START + dt.timedelta(days=500)
    early = [
        {**ad, "last_seen_on": min(ad["last_seen_on"], cut)}
        for ad in ads
        if ad["first_seen_on"] <= cut
    ]
    now, then = _values(ads), _values(early)
    assert now["2025"] == then["2025"]
    assert [now[year]["value"] for year in ("2025", "2026")] == pytest.approx([17, 17], abs=2.5)


def test_a_board_that_is_given_up_closes_nothing() -> None:
    """Its ads were open when it was last read; another board's readings say nothing of them."""
    other = _board(7, 3, 300, 500, "b")
    alone, both = _values(other), _values([*_board(8, 3, 60, 300, "a"), *other])
    assert both["2025"]["n"] > alone["2025"]["n"]
    assert both["2025"]["value"] == pytest.approx(17, abs=2.5)


def test_a_deadline_is_no_closing() -> None:
    ads = _board(9, 3, 120, 500)
    early = [{**ad, "deadline_on": ad["posted_on"] + dt.timedelta(days=2)} for ad in ads]
    assert _values(early) == _values(ads)
    once = {"posted_on": START, "first_seen_on": START, "last_seen_on": START}
    assert _values([{**once, "deadline_on": START + dt.timedelta(days=9)}] * 20) == {}


def test_survivors_of_what_was_not_observed_tell_no_median() -> None:
    days = [START + dt.timedelta(days=30 + i) for i in range(0, 100, 2)]
    old = [{"posted_on": START, "first_seen_on": days[0], "last_seen_on": day} for day in days]
    row = _values(old)["2025"]
    assert row["value"] is None
    assert row["obs_status"] == "M"
    assert row["note"]


def test_a_board_that_is_seldom_read_is_unreliable() -> None:
    letters = {gap: _values(_board(5, gap, 210, 900))["2025"]["reliability"] for gap in (7, 14)}
    assert letters == {7: "B", 14: "C"}
