"""Mismatch between regions: hires lost because ads and the unemployed are in different ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from marsad.base.records import Row
from marsad.products.statistics.tension import mismatch
from marsad.products.tabular import (
    SYNTHETIC,
    Tables,
    census_unemployed,
    counts,
    reference_days,
    with_month,
    year_status,
)

FEWEST_REGIONS, FEWEST_ADS = 3, 30


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey and year, in percent of hires, to one decimal: a finer figure could
    tell the ads of a region that is suppressed elsewhere."""
    unemployed = census_unemployed(tables)
    observed_to = reference_days(tables)
    numbers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in counts(with_month(tables["core_ad_cells"]), "survey", "year", "region"):
        if row["region"] in unemployed:
            numbers[row["survey"], row["year"]][row["region"]] = row["n"]
    regions = sorted(area for area in unemployed if area.count("-") == 1)
    for (survey, year), seen in numbers.items():
        if len(regions) < FEWEST_REGIONS or sum(seen.values()) < FEWEST_ADS:
            continue
        estimate = mismatch(
            np.array([seen[region] for region in regions], dtype=float),
            np.array([unemployed[region] for region in regions]),
        )
        yield {
            "survey": survey,
            "period": year,
            "area": "MA",
            "value": round(100 * float(estimate.value[0]), 1),
            "lower": round(100 * float(estimate.lower[0]), 1),
            "upper": round(100 * float(estimate.upper[0]), 1),
            "n": sum(seen.values()) // 10 * 10,
            "reliability": "C",
            "obs_status": year_status(observed_to.get(survey), year),
            "synthetic": survey == SYNTHETIC,
        }
