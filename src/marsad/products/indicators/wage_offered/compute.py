"""Pay offered: median monthly pay in ads that say it, by area and ISCO-08 major group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from marsad.base.records import Row
from marsad.products.tabular import (
    Tables,
    areas_of,
    major_groups,
    medians,
    openings,
    reference_days,
)

PAY = ("salary_month_min_mad", "salary_month_max_mad")


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area and occupation group, in dirhams a month; an ad that gives
    a range counts with its middle, one that gives no pay in money not at all."""
    ads = openings(tables, PAY)
    observed_to = reference_days(ads)
    pay: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for ad in ads:
        amounts = [ad[name] for name in PAY if ad[name] is not None]
        if ad["posted_on"] is None or not amounts:
            continue
        for area, group in product(areas_of(ad["region"]), major_groups(ad["isco08"])):
            cell = (ad["survey"], str(ad["posted_on"].year), area, group)
            pay[cell].append(sum(amounts) / len(amounts))
    for row in medians(pay, observed_to):
        yield {**row, "reliability": "C"}
