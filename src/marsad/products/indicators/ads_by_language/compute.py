"""Share of each language among ads, by year, for the country and its regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import (
    Tables,
    areas_of,
    counts,
    reference_days,
    share_of,
)


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area and language; an undated ad counts in no year."""
    observed_to = reference_days(tables)
    whole: Counter[tuple[str, str, str]] = Counter()
    ads: Counter[tuple[str, str, str, str]] = Counter()
    for row in counts(tables["core_ad_languages"], "survey", "year", "region", "language"):
        for area in areas_of(row["region"]):
            cell = (row["survey"], str(row["year"]), area)
            whole[cell] += row["n"]
            ads[*cell, row["language"]] += row["n"]
    for (survey, year, area, language), part in ads.items():
        n, last = whole[survey, year, area], observed_to.get(survey)
        yield share_of(survey, year, part, n, last, area=area, category=language)
