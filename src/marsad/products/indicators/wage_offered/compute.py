"""Pay offered: median monthly pay in ads that say it, by area and ISCO-08 major group."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.statistics.intervals import median, median_interval
from marsad.products.tabular import SYNTHETIC, Tables, parts, reference_days, year_status


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area and occupation group, in dirhams a month; an ad that gives
    a range counts with its middle, one that gives no pay in money not at all."""
    observed_to = reference_days(tables)
    for (survey, year, area, group), cells in parts(tables["core_ad_pay"]):
        amounts, n = cells["amount"].to_pylist(), cells["n"].to_pylist()
        bounds = median_interval(amounts, n)
        yield {
            "survey": survey,
            "period": year,
            "area": area,
            "occupation": group,
            "value": median(amounts, n),
            "lower": bounds[0] if bounds else None,
            "upper": bounds[1] if bounds else None,
            "n": sum(n),
            "reliability": "C",
            "obs_status": year_status(observed_to.get(survey), year),
            "synthetic": survey == SYNTHETIC,
        }
