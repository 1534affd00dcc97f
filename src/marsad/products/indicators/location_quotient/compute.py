"""What an area is specialised in: the share of a sector or size among its establishments against
that of the country (location quotient)."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.areas import COUNTRY
from marsad.base.records import Row
from marsad.products.reliability import by_units
from marsad.products.tabular import Tables, official

WHOLE = "business"
PARTS = ("sector_industry", "sector_construction", "sector_commerce", "sector_services")


def compute(tables: Tables) -> Iterator[Row]:
    """For each area and sector the quotient of the two shares of business establishments; 1 is the
    country's own structure. `n` is the business establishments of the area."""
    counts: dict[str, dict[str, Row]] = {}
    for row in official(tables["core_observations"], "establishments"):
        if row["value"] is not None:
            counts.setdefault(row["area"], {})[row["category"]] = row
    whole = counts.get(COUNTRY, {})
    for area, rows in counts.items():
        if area == COUNTRY or WHOLE not in rows or not rows[WHOLE]["value"]:
            continue
        n = round(rows[WHOLE]["value"])
        for part in PARTS:
            if part in rows and whole.get(part, {}).get("value") and WHOLE in whole:
                share = rows[part]["value"] / rows[WHOLE]["value"]
                yield {
                    **rows[part],
                    "age": "_T",
                    "value": round(share / (whole[part]["value"] / whole[WHOLE]["value"]), 2),
                    "unit": "RA",
                    "n": n,
                    "reliability": by_units(n),
                    "verification": "",
                    "obs_status": "E",
                }
