"""The rate as its producers published it, each survey a series of its own."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.sampling import with_sampling_error
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published value, in percent."""
    published = official(tables["core_observations"], "unemployment_rate", base="active_persons")
    return with_sampling_error(published, tables, "active_persons")
