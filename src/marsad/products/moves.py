"""What a province's yearly moves tell of the error of its rate, where its survey publishes none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marsad.base.areas import areas
from marsad.base.records import Row
from marsad.products.tabular import Tables, official
from marsad.products.vintages import SUPERSEDED

FIRST, PRIOR = "2017", 4
"""The first year of the survey's present basis (nothing is joined across a break); and how many moves of its own
the error of all provinces weighs for each."""
_WHOLE = {"freq": "A", "survey": "ENE", "sex": "_T", "age": "Y_GE15", "urbanisation": "_T"}

Series = Mapping[str, Mapping[int, Row]]
Moves = Mapping[tuple[str, int], float]


def provinces(tables: Tables) -> dict[str, dict[int, Row]]:
    """Province -> year -> its published unemployment rate, on the survey's present basis."""
    series: dict[str, dict[int, Row]] = {}
    for row in official(tables["core_observations"], "unemployment_rate", **_WHOLE):
        known = row["value"] is not None and row["vintage"] not in SUPERSEDED
        known = known and row["period"] >= FIRST
        if known and row["education"] == "_T" and areas()[row["area"]].level == "province":
            series.setdefault(row["area"], {})[int(row["period"])] = row
    return series


def moves(series: Series) -> dict[tuple[str, int], float]:
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


def variances(moved: Moves, until: int) -> dict[str, tuple[float, int]]:
    """Province -> the variance of its rate of one year and its degrees of freedom: half the mean square of its
    moves up to a year (a move holds two errors), moderated by that of all provinces as if it were `PRIOR` moves
    (Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3). It holds the province's own
    movement too, so it is rather too large."""
    own: dict[str, list[float]] = {}
    for (area, year), value in moved.items():
        if year <= until:
            own.setdefault(area, []).append(value)
    every = np.square([value for values in own.values() for value in values])
    of = {}
    for area, values in own.items():
        free = PRIOR + len(values)
        square = (PRIOR * every.mean() + np.square(values).sum()) / free
        of[area] = float(square) / 2, free
    return of
