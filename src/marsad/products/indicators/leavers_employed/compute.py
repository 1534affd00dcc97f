"""Share of the leavers of training bodies who work nine months later."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import KEY, Tables, register_counts


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each cell whose leavers were handed over; suppressed where either count is."""
    leavers = {_cell(row): row["n"] for row in register_counts(tables, "training_leavers")}
    for row in register_counts(tables, "leavers_employed"):
        if _cell(row) not in leavers:
            continue
        part, n = row["n"], leavers[_cell(row)]
        if part is None or n is None or n < part or n == 0:
            yield {**row, "value": None, "n": None, "obs_status": "Q", "conf_status": "C"}
        else:
            yield {**row, "value": 100 * part / n, "n": n, "part": part}


def _cell(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in KEY)
