"""Why unemployment changed since 2017: within towns, within the countryside, and because more of the
labour force is in town."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official
from marsad.products.vintages import SUPERSEDED

FIRST = "2017"
"""The year that later ones are compared with: the first of the survey's present basis."""


def compute(tables: Tables) -> Iterator[Row]:
    """For each year after 2017 the change in points and its three parts, which add up to it (Kitagawa
    1955, midpoint weights). The urban share of the labour force is what the three rates imply."""
    years: dict[str, dict[str, Row]] = {}
    whole = {"freq": "A", "area": "MA", "survey": "ENE", "sex": "_T", "age": "Y_GE15"}
    for row in official(tables["core_observations"], "unemployment_rate", **whole):
        known = row["value"] is not None and row["vintage"] not in SUPERSEDED
        if known and row["education"] == "_T" and row["period"] >= FIRST:
            years.setdefault(row["period"], {})[row["urbanisation"]] = row
    if len(years.get(FIRST, {})) < 3:
        return
    for year, now in sorted(years.items()):
        if year > FIRST and len(now) == 3:
            yield from _parts(years[FIRST], now)


def _parts(before: dict[str, Row], now: dict[str, Row]) -> Iterator[Row]:
    town, share = _urban(now), _urban(before)
    middle = (town + share) / 2
    old, new = ({u: row["value"] for u, row in rows.items()} for rows in (before, now))
    parts = {
        "total": new["_T"] - old["_T"],
        "within_urban": middle * (new["U"] - old["U"]),
        "within_rural": (1 - middle) * (new["R"] - old["R"]),
        "urban_share": (town - share) * (new["U"] + old["U"] - new["R"] - old["R"]) / 2,
    }
    for category, value in parts.items():
        yield {
            **now["_T"],
            "category": category,
            "value": value,
            "unit": "PP",
            "obs_status": "E",
            "reliability": "C",
            "verification": "",
            "note": f"since {FIRST}; urban share of the labour force {100 * share:.0f} % then,"
            f" {100 * town:.0f} % now",
        }


def _urban(rows: dict[str, Row]) -> float:
    """The urban share of the labour force that the rates of all, of town and of country imply."""
    total, urban, rural = (rows[u]["value"] for u in ("_T", "U", "R"))
    return float((total - rural) / (urban - rural))
