"""Balances of opinion: their interval covers, and the gate lets no small group be worked out."""

from __future__ import annotations

import math

import pytest

from marsad.base.codes import TOTAL
from marsad.base.records import Row
from marsad.lake.tables import table
from marsad.products.declare import indicator
from marsad.products.run import compute, publishable
from marsad.products.statistics.intervals import balance


def _coverage(n: int, up: float, down: float) -> float:
    """The exact chance that the interval of `n` answers holds the balance."""
    held = 0.0
    for a in range(n + 1):
        for b in range(n - a + 1):
            c = n - a - b
            ways = math.lgamma(n + 1) - math.lgamma(a + 1) - math.lgamma(b + 1) - math.lgamma(c + 1)
            low, high = balance(a, b, n)
            if low <= 100 * (up - down) <= high:
                parts = a * math.log(up) + b * math.log(down) + c * math.log(1 - up - down)
                held += math.exp(ways + parts)
    return held


def test_the_interval_covers_the_balance_nineteen_times_in_twenty() -> None:
    chances = [_coverage(20, i / 10, j / 10) for i in range(1, 9) for j in range(1, 10 - i)]
    assert min(chances) > 0.92
    assert 0.93 < sum(chances) / len(chances) < 0.97
    for wrong in ((1, 1, 0), (-1, 0, 5), (3, 3, 5)):
        with pytest.raises(ValueError, match="no sides"):
            balance(*wrong)


def _cells(cells: dict[tuple[str, str], tuple[int, int, int]]) -> list[Row]:
    rows: list[Row] = []
    for (area, category), counts in cells.items():
        for name, n in zip(("answers", "positive", "negative"), counts):
            row = {name: "" for name in table("core_observations").columns}
            row |= {
                "indicator": f"opinion_{name}", "freq": "Q", "period": "2026-Q3", "area": area,
                "survey": "OPINION_SURVEY", "sex": TOTAL, "age": TOTAL, "urbanisation": TOTAL,
                "education": TOTAL, "category": category, "vintage": "current", "source_id": "opinion_survey",
                "value": float(n), "unit": "NB", "obs_status": "A", "n_sources": 1, "synthetic": False,
            }  # fmt: skip
            rows.append(row)
    return rows


def _published(cells: dict[tuple[str, str], tuple[int, int, int]]) -> dict[tuple[str, str], Row]:
    observations = table("core_observations").arrow(_cells(cells))
    declared = indicator("opinion_balance")
    assert len(list(compute(declared, {"core_observations": observations}))) == len(cells)
    history = table("out_history").schema.empty_table()
    values = publishable(declared, lambda _: observations, history, None).to_pylist()
    return {(row["area"], row["category"]): row for row in values}


def test_a_small_group_is_hidden_and_with_it_what_would_tell_it() -> None:
    values = _published(
        {
            ("MA", "q"): (60, 30, 10),
            ("MA-06", "q"): (40, 20, 8),
            ("MA-09", "q"): (17, 9, 1),
            ("MA-01", "q"): (3, 1, 1),
            ("MA", "q@a"): (30, 15, 5),
            ("MA", "q@b"): (26, 13, 4),
            ("MA", "q@_U"): (4, 2, 1),
        }
    )
    hidden = {key for key, row in values.items() if row["value"] is None}
    assert {("MA-01", "q"), ("MA", "q@_U")} <= hidden
    assert len([key for key in hidden if key[0] != "MA"]) >= 2, "one alone is told by subtraction"
    assert len([key for key in hidden if "@" in key[1]]) >= 2, "so is one sector"
    for key in hidden:
        assert (values[key]["n"], values[key]["lower"], values[key]["conf_status"]) == (
            None,
            None,
            "C",
        )
    assert values["MA", "q"]["value"] == pytest.approx(100 / 3)


def test_a_group_of_one_answer_is_hidden() -> None:
    values = _published(
        {("MA", "q"): (30, 12, 3), ("MA-06", "q"): (8, 8, 0), ("MA-09", "q"): (22, 4, 3)}
    )
    assert values["MA-06", "q"]["value"] is None
