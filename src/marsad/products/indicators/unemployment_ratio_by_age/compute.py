"""Youth unemployment against that of all: their ratio, by the labour-force survey."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import KEY, Tables, official
from marsad.products.vintages import SUPERSEDED

YOUNG, ALL = "Y15T24", "Y_GE15"


def compute(tables: Tables) -> Iterator[Row]:
    """The rate of 15 to 24 over that of 15 and over, where both are published."""
    values = {
        tuple(row[k] for k in KEY): row
        for row in official(tables["core_observations"], "unemployment_rate", survey="ENE")
        if row["value"] and row["vintage"] not in SUPERSEDED
    }
    for row in values.values():
        everyone = values.get(tuple({**row, "age": ALL}[k] for k in KEY))
        if row["age"] == YOUNG and everyone is not None:
            yield {
                **row,
                "value": round(row["value"] / everyone["value"], 2),
                "unit": "RA",
                "verification": "",
                "obs_status": "E",
                "note": f"{row['value']:.1f} % / {everyone['value']:.1f} %",
            }
