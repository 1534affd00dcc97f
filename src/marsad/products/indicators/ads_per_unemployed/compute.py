"""New ads of a year for each thousand unemployed people of the 2024 census, by region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import (
    CENSUS,
    SYNTHETIC,
    Tables,
    areas_of,
    census_unemployed,
    counts,
    posted_in_windows,
    status_of,
    with_chance,
    with_month,
)


def compute(tables: Tables) -> Iterator[Row]:
    """The rates with the chance of their count of ads."""
    return map(with_chance, _rates(tables))


def _rates(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year and area; the level depends on how much of hiring ads show."""
    census = census_unemployed(tables)
    cells, windows = posted_in_windows(tables)
    numbers: Counter[tuple[str, str, str]] = Counter()
    for row in counts(with_month(cells), "survey", "year", "region"):
        for area in areas_of(row["region"]):
            numbers[row["survey"], row["year"], area] += row["n"]
    for (survey, year, area), n in numbers.items():
        if unemployed := census.get(area):
            yield {
                "survey": survey,
                "period": year,
                "area": area,
                "value": 1000 * n / unemployed,
                "n": n,
                "reliability": "C",
                "note": f"{n} ads / {unemployed:.0f} unemployed people ({CENSUS})",
                "obs_status": status_of(windows[survey], year),
                "synthetic": survey == SYNTHETIC,
            }
