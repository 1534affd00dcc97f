"""New ads of a month for each hundred registered job seekers, by occupation group and region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.records import Row
from marsad.products.tabular import (
    SYNTHETIC,
    Tables,
    areas_of,
    coded_groups,
    counts,
    posted_in_windows,
    register_cells,
    status_of,
    with_chance,
    with_month,
)

SEEKERS_OF = {"ADS": "INTERMEDIATION_REGISTER", SYNTHETIC: "REGISTER_SYNTHETIC"}
"""Real ads are set against real job seekers, synthetic ones against synthetic ones."""


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each month, area and group in which ads were observed and the register tells its seekers,
    with the chance of the count of ads."""
    seekers = register_cells(tables, "registered_seekers")
    cells, windows = posted_in_windows(tables)
    numbers: Counter[tuple[str, str, str, str]] = Counter()
    for row in counts(with_month(cells), "survey", "month", "region", "occupation"):
        for area, group in product(areas_of(row["region"]), coded_groups(row["occupation"])):
            numbers[row["survey"], row["month"], area, group] += row["n"]
    for (survey, month, area, group), n in numbers.items():
        registered = seekers.get((SEEKERS_OF.get(survey, ""), month, area, group))
        if registered:
            yield with_chance(
                {
                    "survey": survey,
                    "period": month,
                    "area": area,
                    "occupation": group,
                    "value": 100 * n / registered,
                    "n": n,
                    "note": f"{n} ads / {registered} registered job seekers",
                    "obs_status": status_of(windows[survey], month),
                    "synthetic": survey == SYNTHETIC,
                }
            )
