"""Share of each language among ads, by year, for the country and its regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.statistics.intervals import wilson
from marsad.products.tabular import Tables, areas_of, openings, reference_days, year_status


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area and language; an undated ad counts in no year."""
    ads = openings(tables)
    observed_to = reference_days(ads)
    whole: Counter[tuple[str, str, str]] = Counter()
    parts: Counter[tuple[str, str, str, str]] = Counter()
    for ad in ads:
        if ad["posted_on"] is not None and ad["language"]:
            for area in areas_of(ad["region"]):
                cell = (ad["survey"], str(ad["posted_on"].year), area)
                whole[cell] += 1
                parts[*cell, ad["language"]] += 1
    for (survey, year, area, language), part in parts.items():
        n = whole[survey, year, area]
        low, high = wilson(part, n)
        yield {
            "survey": survey,
            "period": year,
            "area": area,
            "category": language,
            "value": 100 * part / n,
            "lower": low,
            "upper": high,
            "part": part,
            "n": n,
            "obs_status": year_status(observed_to.get(survey), year),
            "synthetic": survey == "ADS_SYNTHETIC",
        }
