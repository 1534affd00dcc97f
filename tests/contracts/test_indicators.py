"""Every indicator folder: its three files, its texts, and its worked example computed again."""

from __future__ import annotations

import ast
import copy
import importlib
from typing import Any

import pytest

from cubes import inputs
from marsad.base.declare import load_yaml
from marsad.base.labels import missing
from marsad.lake.queries import needed
from marsad.lake.tables import table
from marsad.products.declare import FOLDER, Indicator, examples, indicator
from marsad.products.run import compute

IDS = sorted(p.name for p in FOLDER.iterdir() if p.is_dir() and not p.name.startswith("_"))
TEXTS = ("title", "question", "definition", "numerator", "denominator", "method", "source")

pytestmark = pytest.mark.parametrize("identifier", IDS)


def _expected(identifier: str) -> list[dict[str, Any]]:
    rows = examples(identifier)["expected"]
    assert isinstance(rows, list)
    return rows


def _order(row: dict[str, Any]) -> str:
    """Sort key over codes only, so that a wrong figure shows as a wrong figure."""
    return repr(sorted((k, v) for k, v in row.items() if isinstance(v, str)))


def _rounded(row: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    return {k: pytest.approx(row[k], abs=0.05) if _figure(row[k]) else row[k] for k in like}


def _figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_the_folder_is_complete(identifier: str) -> None:
    assert {"indicator.yml", "compute.py", "examples.yml"} <= {
        p.name for p in (FOLDER / identifier).iterdir()
    }


def test_texts_are_in_three_languages(identifier: str) -> None:
    found: Indicator = indicator(identifier)
    assert {name: missing(getattr(found, name)) for name in TEXTS} == {name: [] for name in TEXTS}
    title = examples(identifier)["title"]
    assert isinstance(title, dict)
    assert missing(title) == []


def test_the_example_is_small_and_of_declared_tables(identifier: str) -> None:
    example = load_yaml(FOLDER / identifier / "examples.yml")
    assert set(example) - {"of"} == {"title", "input", "expected"}
    shown = set(example["input"])
    more = {"raw_sightings"}  # further days on which boards were read: an example shows its ads
    of = {name: set(needed(name, shown)) - more for name in indicator(identifier).inputs}
    assert all(table(n).view for names in of.values() for n in names), "asked of what is shown"
    read = {base for names in of.values() for n in names for base in table(n).view.of} - more
    assert shown == (read | {name for name in of if name in shown}) - set().union(*of.values())
    assert 3 <= sum(map(len, example["input"].values())) <= 9
    assert 1 <= len(example["expected"]) <= 8


def test_the_example_gives_exactly_its_rows(identifier: str) -> None:
    expected = sorted(_expected(identifier), key=_order)
    names = {name for row in expected for name in row}
    assert all(set(row) == names for row in expected), "every expected row names the same columns"
    found = compute(indicator(identifier), inputs(identifier))
    told = sorted(({name: row[name] for name in names} for row in found), key=_order)
    if of := examples(identifier).get("of"):  # rows shown of a longer answer
        assert len(told) == of
        shown = [_order(row) for row in expected]
        told = [row for row in told if _order(row) in shown]
    assert told == [_rounded(row, row) for row in expected]


def test_compute_is_pure(identifier: str) -> None:
    tables = inputs(identifier)
    before = {name: copy.deepcopy(table.to_pylist()) for name, table in tables.items()}
    module = importlib.import_module(f"marsad.products.indicators.{identifier}.compute")
    first, second = list(module.compute(tables)), list(module.compute(tables))
    assert first == second
    assert {name: table.to_pylist() for name, table in tables.items()} == before


def test_compute_imports_only_base_and_products(identifier: str) -> None:
    tree = ast.parse((FOLDER / identifier / "compute.py").read_text(encoding="utf-8"))
    named: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            named.add(node.module or "")
    ours = {name for name in named if name.startswith("marsad")}
    assert all(n.startswith(("marsad.base.", "marsad.products.")) for n in ours), ours
    assert not any(n.startswith("marsad.products.indicators") for n in ours), ours
    outside = {name.split(".")[0] for name in named - ours}
    assert outside <= {"__future__", "collections", "datetime", "itertools", "math", "numpy"}
