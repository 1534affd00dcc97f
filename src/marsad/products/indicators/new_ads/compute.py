"""New ads: openings by the month of their posting, by region and ISCO-08 major group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.periods import month_of
from marsad.products.tabular import Row, Tables, areas_of, counted, major_groups, openings


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, month, area and occupation group with at least one new ad."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for ad in openings(tables):
        if ad["posted_on"] is not None:
            month = month_of(ad["posted_on"])
            for area, group in product(areas_of(ad["region"]), major_groups(ad["isco08"])):
                counts[ad["survey"], month, area, group] += 1
    yield from counted(counts)
