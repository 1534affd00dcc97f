"""Unemployment by province, pooled over three years, with the interval that their movement tells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.areas import areas
from marsad.base.records import Row
from marsad.products.statistics.intervals import student
from marsad.products.tabular import Tables, official
from marsad.products.vintages import SUPERSEDED

YEARS, FIRST, PRIOR = 3, "2017", 4
"""Years pooled; the first of the survey's present basis (nothing is pooled across a break); and how
many moves of its own the error of all provinces weighs for each."""


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each province and each year that ends three published ones: their mean, with bounds
    at 95 % from its own year-to-year moves, less the movement common to all."""
    series: dict[str, dict[int, Row]] = {}
    whole = {"freq": "A", "survey": "ENE", "sex": "_T", "age": "Y_GE15", "urbanisation": "_T"}
    for row in official(tables["core_observations"], "unemployment_rate", **whole):
        known = row["value"] is not None and row["vintage"] not in SUPERSEDED
        known = known and row["period"] >= FIRST
        if known and row["education"] == "_T" and areas()[row["area"]].level == "province":
            series.setdefault(row["area"], {})[int(row["period"])] = row
    moves = _moves(series)
    ends = sorted({year for rows in series.values() for year in rows})
    for end in ends:
        window = range(end - YEARS + 1, end + 1)
        whole_windows = {a: r for a, r in series.items() if all(y in r for y in window)}
        yield from _pooled(whole_windows, moves, window)


def _moves(series: dict[str, dict[int, Row]]) -> dict[tuple[str, int], float]:
    """(province, year) -> how it moved from the year before, less the mean move of all provinces."""
    steps = {
        (area, year): row["value"] - rows[year - 1]["value"]
        for area, rows in series.items()
        for year, row in rows.items()
        if year - 1 in rows
    }
    years = {year for _, year in steps}
    common = {y: float(np.mean([v for (_, at), v in steps.items() if at == y])) for y in years}
    return {(area, year): value - common[year] for (area, year), value in steps.items()}


def _pooled(
    provinces: dict[str, dict[int, Row]], moves: dict[tuple[str, int], float], window: range
) -> Iterator[Row]:
    """The error of one year is taken from half the mean square of a province's moves so far (a move
    holds two errors), moderated by that of all provinces as if it were `PRIOR` moves (Smyth 2004,
    Statistical Applications in Genetics and Molecular Biology 3)."""
    known = {
        area: [v for (a, year), v in moves.items() if a == area and year <= window[-1]]
        for area in provinces
    }
    every = [v for values in known.values() for v in values]
    for area, rows in provinces.items():
        value = float(np.mean([rows[year]["value"] for year in window]))
        free = PRIOR + len(known[area])
        square = (PRIOR * np.mean(np.square(every)) + np.sum(np.square(known[area]))) / free
        half = student(free) * float(np.sqrt(square / 2 / YEARS))
        yield {
            **rows[window[-1]],
            "value": value,
            "lower": max(0.0, value - half),
            "upper": value + half,
            "obs_status": "E",
            "reliability": "C",
            "verification": "",
            "note": f"mean of {window[0]} to {window[-1]}; error from {len(known[area])} yearly moves",
        }
