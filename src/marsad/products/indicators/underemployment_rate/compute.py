"""The underemployment rate as HCP published it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.sampling import with_sampling_error
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published value."""
    published = official(tables["core_observations"], "underemployment_rate")
    return with_sampling_error(published, tables, "employed_persons")
