"""New ads: openings by the month and year of posting, by region and ISCO-08 major group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.periods import month_of
from marsad.base.records import Row
from marsad.products.ad_errors import with_interval
from marsad.products.tabular import (
    Tables,
    areas_of,
    broken_periods,
    counted,
    major_groups,
    openings,
    reference_days,
    year_status,
)


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, month or year, area and occupation group with a new ad."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    ads = openings(tables)
    observed_to = reference_days(ads)
    for ad in ads:
        if ad["posted_on"] is not None:
            periods = (month_of(ad["posted_on"]), str(ad["posted_on"].year))
            for period, area, group in product(
                periods, areas_of(ad["region"]), major_groups(ad["isco08"])
            ):
                counts[ad["survey"], period, area, group] += 1
    broken = broken_periods(ads, {(survey, period) for survey, period, _, _ in counts})
    for row in with_interval(counted(counts), tables):
        survey, period = row["survey"], row["period"]
        status = year_status(observed_to.get(survey), period) if len(period) == 4 else "A"
        yield {**row, "obs_status": "B" if (survey, period) in broken else status}
