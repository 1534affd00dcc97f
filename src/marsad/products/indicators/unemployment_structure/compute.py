"""Who the unemployed are: out of work for a year or more, and never having worked, as HCP published it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official

PARTS = {
    "a_year_or_more": "share_unemployed_1y_plus",
    "never_worked": "share_never_worked_among_unemployed",
}


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published share; the two overlap and do not add up."""
    for category, name in PARTS.items():
        for row in official(tables["core_observations"], name):
            yield {**row, "category": category}
