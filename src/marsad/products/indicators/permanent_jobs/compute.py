"""Counts of the 2024 map of establishments, country to commune."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each area and heading published by HCP."""
    for row in official(tables["core_observations"], "permanent_jobs"):
        yield {**row, "age": "_T"}
