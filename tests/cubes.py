"""Cubes of the tables of a worked example, made as a release makes them: by the engine, from its views."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from marsad.lake.queries import needed
from marsad.lake.store import Lake
from marsad.lake.tables import table, tables
from marsad.products.declare import indicator
from marsad.products.run import example_tables

LAKE = Lake(Path("nowhere"))
CUBES = [name for name in tables() if "core_country_ads" in needed(name)]


def cube(name: str, given: Mapping[str, pa.Table], lake: Lake = LAKE) -> pa.Table:
    """A table as given, or the rows of a view of what is given, in the order of its key."""
    if name in given:
        return given[name]
    declared = table(name)
    rows = lake.table(f"select * from {name}", (name,), declared.schema, given)
    return rows.sort_by([(column, "ascending") for column in declared.key])


def inputs(identifier: str, given: Mapping[str, pa.Table] | None = None) -> dict[str, pa.Table]:
    """The tables that an indicator reads, made of those of its worked example; `given` replaces some."""
    held = {**example_tables(identifier), **(given or {})}
    return {name: cube(name, held) for name in indicator(identifier).inputs}
