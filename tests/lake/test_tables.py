"""Declared tables: every column typed and described; rows that break a declaration are refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from marsad.base.declare import load_declaration
from marsad.base.errors import DeclarationError, InputError, NotFoundError
from marsad.lake.tables import Table, table, tables

LINK = {
    "realm": "real",
    "ad_a": "a",
    "ad_b": "b",
    "band": "certain",
    "score": 0.9,
    "reason": "",
    "kind": "",
}


def _links(*rows: dict[str, Any]) -> pa.Table:
    return table("core_ad_links").arrow([{**LINK, **row} for row in rows])


@pytest.mark.parametrize("name", sorted(tables()))
def test_declarations_hold_together(name: str) -> None:
    found = table(name)
    assert name.split("_")[0] in {"raw", "core", "out"}
    assert found.description.strip()
    assert set(found.key) <= set(found.columns)
    assert found.partition in found.key, "rows of two partitions never share a key"
    assert all(column.description.strip() for column in found.columns.values())
    schema = found.schema
    assert found.view or not any(schema.field(column).nullable for column in found.key)
    assert found.arrow([]).num_rows == 0


def test_a_key_that_occurs_twice_is_refused_by_name() -> None:
    with pytest.raises(
        InputError, match=r"core_ad_links: 1 keys occur more than once.*'ad_a': 'x'"
    ):
        _links({"ad_a": "x"}, {"ad_a": "x", "band": "probable"}, {"ad_a": "y"})


def test_a_null_where_none_may_stand_is_refused() -> None:
    with pytest.raises(InputError, match="column band may not be empty"):
        _links({"band": None})


def test_a_column_left_out_is_a_null() -> None:
    with pytest.raises(InputError, match="score may not be empty"):
        table("core_ad_links").arrow([{k: v for k, v in LINK.items() if k != "score"}])


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(InputError, match="no column colour"):
        _links({"colour": "red"})


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(InputError, match="core_ad_links"):
        _links({"score": "high"})


def test_nullable_columns_may_be_null() -> None:
    blank = {
        name: None
        if column.type.endswith("?")
        else {"string": "", "int": 1, "bool": False}[column.type]
        for name, column in table("raw_ads").columns.items()
    }
    found = table("raw_ads").arrow(
        [{**blank, "posted_on": dt.date(2026, 5, 1)}, {**blank, "ad_id": "2"}]
    )
    assert found["posted_on"].to_pylist() == [dt.date(2026, 5, 1), None]


def test_unknown_table() -> None:
    with pytest.raises(NotFoundError, match="raw_moon"):
        table("raw_moon")


def test_a_type_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.yml"
    path.write_text(
        "name: t\ndescription: d\nkey: [a]\npartition: a\n"
        "columns: {a: {type: text, description: d}}\n"
    )
    with pytest.raises(DeclarationError, match="'text' is unknown"):
        _ = load_declaration(path, Table).schema
