"""Unemployment by province, pooled over three years, with the interval that their movement tells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.areas import areas
from marsad.base.records import Row
from marsad.products.tabular import Tables, official
from marsad.products.vintages import SUPERSEDED

YEARS, FIRST = 3, "2017"
"""Years pooled, and the first of the survey's present basis: nothing is pooled across a break."""


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each province and each year that ends three published ones: their mean, with bounds
    at 95 % from the spread of provinces around their own mean and the movement common to all."""
    series: dict[str, dict[int, Row]] = {}
    whole = {"freq": "A", "survey": "ENE", "sex": "_T", "age": "Y_GE15", "urbanisation": "_T"}
    for row in official(tables["core_observations"], "unemployment_rate", **whole):
        known = row["value"] is not None and row["vintage"] not in SUPERSEDED
        known = known and row["period"] >= FIRST
        if known and row["education"] == "_T" and areas()[row["area"]].level == "province":
            series.setdefault(row["area"], {})[int(row["period"])] = row
    ends = sorted({year for rows in series.values() for year in rows})
    for end in ends:
        window = range(end - YEARS + 1, end + 1)
        yield from _pooled([r for r in series.values() if all(y in r for y in window)], window)


def _pooled(provinces: list[dict[int, Row]], window: range) -> Iterator[Row]:
    if len(provinces) < 2:
        return
    values = np.array([[rows[year]["value"] for year in window] for rows in provinces])
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    free = (len(provinces) - 1) * (YEARS - 1)
    half = 1.959964 * float(np.sqrt(np.square(rest).sum() / free / YEARS))
    for rows, value in zip(provinces, values.mean(axis=1).tolist()):
        yield {
            **rows[window[-1]],
            "value": value,
            "lower": max(0.0, value - half),
            "upper": value + half,
            "obs_status": "E",
            "reliability": "C",
            "verification": "",
            "note": f"mean of {window[0]} to {window[-1]}; {len(provinces)} provinces",
        }
