"""Median days that ads stay open, as those at risk of closing in a year show it, by area and group."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from marsad.base.records import Row
from marsad.products.statistics.durations import time_open
from marsad.products.tabular import (
    Tables,
    areas_of,
    major_groups,
    openings,
    reference_days,
    year_status,
)
from marsad.products.windows import FRESH, LEAD, board_of, next_reading, read_days

DAY, WEEK = dt.timedelta(days=1), 7
Spell = tuple[float, float, float]
"""Of an ad in a year, in days since posting: the last day it is known to have been open, the last on
which it can have been (inf: not known to have closed), and the day since which it was observed."""
NO_MEDIAN = (
    "fewer than half are known to have closed, or their beginning was not observed: no median"
)


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area and occupation group with ads at risk; without a value where
    no median can be told."""
    ads = openings(tables)
    read_on = read_days(ads)
    observed_to = reference_days(ads)
    spells: dict[tuple[str, str, str, str], list[Spell]] = defaultdict(list)
    for ad in ads:
        for year, spell in _spells(ad, read_on.get(board_of(ad), ())):
            for area, group in product(areas_of(ad["region"]), major_groups(ad["isco08"])):
                spells[ad["survey"], year, area, group].append(spell)
    for (survey, year, area, group), known in spells.items():
        estimate = time_open(*np.array(known).T)
        status = year_status(observed_to.get(survey), year)
        yield {
            "survey": survey,
            "period": year,
            "area": area,
            "occupation": group,
            "value": estimate.median,
            "lower": estimate.lower,
            "upper": estimate.upper,
            "n": len(known),
            "reliability": "C" if _seldom_read(known) else "B",
            "obs_status": "M" if estimate.median is None else status,
            "note": NO_MEDIAN if estimate.median is None else "",
            "synthetic": survey == "ADS_SYNTHETIC",
        }


def _seldom_read(spells: Sequence[Spell]) -> bool:
    """Whether most ends are known to lie between readings more than a week apart only."""
    gaps = [latest - last for last, latest, _ in spells if np.isfinite(latest)]
    return bool(gaps) and float(np.median(gaps)) > WEEK


def _spells(ad: Row, days_read: Sequence[dt.date]) -> Iterator[tuple[str, Spell]]:
    """What each year tells of an ad: it closed between two readings of its board, or was still open at
    the end of the year, or FRESH before its board was last read. An ad first seen more than LEAD after it
    was posted is a survivor, of a time that was not observed."""
    posted, last = ad["posted_on"], ad["last_seen_on"]
    if posted is None or last is None or last < posted:
        return
    seen = max(ad["first_seen_on"] or posted, posted)
    horizon = days_read[-1] - FRESH
    if seen - posted > LEAD or seen > horizon:
        return
    closed = last <= horizon
    latest = next_reading(last, days_read) - DAY if closed else dt.date.max
    for year in range(seen.year, min(last, horizon).year + 1):
        begin, end = dt.date(year, 1, 1), min(dt.date(year, 12, 31), horizon)
        entered = max(seen, begin)
        known = closed and latest <= dt.date(year, 12, 31)
        until = last if last <= end else end + DAY  # open after the end: at risk up to it
        if known or until > entered:
            edge = float((latest - posted).days) if known else float("inf")
            yield (
                str(year),
                (float((until - posted).days), edge, float((entered - posted).days)),
            )
