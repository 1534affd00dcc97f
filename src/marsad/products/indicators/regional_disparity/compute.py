"""How unequal unemployment is between regions: Gini coefficient and range of the regional rates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.areas import areas
from marsad.base.records import Row
from marsad.products.tabular import Tables, official
from marsad.products.vintages import SUPERSEDED

FEWEST = 9


def compute(tables: Tables) -> Iterator[Row]:
    """For each year in which nine regions or more are published (the grouped South is one), the Gini
    coefficient of their rates, unweighted, and the highest less the lowest."""
    years: dict[str, dict[str, Row]] = {}
    whole = {"freq": "A", "survey": "ENE", "sex": "_T", "age": "Y_GE15", "urbanisation": "_T"}
    for row in official(tables["core_observations"], "unemployment_rate", **whole):
        known = row["value"] is not None and row["vintage"] not in SUPERSEDED
        if known and row["education"] == "_T" and _regional(row["area"]):
            years.setdefault(row["period"], {})[row["area"]] = row
    for rows in years.values():
        if len(rows) >= FEWEST:
            yield from _rows(rows)


def _regional(area: str) -> bool:
    return areas()[area].level in ("region", "region_group")


def gini(values: np.ndarray) -> float:
    """Mean absolute difference of all pairs over twice the mean."""
    gaps = np.abs(values[:, None] - values[None, :])
    return float(gaps.mean() / (2 * values.mean()))


def _rows(rows: dict[str, Row]) -> Iterator[Row]:
    values = np.array([row["value"] for row in rows.values()], dtype=float)
    same = {
        **next(iter(rows.values())),
        "area": "MA",
        "obs_status": "E",
        "verification": "",
        "reliability": "C",
        "note": f"{len(values)} regions, from {values.min():.1f} % to {values.max():.1f} %",
    }
    yield {**same, "category": "gini", "value": gini(values), "unit": "RA"}
    yield {**same, "category": "range", "value": float(np.ptp(values)), "unit": "PP"}
