"""Counts of ads: exact, their parts add up, and their bounds are those of chance alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest

from cubes import inputs
from marsad.products import run
from marsad.products.declare import indicator
from marsad.products.statistics.intervals import poisson
from marsad.products.tabular import with_chance

CODES = ("7212", "2411", "2512", "5223", "")


def _ads(name: str, seed: int, **other: object) -> dict[str, pa.Table]:
    """What an indicator reads of ads of two months of one board, read on every tenth day, a part without a code or a place."""
    dice = np.random.default_rng(seed)
    (blank,) = run.example_tables("new_ads")["core_ads"].slice(0, 1).to_pylist()
    rows = []
    for i in range(200):
        posted = dt.date(2026, 3, 1) + dt.timedelta(days=int(dice.integers(0, 60)))
        seen = posted + dt.timedelta(days=int(dice.integers(0, 5)))
        rows.append(
            {
                **blank,
                "ad_key": str(i),
                "cluster": str(i),
                "isco08": str(dice.choice(CODES)),
                "region": str(dice.choice(("MA-01", "MA-06", ""))),
                "posted_on": posted,
                "first_seen_on": posted,
                "last_seen_on": seen,
                **other,
            }
        )
    schema = run.example_tables("new_ads")["core_ads"].schema
    return inputs(name, {"core_ads": pa.Table.from_pylist(rows, schema=schema)})


@pytest.mark.parametrize("name", ["new_ads", "open_ads"])
@pytest.mark.parametrize("seed", range(3))
def test_the_occupations_of_a_count_add_up_to_it(name: str, seed: int) -> None:
    parts: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in run.compute(indicator(name), _ads(name, seed)):
        parts[row["period"], row["area"]][row["occupation"]] = row["value"]
    assert parts
    for cells in parts.values():
        total = cells.pop("_T")
        assert sum(cells.values()) == total
    assert any("_U" in cells for cells in parts.values())


def test_those_without_a_code_protect_and_are_protected() -> None:
    """In a register they are a cell like others: a total less the rest tells nothing small."""
    tables = _ads("new_ads", 4, confidentiality="aggregate_only")
    rows = run.publishable(indicator("new_ads"), tables.__getitem__).to_pylist()
    for period in {row["period"] for row in rows}:
        for area in ("MA", "MA-01", "MA-06"):
            cells = [r for r in rows if r["period"] == period and r["area"] == area]
            assert sum(r["value"] is None for r in cells) != 1
            assert all(r["value"] is None or r["value"] >= 3 for r in cells)
    assert any(row["occupation"] == "_U" for row in rows)


def test_a_count_says_its_chance_and_depends_on_no_other() -> None:
    row = with_chance({"value": 0.2, "n": 2})
    low, high = poisson(2)
    assert (row["lower"], row["upper"]) == pytest.approx((0.1 * low, 0.1 * high))
    assert with_chance({"value": 0.0, "n": 0})["lower"] == 0


@pytest.mark.parametrize("share", [0.02, 0.10, 0.40])
def test_the_bounds_hold_what_they_are_said_to_hold(share: float) -> None:
    """Ads whose coder is right for four of five: the bounds hold the number that is coded so on average
    (and not the true one, of which they make no claim)."""
    dice = np.random.default_rng(7)
    size, right = 2000, 0.795
    coded = size * (share * right + (1 - share) * (1 - right) / 9)
    counts = dice.poisson(coded, 4000)
    held = [low <= coded <= high for low, high in map(poisson, counts.tolist())]
    assert 0.93 <= np.mean(held) <= 0.97
