"""The share of jobs that are in the informal sector, as HCP published it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each published share."""
    return official(tables["core_observations"], "informal_employment_share")
