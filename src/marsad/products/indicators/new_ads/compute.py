"""New ads: openings by the month and year of posting, by region and ISCO-08 major group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.records import Row
from marsad.products.tabular import (
    Tables,
    areas_of,
    broken_periods,
    coded_groups,
    counted,
    counts,
    posted_in_windows,
    status_of,
    with_month,
)


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, month or year, area and occupation group with a new ad."""
    numbers: Counter[tuple[str, str, str, str]] = Counter()
    cells, windows = posted_in_windows(tables)
    for row in counts(with_month(cells), "survey", "year", "month", "region", "occupation"):
        for period, area, group in product(
            (row["month"], row["year"]), areas_of(row["region"]), coded_groups(row["occupation"])
        ):
            numbers[row["survey"], period, area, group] += row["n"]
    broken = broken_periods(windows, {(survey, period) for survey, period, _, _ in numbers})
    for row in counted(numbers):
        survey, period = row["survey"], row["period"]
        status = status_of(windows[survey], period)
        yield {**row, "obs_status": "B" if (survey, period) in broken else status}
