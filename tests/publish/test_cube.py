"""The cube: filters, periods of any frequency, versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.products.test_vintages import DAYS, EMPTY, values

from marsad.base.errors import InputError
from marsad.flow.release import spanned
from marsad.lake import mart, mart_tables
from marsad.products.vintages import merge
from marsad.publish.read.cube import COLUMNS, CubeQuery, Filter, statement

ROWS: list[dict[str, Any]] = [
    {"freq": "A", "period": "2023", "area": "MA", "value": 1.0},
    {"freq": "A", "period": "2024", "area": "MA", "value": 2.0},
    {"freq": "Q", "period": "2023-Q4", "area": "MA", "value": 3.0},
    {"freq": "Q", "period": "2024-Q1", "area": "MA", "value": 4.0},
    {"freq": "Q", "period": "2024-Q2", "area": "MA", "value": 5.0},
    {"freq": "M", "period": "2024-06", "area": "MA-04", "value": 6.0},
    {"freq": "M", "period": "2024-07", "area": "MA-04", "value": None},
]


@pytest.fixture(scope="module")
def cube(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mart.Mart]:
    history = merge(EMPTY, values(*ROWS[:-1]), DAYS[0])
    changed = [{**row, "value": 20.0} if row["period"] == "2024" else row for row in ROWS]
    history = merge(history, values(*changed), DAYS[5])
    path: Path = tmp_path_factory.mktemp("cube") / mart.NAME
    mart_tables.build(path, {"out_values": spanned(history)})
    opened = mart.Mart(path)
    yield opened
    opened.close()


def cube_values(cube: mart.Mart, **question: Any) -> list[tuple[str, float | None]]:
    table: pa.Table = cube.arrow(*statement(CubeQuery(**question)))
    assert table.column_names == list(COLUMNS)
    return [(row["period"], row["value"]) for row in table.to_pylist()]


def test_the_current_values_and_those_known_before(cube: mart.Mart) -> None:
    annual = (Filter("freq", "eq", ("A",)),)
    assert cube_values(cube, where=annual) == [("2023", 1.0), ("2024", 20.0)]
    assert cube_values(cube, where=annual, as_of=DAYS[4]) == [("2023", 1.0), ("2024", 2.0)]
    assert cube_values(cube, where=annual, history=True) == [
        ("2023", 1.0),
        ("2024", 2.0),
        ("2024", 20.0),
    ]
    assert cube_values(cube, as_of=DAYS[0] - dt.timedelta(days=1)) == []


def test_what_changed_since(cube: mart.Mart) -> None:
    assert cube_values(cube, updated_after=DAYS[1]) == [("2024", 20.0), ("2024-07", None)]
    assert cube_values(cube, updated_after=DAYS[6]) == []


def test_bounds_are_of_any_frequency(cube: mart.Mart) -> None:
    of = {p for p, _ in cube_values(cube, start="2024")}
    assert of == {"2024", "2024-Q1", "2024-Q2", "2024-06", "2024-07"}
    assert {p for p, _ in cube_values(cube, start="2024-Q2", end="2024-06")} == {
        "2024-Q2",
        "2024-06",
    }
    assert {p for p, _ in cube_values(cube, end="2023")} == {"2023", "2023-Q4"}
    later = (Filter("period", "gt", ("2024-Q1",)),)
    assert {p for p, _ in cube_values(cube, where=later)} == {"2024-Q2", "2024-06", "2024-07"}


def test_first_and_last_of_each_series(cube: mart.Mart) -> None:
    assert [p for p, _ in cube_values(cube, last=1)] == ["2024", "2024-07", "2024-Q2"]
    assert [p for p, _ in cube_values(cube, first=1)] == ["2023", "2024-06", "2023-Q4"]


@pytest.mark.parametrize(
    ("operator", "words", "expected"),
    [
        ("sw", ("MA-",), {"2024-06", "2024-07"}),
        ("ne", ("MA", "MA-09"), {"2024-06", "2024-07"}),
        ("ew", ("04",), {"2024-06", "2024-07"}),
        ("nc", ("-", "x"), {"2023", "2024", "2023-Q4", "2024-Q1", "2024-Q2"}),
        ("eq", ("nowhere", "it's; drop"), set()),
    ],
)
def test_operators(
    cube: mart.Mart, operator: str, words: tuple[str, ...], expected: set[str]
) -> None:
    assert {p for p, _ in cube_values(cube, where=(Filter("area", operator, words),))} == expected


def test_what_is_no_filter_is_refused(cube: mart.Mart) -> None:
    for bad in (Filter("area", "like", ("MA",)),):
        with pytest.raises(InputError):
            cube_values(cube, where=(bad,))
    with pytest.raises(InputError, match="not a period"):
        cube_values(cube, start="soon")
