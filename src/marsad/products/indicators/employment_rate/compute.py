"""The employment rate: published by the survey and the ILO model, computed for the censuses."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import KEY, Tables, official

_CENSUSES = {"RGPH2024", "RGPH2014"}
_INPUTS = ("employed_persons", "population_15_plus", "activity_rate", "unemployment_rate")


def _computed(parts: dict[str, Row]) -> tuple[float, str] | None:
    """Employed / population, else activity rate x (1 - unemployment rate), with the way taken."""
    values = {name: row["value"] for name, row in parts.items() if row["value"] is not None}
    if "employed_persons" in values and values.get("population_15_plus"):
        share = 100 * values["employed_persons"] / values["population_15_plus"]
        return round(share, 1), "employed persons / population aged 15 and over"
    if "activity_rate" in values and "unemployment_rate" in values:
        share = values["activity_rate"] * (1 - values["unemployment_rate"] / 100)
        return round(share, 1), "activity rate x (1 - unemployment rate)"
    return None


def compute(tables: Tables) -> Iterator[Row]:
    """Published values as they are; census values computed, marked E, with the way in the note."""
    table = tables["core_observations"]
    published = list(official(table, "employment_rate"))
    yield from published
    have = {tuple(row[k] for k in KEY) for row in published}
    cells: dict[tuple[object, ...], dict[str, Row]] = {}
    for name in _INPUTS:
        for row in official(table, name):
            if row["survey"] in _CENSUSES:
                cells.setdefault(tuple(row[k] for k in KEY), {})[name] = row
    for key, parts in cells.items():
        computed = _computed(parts)
        if computed and key not in have:
            first = next(iter(parts.values()))
            yield {
                **dict(zip(KEY, key)),
                "value": computed[0],
                "unit": "PT",
                "obs_status": "E",
                "reliability": "B",
                "source": first["source"],
                "source_date": first["source_date"],
                "note": computed[1],
                "synthetic": False,
            }
