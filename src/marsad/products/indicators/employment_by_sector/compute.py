"""Employment by broad sector, as HCP published it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official

SECTORS = {"agri": "agriculture", "ind": "industry", "btp": "construction", "serv": "services"}


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published share of a sector in employment."""
    for name, category in SECTORS.items():
        for row in official(tables["core_observations"], f"employment_share_{name}"):
            yield {**row, "category": category}
