"""How firms hire and how unemployed people search, as HCP published it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published channel."""
    return official(tables["core_observations"], "hiring_channels")
