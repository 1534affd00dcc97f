"""New ads of a year for each thousand unemployed people of the 2024 census, by region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from marsad.products.tabular import (
    Row,
    Tables,
    areas_of,
    official,
    openings,
    reference_days,
    year_status,
)

CENSUS = "RGPH2024"
_ALL = {"sex": "_T", "urbanisation": "_T", "education": "_T", "category": "_T"}


def _census(tables: Tables, indicator: str) -> dict[str, float]:
    """Area -> value of a census indicator for all its people."""
    return {
        row["area"]: row["value"]
        for row in official(tables["core_observations"], indicator)
        if row["survey"] == CENSUS
        and row["value"] is not None
        and all(row[name] == code for name, code in _ALL.items())
    }


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year and area; the level depends on how much of hiring ads show."""
    active, rate = _census(tables, "active_persons"), _census(tables, "unemployment_rate")
    ads = openings(tables)
    observed_to = reference_days(ads)
    counts: Counter[tuple[str, str, str]] = Counter()
    for ad in ads:
        if ad["posted_on"] is not None:
            for area in areas_of(ad["region"]):
                counts[ad["survey"], str(ad["posted_on"].year), area] += 1
    for (survey, year, area), n in counts.items():
        if area in active and area in rate:
            unemployed = active[area] * rate[area] / 100
            yield {
                "survey": survey,
                "period": year,
                "area": area,
                "value": 1000 * n / unemployed,
                "n": n,
                "reliability": "C",
                "note": f"{n} ads / {unemployed:.0f} unemployed people ({CENSUS})",
                "obs_status": year_status(observed_to.get(survey), year),
                "synthetic": survey == "ADS_SYNTHETIC",
            }
