"""Median days that ads stay open, as those at risk of closing in a year show it, by area and group.

Of an ad in a year the cube core_ad_spells tells, in days since posting, the last day it is known to have been
open, the last on which it can have been, and the day since which it was observed: it closed between two
readings of its board, or was still open at the end of the year, or FRESH before its board was last read. An
ad first seen more than LEAD after it was posted is a survivor, of a time that was not observed: not in it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.records import Row
from marsad.products.statistics.durations import middle, time_open
from marsad.products.tabular import SYNTHETIC, Tables, parts, reference_days, year_status

WEEK = 7
NO_MEDIAN = (
    "fewer than half are known to have closed, or their beginning was not observed: no median"
)


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area and occupation group with ads at risk; without a value where
    no median can be told."""
    observed_to = reference_days(tables)
    for (survey, year, area, group), cells in parts(tables["core_ad_spells"]):
        last, latest, entered, n = (
            cells[name].to_numpy().astype(float) for name in ("last", "latest", "entered", "n")
        )
        latest = np.where(np.isnan(latest), np.inf, latest)
        estimate = time_open(last, latest, entered, n)
        status = year_status(observed_to.get(survey), year)
        yield {
            "survey": survey,
            "period": year,
            "area": area,
            "occupation": group,
            "value": estimate.median,
            "lower": estimate.lower,
            "upper": estimate.upper,
            "n": int(n.sum()),
            "reliability": "C" if _seldom_read(latest - last, n) else "B",
            "obs_status": "M" if estimate.median is None else status,
            "note": NO_MEDIAN if estimate.median is None else "",
            "synthetic": survey == SYNTHETIC,
        }


def _seldom_read(gaps: np.ndarray, n: np.ndarray) -> bool:
    """Whether most ends are known to lie between readings more than a week apart only."""
    ended = np.isfinite(gaps)
    return bool(ended.any()) and middle(gaps[ended], n[ended]) > WEEK
