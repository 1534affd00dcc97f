"""The mean duration of unemployment as HCP published it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published value."""
    return official(tables["core_observations"], "mean_unemployment_duration")
