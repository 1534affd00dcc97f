"""Trainees: counts of a register, as its keeper hands them over."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, register_counts


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each cell that was handed over."""
    yield from register_counts(tables, "trainees")
