"""Employed people as HCP published them, by survey and by census."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published value."""
    return official(tables["core_observations"], "employed_persons")
