"""Why employment changed between the censuses of 2014 and 2024, country to commune: activity or
unemployment."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.reliability import by_units
from marsad.products.tabular import Tables, activity_rates, official

_NOW, _THEN = "RGPH2024", "RGPH2014"


def compute(tables: Tables) -> Iterator[Row]:
    """The change of the employment rate in points and its two parts, which add up to it: rate =
    activity x (1 - unemployment), each part at the mean of the other factor."""
    table = tables["core_observations"]
    activity = {_cell(row): row for row in activity_rates(table) if row["value"] is not None}
    unemployed = {
        _cell(row): row["value"]
        for row in official(table, "unemployment_rate")
        if row["value"] is not None
    }
    for cell, row in activity.items():
        then = (_THEN, *cell[1:])
        if cell[0] == _NOW and then in activity and cell in unemployed and then in unemployed:
            yield from _parts(
                row, activity[then], 1 - unemployed[cell] / 100, 1 - unemployed[then] / 100
            )


def _cell(row: Row) -> tuple[str, ...]:
    return row["survey"], row["area"], row["sex"], row["urbanisation"], row["age"]


def _parts(now: Row, then: Row, working: float, before: float) -> Iterator[Row]:
    """`working` and `before` are the shares of the labour force that are employed."""
    ends, starts = now["value"] * working, then["value"] * before
    parts = {
        "total": ends - starts,
        "activity": (now["value"] - then["value"]) * (working + before) / 2,
        "unemployment": (working - before) * (now["value"] + then["value"]) / 2,
    }
    people = (now["n"], then["n"])
    n = None if None in people else min(people)
    for category, value in parts.items():
        yield {
            **now,
            "category": category,
            "value": value,
            "unit": "PP",
            "n": n,
            "reliability": by_units(n),
            "verification": "",
            "obs_status": "E",
            "note": f"employment rate {starts:.1f} % in 2014, {ends:.1f} % in 2024",
        }
