"""Quarterly unemployment over the break of 2017: the old figures beside what they would have been on
the survey of 2017, with the uncertainty of that bridge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.records import Row
from marsad.products.series import Line, lines
from marsad.products.statistics.breaks import FEWEST_AROUND, backcast, bridge_model
from marsad.products.tabular import Tables

BREAK, UNTIL = "2017-Q1", "2019-Q4"
"""The first quarter of the new survey, and the last before the pandemic, which would mask it."""


def compute(tables: Tables) -> Iterator[Row]:
    """For each series that stands long enough around the break, one row for each quarter before it
    as published and as bridged, and the size of the break itself."""
    for line in lines(tables["core_observations"], "unemployment_rate", "Q"):
        if BREAK not in line.periods or UNTIL not in line.periods:
            continue
        at, until = line.periods.index(BREAK), line.periods.index(UNTIL) + 1
        values = line.values[:until]
        if at < FEWEST_AROUND or np.isnan(values).any():
            continue
        yield from _rows(line, at, values)


def _rows(line: Line, at: int, values: np.ndarray) -> Iterator[Row]:
    bridge = bridge_model(values, at, "additive", line.season)
    old, new = values.copy(), np.full(len(values), np.nan)
    old[at:], new[at:] = np.nan, values[at:]
    carried = backcast(old, new, bridge)
    same = {**line.key, "source": line.source, "reliability": "C"}
    yield {
        **same,
        "period": BREAK,
        "category": "shift",
        "value": bridge.shift,
        "lower": bridge.lower,
        "upper": bridge.upper,
        "unit": "PP",
        "obs_status": "E",
        "note": f"level shift in a model of {len(values)} quarters, {line.periods[0]} to {UNTIL}",
    }
    for i in range(at):
        period = {**same, "period": line.periods[i], "unit": line.unit}
        yield {
            **period,
            "category": "as_published",
            "value": float(values[i]),
            "reliability": "B",
        }
        yield {
            **period,
            "category": "bridged",
            "value": float(carried.values[i]),
            "lower": float(carried.lower[i]),
            "upper": float(carried.upper[i]),
            "obs_status": "E",
        }
