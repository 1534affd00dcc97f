"""Unemployment by province, pooled over three years, with the interval that their movement tells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.records import Row
from marsad.products.moves import PRIOR, moves, provinces, variances
from marsad.products.statistics.intervals import student
from marsad.products.tabular import Tables

YEARS = 3
"""Years pooled."""


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each province and each year that ends three published ones: their mean, with bounds
    at 95 % from its own year-to-year moves, less the movement common to all (`products/moves.py`)."""
    series = provinces(tables)
    moved = moves(series)
    for end in sorted({year for rows in series.values() for year in rows}):
        window = range(end - YEARS + 1, end + 1)
        known = variances(moved, end)
        for area, rows in series.items():
            if all(year in rows for year in window):
                yield _pooled(rows, window, *known[area])


def _pooled(rows: dict[int, Row], window: range, variance: float, free: int) -> Row:
    value = float(np.mean([rows[year]["value"] for year in window]))
    half = student(free) * float(np.sqrt(variance / YEARS))
    return {
        **rows[window[-1]],
        "value": value,
        "lower": max(0.0, value - half),
        "upper": value + half,
        "obs_status": "E",
        "reliability": "C",
        "verification": "",
        "note": f"mean of {window[0]} to {window[-1]}; error from {free - PRIOR} yearly moves",
    }
