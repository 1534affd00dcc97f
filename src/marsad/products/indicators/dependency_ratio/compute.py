"""How many people aged 15 and over without work there are for each one who works (census of 2024)."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.reliability import by_units
from marsad.products.tabular import KEY, Tables, official

CENSUS = "RGPH2024"


def compute(tables: Tables) -> Iterator[Row]:
    """(active + inactive - employed) / employed, for each area, sex and milieu of the census."""
    table = tables["core_observations"]
    active, inactive = (
        {tuple(row[k] for k in KEY): row["value"] for row in official(table, name, survey=CENSUS)}
        for name in ("active_persons", "inactive_persons")
    )
    for row in official(table, "employed_persons", survey=CENSUS):
        key = tuple(row[k] for k in KEY)
        if row["value"] and key in active and key in inactive:
            people = active[key] + inactive[key]
            yield {
                **row,
                "value": round((people - row["value"]) / row["value"], 2),
                "unit": "RA",
                "n": round(row["value"]),
                "reliability": by_units(row["value"]),
                "verification": "",
                "obs_status": "E",
            }
