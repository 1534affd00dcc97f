"""The index is weighted to those whom ads look for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from marsad.lake.tables import table
from marsad.products.indicators.job_ad_index.compute import _employees, _weights


def _observations() -> dict[str, pa.Table]:
    """Two regions of as many employed; in the second three of four work for themselves."""
    declared = table("core_observations")
    (blank,) = [
        {
            name: None if c.type.endswith("?") else {"int": 1, "bool": False}.get(c.type, "_T")
            for name, c in declared.columns.items()
        }
    ]
    blank |= {
        "survey": "RGPH2024",
        "freq": "A",
        "period": "2024",
        "age": "Y_GE15",
        "vintage": "current",
    }
    rows = [
        {**blank, "indicator": "employed_persons", "area": area, "value": 1000.0, "source": area}
        for area in ("MA-01", "MA-02")
    ]
    for area, category, value in (
        ("MA-01", "private_sector", 50.0), ("MA-01", "public_sector", 25.0),
        ("MA-02", "private_sector", 20.0), ("MA-02", "public_sector", 5.0),
        ("MA-01", "self_employed", 25.0), ("MA-02", "self_employed", 75.0),
    ):  # fmt: skip
        rows.append(
            {
                **blank,
                "indicator": "status_in_employment",
                "area": area,
                "category": category,
                "value": value,
            }
        )
    return {"core_observations": pa.Table.from_pylist(rows, schema=declared.schema)}


def test_employees_are_counted_and_not_those_on_their_own_account() -> None:
    assert _employees(_observations()) == {"MA-01": 750.0, "MA-02": 250.0}


def test_ads_are_weighted_to_employees() -> None:
    regions, sectors, n = ("MA-01", "MA-02", ""), ("", "", ""), np.array([1.0, 2.0, 1.0])
    weights, effect = _weights(_observations(), regions, sectors, n)
    assert weights[0] == pytest.approx(3 * 750 / 1000)
    assert weights[1] == pytest.approx(3 * 250 / 1000 / 2)
    assert weights[2] == pytest.approx(1)
    assert effect > 1
