"""Tables of a register beside those handed over before: together they must not tell what each hides."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from marsad.base.records import Observation
from marsad.collect.adapters.aggregates import refuse
from marsad.collect.register import Source
from marsad.lake.store import Lake
from marsad.lake.tables import table

ADAPTER = "aggregates"
_KEY = table("core_observations").key


def hold_together(lake: Lake, spec: Source, cells: Sequence[Observation], file: str) -> None:
    """InputError, naming the cells, where a table with what the source gave before of the same measures and
    years discloses or contradicts itself; what it gives anew stands for what was."""
    if spec.adapter != ADAPTER:
        return
    given = {tuple(getattr(cell, name) for name in _KEY): cell for cell in cells}
    touched = {(cell.indicator, cell.period[:4]) for cell in cells}
    names = Observation.__struct_fields__
    for row in lake.read("core_observations", partition=spec.id).to_pylist():
        if (row["indicator"], row["period"][:4]) in touched:
            given.setdefault(
                tuple(row[name] for name in _KEY),
                msgspec.convert({name: row[name] for name in names}, Observation),
            )
    refuse(list(given.values()), spec.options, file)
