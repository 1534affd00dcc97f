"""The rate as its producers published it, each survey a series of its own."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published value, in percent."""
    return official(tables["core_observations"], "unemployment_rate", base="active_persons")
