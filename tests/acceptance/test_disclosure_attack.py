"""An intruder at the published values: differences of queries, over areas, occupations, months,
years, versions and indicators, and everything that linear programming can find out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from marsad.flow.steps import Flow
from marsad.products.declare import indicator
from marsad.products.disclosure.gate import key_of, relations
from marsad.products.disclosure.suppression import Table, bounds
from marsad.products.run import compute
from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.read.reader import Reader

Row = dict[str, Any]
COUNTS = ("new_ads", "open_ads")
LINKED = ("ads_by_language", "skills_asked", "ads_per_unemployed")
"""Indicators whose `n` is the number of new ads of a year."""


@pytest.fixture(scope="module")
def published(embedded: Flow) -> dict[str, list[Row]]:
    """Every version of every value that the read path gives, by indicator."""
    folder = embedded.current()
    assert folder is not None
    reader = Reader(folder)
    found = {
        name: reader.cube(
            CubeQuery((Filter("indicator", "eq", (name,)),), history=True)
        ).to_pylist()
        for name in (*COUNTS, *LINKED)
    }
    reader.close()
    return found


def _true(embedded: Flow, name: str) -> list[Row]:
    found = indicator(name)
    tables = {table: embedded.lake.read(table) for table in found.inputs}
    return compute(found, tables)


@pytest.mark.parametrize("name", COUNTS)
def test_linear_programming_finds_no_sensitive_count(
    embedded: Flow, published: dict[str, list[Row]], name: str
) -> None:
    rule, rows = indicator(name).disclosure, _true(embedded, name)
    shown = {key_of(row) for row in published[name] if row["value"] is not None}
    table = Table([row["n"] for row in rows], relations(rows, flow=rule.flow))
    hidden = [i for i, row in enumerate(rows) if key_of(row) not in shown]
    sensitive = [i for i in hidden if rows[i]["n"] < rule.minimum]
    assert len(sensitive) > 100, "the sample must hold something to protect"
    assert all(rows[i]["n"] >= rule.minimum for i in set(range(len(rows))) - set(hidden))
    found = bounds(table, hidden)
    exposed = [
        (key_of(rows[i]), rows[i]["n"], found[i])
        for i in sensitive
        if found[i][0] > rows[i]["n"] - 1 + 1e-6 or found[i][1] < rule.minimum - 1e-6
    ]
    assert exposed == []


@pytest.mark.parametrize("name", COUNTS)
def test_no_difference_of_two_queries_gives_a_suppressed_count(
    embedded: Flow, published: dict[str, list[Row]], name: str
) -> None:
    """Queries are single values and sums of the published parts of any line; the difference of
    every two of them is compared with every suppressed cell, by the ads that each counts."""
    rule, rows = indicator(name).disclosure, _true(embedded, name)
    place = {key_of(row): i for i, row in enumerate(rows)}
    shown = {place[key_of(r)] for r in published[name] if r["value"] is not None}
    if name == "new_ads":
        for other in LINKED:
            for row in published[other]:
                key = key_of({**row, "category": "_T"})
                if row["n"] is not None and key in place:
                    shown.add(place[key])
    lines = relations(rows, flow=rule.flow)
    members = _ads_of(embedded, name, rows)
    parts = [members[[i for i in line.parts if i in shown]].sum(dtype=np.uint64) for line in lines]
    sums = np.unique(np.concatenate([members[sorted(shown)], np.array(parts, dtype=np.uint64)]))
    hidden = members[sorted(set(range(len(rows))) - shown)]
    pairs = sums.size * (sums.size - 1)
    assert pairs >= 100_000
    recovered = sum(int(np.isin(sums - one, hidden).sum()) for one in sums)
    assert (pairs, recovered) == (pairs, 0)


def _ads_of(embedded: Flow, name: str, rows: list[Row]) -> np.ndarray:
    """For each cell the sum (mod 2^64) of a random number of each ad that it counts."""
    found = indicator(name)
    tables = {table: embedded.lake.read(table) for table in found.inputs}
    ads = tables["core_ads"]
    chance = np.random.default_rng(7).integers(0, 2**63, ads.num_rows, dtype=np.uint64)
    place = {key_of(row): i for i, row in enumerate(rows)}
    members = np.zeros(len(rows), dtype=np.uint64)  # arrays wrap around in silence
    for i in range(ads.num_rows):
        for row in compute(found, {**tables, "core_ads": ads.slice(i, 1)}):
            members[place[key_of(row)] : place[key_of(row)] + 1] += chance[i : i + 1]
    return members
