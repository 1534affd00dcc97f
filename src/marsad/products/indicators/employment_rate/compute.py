"""The employment rate: published by the survey and the ILO model, computed where they do not give it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.sampling import with_sampling_error
from marsad.products.tabular import KEY, Tables, activity_rates, official
from marsad.products.vintages import SUPERSEDED

COMPUTED = ("ENE", "RGPH2024", "RGPH2014")
_COUNTS = ("employed_persons", "active_persons", "inactive_persons")
_RATES = ("activity_rate", "unemployment_rate")
OF_COUNTS = "employed persons / (active + inactive persons)"
OF_RATES = "activity rate x (1 - unemployment rate)"


def _computed(parts: dict[str, Row]) -> tuple[float, str] | None:
    """Employed / (active + inactive), which is the base of HCP's activity rate (people whose activity
    is not stated are in neither), else activity rate x (1 - unemployment rate); with the way taken."""
    values = {name: row["value"] for name, row in parts.items() if row["value"] is not None}
    if all(name in values for name in _COUNTS):
        people = values["active_persons"] + values["inactive_persons"]
        return (100 * values["employed_persons"] / people, OF_COUNTS) if people else None
    if all(name in values for name in _RATES):
        return values["activity_rate"] * (1 - values["unemployment_rate"] / 100), OF_RATES
    return None


def compute(tables: Tables) -> Iterator[Row]:
    """The rates with the sampling errors of the survey."""
    return with_sampling_error(_rates(tables), tables, "population_15_plus")


def _rates(tables: Tables) -> Iterator[Row]:
    """Published values as they are; those of the censuses and the survey's missing ones computed,
    marked E, with the way in the note."""
    table = tables["core_observations"]
    published = list(official(table, "employment_rate"))
    yield from published
    have = {tuple(row[k] for k in KEY) for row in published}
    cells: dict[tuple[object, ...], dict[str, Row]] = {}
    for name in (*_COUNTS, *_RATES):
        given = activity_rates(table) if name == "activity_rate" else official(table, name)
        for row in given:
            if row["survey"] in COMPUTED and row["vintage"] not in SUPERSEDED:
                cells.setdefault(tuple(row[k] for k in KEY), {})[name] = row
    for key, parts in cells.items():
        computed = _computed(parts)
        if computed and key not in have:
            rates = [parts[name] for name in _RATES if name in parts]
            first = (rates or list(parts.values()))[0]
            yield {
                **first,
                "value": round(computed[0], 1),
                "unit": "PT",
                "obs_status": "E",
                "verification": "",
                "note": computed[1],
            }
