"""The legal minimum wage and the days from which it held."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each month from which a minimum held."""
    return official(tables["core_observations"], "minimum_wage")
