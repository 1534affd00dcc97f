"""People placed in a job for each hundred registered job seekers, by occupation and area."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, per_seeker


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each cell in which both are told: by month, and by year where the register tells every
    month of it."""
    yield from per_seeker(tables, "placements", 100.0)
