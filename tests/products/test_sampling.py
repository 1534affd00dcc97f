"""Sampling errors reckoned for a survey that publishes none: whom they are given to, and whether they hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from marsad.base.records import Row
from marsad.lake.tables import table
from marsad.products.sampling import design, with_sampling_error
from marsad.products.statistics.intervals import wilson

RATE: Row = {
    "area": "MA-06", "survey": "ENE", "period": "2025", "sex": "_T", "age": "Y_GE15", "urbanisation": "_T",
    "education": "_T", "category": "_T", "value": 14.6,
}  # fmt: skip


def counts(**people: float) -> dict[str, pa.Table]:
    """The census: `area indicator` -> people of it."""
    blank = {name: "" for name in table("core_observations").columns}
    rows = [
        {
            **blank, "indicator": indicator, "area": area.replace("_", "-"), "survey": "RGPH2024",
            "sex": "_T", "urbanisation": "_T", "education": "_T", "category": "_T", "value": value,
            "n_sources": 1, "synthetic": False,
        }
        for (area, indicator), value in ((key.split("__"), v) for key, v in people.items())
    ]  # fmt: skip
    return {"core_observations": table("core_observations").arrow(rows)}


CENSUS = counts(MA__population_15_plus=1000, MA_06__active_persons=100, MA_10__active_persons=30,
                MA_11__active_persons=10, MA_12__active_persons=5)  # fmt: skip


def bounds(**changed: object) -> tuple[float, float] | None:
    (row,) = with_sampling_error([{**RATE, **changed}], CENSUS, "active_persons")
    return (row["lower"], row["upper"]) if row.get("lower") is not None else None


def test_a_cell_has_its_share_of_the_sample() -> None:
    people = 90_000 * 2.9 / 2.5 * 100 / 1000  # a tenth of the adults of the census are in this cell
    assert bounds() == pytest.approx(wilson(0.146 * people, people))
    assert bounds(period="2025-Q3") == pytest.approx(wilson(0.146 * people / 4, people / 4))
    earlier = people * 60 / 90
    assert bounds(period="2010") == pytest.approx(wilson(0.146 * earlier, earlier))


def test_a_group_of_regions_is_their_sum() -> None:
    people = 90_000 * 2.9 / 2.5 * 45 / 1000
    assert bounds(area="MA-SUD") == pytest.approx(wilson(0.146 * people, people))


@pytest.mark.parametrize(
    "changed",
    [
        {"age": "Y15T24"}, {"education": "higher"}, {"sex": "F"}, {"period": "2026"}, {"period": "2001"},
        {"survey": "RGPH2024"}, {"value": None}, {"area": "MA-01"},
    ],
)  # fmt: skip
def test_none_is_made_up_where_the_sample_of_a_cell_is_not_known(
    changed: dict[str, object],
) -> None:
    assert bounds(**changed) is None


def test_bounds_that_a_producer_gives_stay() -> None:
    assert bounds(lower=14.0, upper=15.0) == (14.0, 15.0)


def test_the_bounds_hold_the_rate_of_simulated_surveys_of_that_design() -> None:
    """Blocks of twenty households that differ as much as makes the design effect that is assumed."""
    dice, rate, blocks, people = np.random.default_rng(19), 0.13, 400, 26
    within = (design().design_effect - 1) / (people - 1)  # the correlation inside a block
    shape = (1 - within) / within
    held, runs = 0, 1000
    for _ in range(runs):
        blocks_rate = dice.beta(rate * shape, (1 - rate) * shape, blocks)
        unemployed = dice.binomial(people, blocks_rate).sum()
        n = blocks * people / design().design_effect
        low, high = wilson(unemployed / (blocks * people) * n, n)
        held += low <= 100 * rate <= high
    assert 0.93 <= held / runs <= 0.97
