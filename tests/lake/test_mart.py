"""The mart: one read-only file a release, read by many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from marsad.base.errors import NotFoundError, PlaceError
from marsad.lake import mart


def _built(path: Path) -> mart.Mart:
    values = pa.table({"area": ["MA-02", "MA", "MA-01"], "value": [2.0, None, 1.0]})
    mart.build(path, {"values": values, "empty": values.slice(0, 0)}, {"values": ("area",)})
    return mart.Mart(path)


def test_rows_come_back_typed_sorted_and_filtered(tmp_path: Path) -> None:
    found = _built(tmp_path / mart.NAME)
    assert found.rows("select * from values") == [
        {"area": "MA", "value": None},
        {"area": "MA-01", "value": 1.0},
        {"area": "MA-02", "value": 2.0},
    ]
    assert found.rows("select value from values where area = ?", ["MA-02"]) == [{"value": 2.0}]
    assert found.rows("select * from empty") == []
    found.close()


def test_a_parameter_is_never_read_as_sql(tmp_path: Path) -> None:
    found = _built(tmp_path / mart.NAME)
    assert found.rows("select * from values where area = ?", ["x' or '1'='1"]) == []
    found.close()


def test_a_release_is_never_changed(tmp_path: Path) -> None:
    found = _built(tmp_path / mart.NAME)
    with pytest.raises(duckdb.Error, match="read-only"):
        found.rows("delete from values")
    assert len(found.rows("select * from values")) == 3
    found.close()


def test_threads_share_a_mart(tmp_path: Path) -> None:
    found = _built(tmp_path / mart.NAME)

    def read(i: int) -> object:
        return found.rows("select ? as i, count(*) as n from values", [i])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(200))) == [[{"i": i, "n": 3}] for i in range(200)]
    found.close()


def test_a_mart_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / mart.NAME
    with pytest.raises((duckdb.Error, pa.ArrowInvalid)):
        mart.build(path, {"values": pa.table({"a": [1]})}, {"values": ("no_such_column",)})
    assert not path.exists()
    _built(path).close()  # what was left of the failure is in nobody's way
    assert [p.name for p in tmp_path.iterdir()] == [mart.NAME]


def test_a_missing_release(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no release"):
        mart.Mart(tmp_path / "nothing" / mart.NAME)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="cannot be written"):
        mart.build(tmp_path / "no" / "folder" / mart.NAME, {"t": pa.table({"a": [1]})}, {})
