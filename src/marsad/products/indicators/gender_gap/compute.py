"""The gap between men and women in activity, employment and unemployment, country to commune."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.reliability import by_units
from marsad.products.tabular import KEY, Tables, activity_rates, official
from marsad.products.vintages import SUPERSEDED

_SURVEYS = ("ENE", "RGPH2024", "RGPH2014")


def compute(tables: Tables) -> Iterator[Row]:
    """Men's rate less women's, in points; `n` is the smaller of the two groups of people. Employment
    by sex is activity x (1 - unemployment) where it is not published."""
    table = tables["core_observations"]
    rates = {
        "activity": {_name(row): row for row in activity_rates(table) if _counts(row)},
        "unemployment": {
            _name(row): row
            for row in official(table, "unemployment_rate", base="active_persons")
            if _counts(row)
        },
    }
    rates["employment"] = {
        key: {**row, "value": row["value"] * (1 - rates["unemployment"][key]["value"] / 100)}
        for key, row in rates["activity"].items()
        if key in rates["unemployment"]
    }
    for category, values in rates.items():
        yield from _gaps(category, values)


def _name(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


def _counts(row: Row) -> bool:
    known = row["value"] is not None and row["survey"] in _SURVEYS
    return known and row["vintage"] not in SUPERSEDED


def _gaps(category: str, values: dict[tuple[str, ...], Row]) -> Iterator[Row]:
    for row in values.values():
        women = values.get(_name({**row, "sex": "F"})) if row["sex"] == "M" else None
        if women is None:
            continue
        both = (row["n"], women["n"])
        n = None if None in both else min(both)
        letter = by_units(n) if n is not None else row["reliability"]
        yield {
            **row,
            "sex": "_T",
            "category": category,
            "value": round(row["value"] - women["value"], 1),
            "unit": "PP",
            "n": n,
            "reliability": letter,
            "verification": "",
            "obs_status": "E",
            "note": f"men {row['value']:.1f} %, women {women['value']:.1f} %",
        }
