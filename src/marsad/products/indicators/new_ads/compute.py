"""New ads: openings by the month and year of posting, by region and ISCO-08 major group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.periods import month_of
from marsad.base.records import Row
from marsad.products.tabular import (
    Tables,
    areas_of,
    broken_periods,
    coded_groups,
    counted,
    openings,
    posted_in_windows,
    status_of,
)


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, month or year, area and occupation group with a new ad."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    ads, windows = posted_in_windows(openings(tables))
    for ad in ads:
        periods = (month_of(ad["posted_on"]), str(ad["posted_on"].year))
        for period, area, group in product(
            periods, areas_of(ad["region"]), coded_groups(ad["isco08"])
        ):
            counts[ad["survey"], period, area, group] += 1
    broken = broken_periods(windows, {(survey, period) for survey, period, _, _ in counts})
    for row in counted(counts):
        survey, period = row["survey"], row["period"]
        status = status_of(windows[survey], period)
        yield {**row, "obs_status": "B" if (survey, period) in broken else status}
