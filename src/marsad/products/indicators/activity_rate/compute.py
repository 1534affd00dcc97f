"""The rate as its producers published it, each survey a series of its own."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.sampling import with_sampling_error
from marsad.products.tabular import Tables, activity_rates


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published value, in percent."""
    published = activity_rates(tables["core_observations"])
    return with_sampling_error(published, tables, "population_15_plus")
