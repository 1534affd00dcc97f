"""An intruder at a register that is loaded under an agreement, over every outlet at once: no record
leaves, and of its protected counts neither differences of queries (over areas, occupations, months,
years, versions and indicators) nor linear programming gives one away. What is public is exact."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pyarrow as pa
import pytest

from marsad.base.settings import Settings
from marsad.cli.serve import Current
from marsad.collect.register import source
from marsad.flow import microdata
from marsad.flow.steps import Flow
from marsad.products.declare import indicator
from marsad.products.disclosure.gate import key_of, relations, residuals
from marsad.products.disclosure.suppression import Table, bounds
from marsad.products.run import compute
from marsad.publish.read.counts import CountQuery
from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.read.model import AdQuery
from marsad.web.app import create_app
from served import serve

Row = dict[str, Any]
COUNTS = ("new_ads", "open_ads")
LINKED = ("ads_by_language", "skills_asked", "ads_per_unemployed")
"""Indicators whose `n` is the number of new ads of a year."""


SECRET = "zqxwv"
"""A word that stands in every record of the register and nowhere else."""
_TITLES = (
    "Soudeur", "Comptable", "Infirmier", "Serveur de restaurant", "Chauffeur poids lourd", "Maçon",
    "Développeur Java", "Caissière", "Électricien bâtiment", "Professeur de mathématiques", "محاسب", "طباخ",
)  # fmt: skip
_PLACES = (
    "Casablanca", "Rabat", "Fès", "Tanger", "Agadir", "Marrakech", "Oujda", "Béni Mellal", "Errachidia",
    "Laâyoune", "Dakhla", "Guelmim",
)  # fmt: skip


def _register(folder: Path, seed: int, records: int) -> Path:
    """A register whose cells are of every size: few towns and trades hold most of it."""
    chance = np.random.default_rng(seed)
    path = folder / f"vacancies-{seed}.csv"
    lines = ["reference,title,place,registered_on,last_open_on"]
    for i in range(records):
        title = _TITLES[min(int(chance.geometric(0.25)) - 1, len(_TITLES) - 1)]
        place = _PLACES[min(int(chance.geometric(0.3)) - 1, len(_PLACES) - 1)]
        day = dt.date(2026, 1, 1) + dt.timedelta(days=int(chance.integers(0, 270)))
        end = day + dt.timedelta(days=int(chance.integers(5, 40)))
        lines.append(f"{SECRET}-{seed}-{i},{title} {SECRET}{i},{place},{day},{end}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@dataclass(frozen=True, eq=False)
class Register:
    """An installation with a register released twice, the second time with more vacancies, and what its
    lake held, and its releases showed, the first time: by indicator."""

    flow: Flow
    tables: dict[str, pa.Table]
    first: dict[str, list[Row]]


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Official figures and a register, released twice."""
    folder = tmp_path_factory.mktemp("register")
    flow = Flow(Settings(home=folder / "home", workers=2, sample=False))
    flow.run(("collect",))
    flow.ingest(source("vacancy_register"), [_register(folder, 1, 3000)])
    flow.run(("enrich", "release"))
    names = {name for each in (*COUNTS, *LINKED) for name in indicator(each).inputs}
    tables = {name: flow.lake.read(name) for name in names}
    first = {
        name: flow.lake.read("out_values", partition=name).to_pylist()
        for name in (*COUNTS, *LINKED)
    }
    flow.ingest(source("vacancy_register"), [_register(folder, 2, 250)])
    flow.run(("enrich", "release"))
    return Register(flow, tables, first)


@pytest.fixture(scope="module")
def published(registered: Register) -> dict[str, list[Row]]:
    """Every version of every value of the register that the read path gives, by indicator."""
    reader = Current(registered.flow.releases)()
    values = {
        name: [
            row
            for row in reader.cube(
                CubeQuery((Filter("indicator", "eq", (name,)),), history=True)
            ).to_pylist()
            if row["survey"] == "ADS_REGISTER"
        ]
        for name in (*COUNTS, *LINKED)
    }
    reader.close()
    return values


def test_no_record_of_a_register_leaves(registered: Register) -> None:
    """Its word is in the lake, and in nothing that is served or handed out."""
    assert SECRET in str(registered.flow.lake.read("core_ads")["title"].to_pylist())
    current = Current(registered.flow.releases)
    assert not current().finder.ad_keys(current().finder.question(SECRET, "ads"))
    folder = registered.flow.current()
    assert folder is not None
    for path in folder.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    for table in ("out_values", "out_history", "out_changes", "out_review"):
        assert SECRET not in str(registered.flow.lake.read(table).to_pylist())
    keys = {row["ad_key"] for row in registered.flow.lake.read("core_ads").to_pylist()}
    told = {row["subject"] for row in registered.flow.lake.read("out_changes").to_pylist()}
    assert not keys & told
    assert microdata.records(registered.flow.lake, b"k" * 32, "") == {}
    for site in serve(create_app(current)):
        for address in (
            "/api/v1/ads?size=100", f"/api/v1/ads?q={SECRET}", "/api/v1/ads/counts?by=region,isco08",
            "/api/v1/changes?limit=500", "/api/v1/review", "/api/v1/sources", "/fr/ads", "/fr/releases.rss",
            "/fr/occupations/7212", "/ar/areas/MA-06", "/sitemap.xml", "/catalogue.ttl",
            f"/api/v1/search?q={SECRET}", "/fr/sources", "/fr/skills",
        ):  # fmt: skip
            answer = httpx2.get(site + address)
            assert answer.status_code in (200, 404), address
            assert f"{SECRET}-" not in answer.text
            assert f"{SECRET}1" not in answer.text
            assert not any(key in answer.text for key in keys)


def test_what_is_public_is_exact(embedded: Flow) -> None:
    """No cell of public ads is hidden, and three outlets tell the same counts."""
    reader = Current(embedded.releases)()
    values = [
        row
        for name in (*COUNTS, *LINKED)
        for row in reader.cube(CubeQuery((Filter("indicator", "eq", (name,)),))).to_pylist()
        if row["survey"] in ("ADS", "ADS_SYNTHETIC")
    ]
    assert len(values) > 1_000
    assert {row["conf_status"] for row in values} == {"F"}
    small = [row for row in values if row["indicator"] == "new_ads" and row["n"] < 3]
    assert small
    assert {row["reliability"] for row in small} <= {"C", "D"}
    page = reader.search_ads(AdQuery(size=1))
    cells = reader.ad_counts(CountQuery(("region",), "synthetic"))
    counted = {cell["region"]: cell["count"] for cell in cells if cell["region"] != "_U"}
    assert counted == page.facets["region"]
    assert sum(int(cell["count"]) for cell in cells) == page.total
    ads = reader.search_ads(AdQuery(filters={"region": "MA-08"}, size=1))
    assert ads.total == counted["MA-08"]
    reader.close()


def _true(registered: Register, name: str) -> list[Row]:
    """The counts behind the figures of a register, and behind what its totals hold beside their parts."""
    declared = indicator(name)
    rows = compute(declared, {table: registered.tables[table] for table in declared.inputs})
    rows = [row for row in rows if row["survey"] == "ADS_REGISTER"]
    return [*rows, *residuals(rows)]


def test_a_period_is_published_once(registered: Register, published: dict[str, list[Row]]) -> None:
    """No version of a figure tells what a later file brought: 250 more vacancies change nothing."""
    for name, first in registered.first.items():
        shown = {(key_of(row), row["value"]) for row in published[name]}
        assert shown == {
            (key_of(row), row["value"]) for row in first if row["survey"] == "ADS_REGISTER"
        }
        assert all(row["valid_to"] is None for row in published[name])
    assert published["new_ads"]


@pytest.mark.parametrize("name", COUNTS)
def test_no_total_tells_a_small_rest(
    registered: Register, published: dict[str, list[Row]], name: str
) -> None:
    rows = [row for row in published[name] if row["value"] is not None]
    values = {key_of(row): row["value"] for row in rows}
    small = range(1, indicator(name).disclosure.minimum)
    for line in relations(_true(registered, name), flow=indicator(name).disclosure.flow):
        keys = [key_of(_true_rows(registered, name)[i]) for i in line.parts]
        total = line.total
        if total is None:
            continue
        whole = values.get(key_of(_true_rows(registered, name)[total]))
        parts = [values.get(key) for key in keys if "_U" not in key]
        if whole is not None and None not in parts:
            assert whole - sum(p for p in parts if p is not None) not in small


@cache
def _true_rows(registered: Register, name: str) -> list[Row]:
    return _true(registered, name)


@pytest.mark.parametrize("name", COUNTS)
def test_linear_programming_tells_no_count(
    registered: Register, published: dict[str, list[Row]], name: str
) -> None:
    rule, rows = indicator(name).disclosure, _true_rows(registered, name)
    shown = _known(published[name], rows)
    table = Table([row["n"] for row in rows], relations(rows, flow=rule.flow))
    hidden = [i for i, row in enumerate(rows) if key_of(row) not in shown]
    sensitive = [i for i in hidden if rows[i]["n"] < rule.minimum]
    assert len(sensitive) > 100, "the sample must hold something to protect"
    assert all(rows[i]["n"] >= rule.minimum for i in set(range(len(rows))) - set(hidden))
    found = bounds(table, hidden)
    exposed = [
        (key_of(rows[i]), rows[i]["n"], low, high)
        for i, (low, high) in found.items()
        if np.ceil(low - 1e-6) == np.floor(high + 1e-6)
        or (i in sensitive and high < rule.minimum - 1e-6)
    ]
    assert exposed == [], (
        "told exactly, or to be small, to who knows that a row counts one at least"
    )


@pytest.mark.parametrize("name", COUNTS)
def test_no_code_tells_why_a_figure_is_suppressed(
    published: dict[str, list[Row]], name: str
) -> None:
    hidden = [row for row in published[name] if row["value"] is None]
    assert len(hidden) > 100
    told = ("conf_status", "obs_status", "reliability", "note", "n", "lower", "upper")
    assert len({tuple(row[k] for k in told) for row in hidden}) == 1


@pytest.mark.parametrize("name", COUNTS)
def test_no_difference_of_two_queries_gives_a_suppressed_count(
    registered: Register, published: dict[str, list[Row]], name: str
) -> None:
    """Queries are single values and sums of the published parts of any line; the difference of
    every two of them is compared with every suppressed cell, by the ads that each counts."""
    rule = indicator(name).disclosure
    rows = [r for r in _true_rows(registered, name) if r["area"] != "_U"]
    place = {key_of(row): i for i, row in enumerate(rows)}
    shown = {place[key] for key in _known(published[name], rows)}
    if name == "new_ads":
        for other in LINKED:
            for row in published[other]:
                key = key_of({**row, "category": "_T"})
                if key in place and row["n"] == rows[place[key]]["n"]:
                    shown.add(place[key])
    lines = relations(rows, flow=rule.flow)
    members = _ads_of(registered, name, rows)
    parts = [members[[i for i in line.parts if i in shown]].sum(dtype=np.uint64) for line in lines]
    sums = np.unique(np.concatenate([members[sorted(shown)], np.array(parts, dtype=np.uint64)]))
    hidden = members[sorted(set(range(len(rows))) - shown)]
    pairs = sums.size * (sums.size - 1)
    assert pairs >= 80_000
    recovered = sum(int(np.isin(sums - one, hidden).sum()) for one in sums)
    assert (pairs, recovered) == (pairs, 0)


def _known(versions: list[Row], rows: list[Row]) -> set[tuple[str, ...]]:
    """The cells whose count of now some release has shown: what an earlier one showed of a cell that
    has changed since is another number."""
    counts = {key_of(row): row["value"] for row in rows}
    return {
        key_of(row)
        for row in versions
        if row["value"] is not None and row["value"] == counts.get(key_of(row))
    }


def _ads_of(registered: Register, name: str, rows: list[Row]) -> np.ndarray:
    """For each published cell the sum (mod 2^64) of a random number of each cell of the cube that it
    counts."""
    found = indicator(name)
    tables = {table: registered.tables[table] for table in found.inputs}
    cells = tables[found.inputs[0]]
    chance = np.random.default_rng(7).integers(0, 2**63, cells.num_rows, dtype=np.uint64)
    place = {key_of(row): i for i, row in enumerate(rows)}
    members = np.zeros(len(rows), dtype=np.uint64)  # arrays wrap around in silence
    for i in range(cells.num_rows):
        for row in compute(found, {**tables, found.inputs[0]: cells.slice(i, 1)}):
            members[place[key_of(row)] : place[key_of(row)] + 1] += chance[i : i + 1]
    return members
