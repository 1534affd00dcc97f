"""Status in employment by the censuses, country to commune."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.codes import TOTAL
from marsad.base.records import Row
from marsad.products.reliability import by_units
from marsad.products.tabular import KEY, Tables, official


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each area, census and status; `n` is the employed people of 2024."""
    table = tables["core_observations"]
    employed = {
        tuple(row[k] for k in KEY): row["value"] for row in official(table, "employed_persons")
    }
    for row in official(table, "status_in_employment"):
        people = employed.get(tuple({**row, "category": TOTAL}[k] for k in KEY))
        n = None if people is None else round(people)
        yield {**row, "n": n, "reliability": by_units(n)}
