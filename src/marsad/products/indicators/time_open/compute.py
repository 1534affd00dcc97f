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
from marsad.products.windows import FRESH, board_of, read_windows


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year of closing, area and occupation group."""
    ads = openings(tables)
    read_to = {board: spans[-1][1] for board, spans in read_windows(ads).items()}
    observed_to = reference_days(ads)
    days: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for ad in ads:
        closed = closed_on(ad)
        if ad["posted_on"] is None or closed is None or ad["last_seen_on"] is None:
            continue
        if closed > read_to[board_of(ad)] - FRESH or closed < ad["posted_on"]:
            continue  # still open, or its board was not read after it: its end is not known
        for area, group in product(areas_of(ad["region"]), major_groups(ad["isco08"])):
            cell = (ad["survey"], str(closed.year), area, group)
            days[cell].append(float((closed - ad["posted_on"]).days))
    yield from medians(days, observed_to)
