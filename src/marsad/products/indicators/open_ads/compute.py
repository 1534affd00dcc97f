"""Open ads: openings posted and not yet closed on the last day of each month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.periods import end, month_of
from marsad.base.records import Row
from marsad.products.ad_errors import with_interval
from marsad.products.tabular import (
    Tables,
    areas_of,
    closed_on,
    counted,
    major_groups,
    openings,
    reference_days,
)


def _month_ends(first: dt.date, last: dt.date) -> Iterator[tuple[str, dt.date]]:
    """(month, its last day) for each month that ends within the days given."""
    day = end(month_of(first))
    while day <= last:
        yield month_of(day), day
        day = end(month_of(day + dt.timedelta(days=1)))


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, month, area and occupation group with at least one open ad."""
    ads = openings(tables)
    observed_to = reference_days(ads)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for ad in ads:
        closed = closed_on(ad)
        if ad["posted_on"] is None or closed is None or ad["survey"] not in observed_to:
            continue
        last = min(closed, observed_to[ad["survey"]])
        for month, _ in _month_ends(ad["posted_on"], last):
            for area, group in product(areas_of(ad["region"]), major_groups(ad["isco08"])):
                counts[ad["survey"], month, area, group] += 1
    yield from with_interval(counted(counts), tables)
