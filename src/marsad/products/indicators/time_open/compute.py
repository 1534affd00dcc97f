"""Median days that ads closed in a year had stayed open, by area and ISCO-08 major group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from marsad.base.records import Row
from marsad.products.tabular import (
    Tables,
    areas_of,
    closed_on,
    major_groups,
    medians,
    openings,
    reference_days,
)
from marsad.products.windows import FRESH, board_of, end_is_known, read_days


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year of closing, area and occupation group."""
    ads = openings(tables)
    read_on = read_days(ads)
    observed_to = reference_days(ads)
    days: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for ad in ads:
        closed = closed_on(ad)
        if ad["posted_on"] is None or closed is None or ad["last_seen_on"] is None:
            continue
        days_read = read_on[board_of(ad)]
        if closed > days_read[-1] - FRESH or closed < ad["posted_on"]:
            continue  # still open, or its board was not read after it
        if closed == ad["last_seen_on"] and not end_is_known(closed, days_read):
            continue  # it ended on some day before the board was read again
        for area, group in product(areas_of(ad["region"]), major_groups(ad["isco08"])):
            cell = (ad["survey"], str(closed.year), area, group)
            days[cell].append(float((closed - ad["posted_on"]).days))
    yield from medians(days, observed_to)
