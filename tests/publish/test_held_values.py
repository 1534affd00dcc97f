"""What is held in memory answers as the engine does: same rows, order, totals and choices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.cli.serve import Current
from marsad.flow.steps import Flow
from marsad.products.declare import indicators
from marsad.publish.read.reader import DataQuery, Reader, Value
from marsad.publish.read.values import COLUMNS, Values

DIMENSIONS = ("area", "survey", "sex", "age", "urbanisation", "freq", "category", "adjustment")
NAMES = sorted(i.id for i in indicators())
QUESTIONS = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(NAMES),
        "level": st.sampled_from(["", "country", "region", "province"]),
        "parent": st.sampled_from(["", "MA-06", "MA-01"]),
        "start": st.sampled_from(["", "2019", "2020-Q2", "2014-05"]),
        "end": st.sampled_from(["", "2023", "2024-Q3"]),
        "latest": st.booleans(),
        "vintage": st.sampled_from(["current", "*"]),
        "limit": st.sampled_from([0, 7, 10_000]),
        "offset": st.sampled_from([0, 3, 100_000]),
    }
)


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    return Current(embedded.releases)()


def _engine(reader: Reader, query: DataQuery) -> tuple[tuple[Value, ...], int]:
    """The answer by SQL alone."""
    rows = reader._mart.rows(*reader._data_statement(query))
    values = tuple(Value(**{name: row[name] for name in COLUMNS}) for row in rows)
    return values, rows[0]["total"] if rows else reader._count(query)


@settings(max_examples=60)
@given(QUESTIONS, st.data())
def test_what_is_held_answers_as_the_engine(
    reader: Reader, question: dict[str, object], data: st.DataObject
) -> None:
    name = str(question["indicator"])
    filters = {}
    for dimension in data.draw(st.sets(st.sampled_from(DIMENSIONS), max_size=3)):
        if codes := reader.codes(name, dimension):
            chosen = data.draw(st.lists(st.sampled_from(codes), max_size=3, unique=True))
            filters[dimension] = tuple(chosen)
    query = DataQuery(**{**question, "filters": filters})  # type: ignore[arg-type]
    rows, total = _engine(reader, query)
    result = reader.data(query)
    assert (result.rows, result.total) == (rows, total)
    table, counted = reader.data_table(query)
    assert counted == total
    assert [Value(**row) for row in table.to_pylist()] == list(rows)


def test_choices_are_codes_that_leave_an_answer(reader: Reader) -> None:
    codes = {"survey": "ENE", "sex": "F", "area": "MA"}
    choices = reader.choices("unemployment_rate", codes)
    for name in codes:
        others = {d: (c,) for d, c in codes.items() if d != name}
        query = DataQuery("unemployment_rate", others, limit=1_000_000)
        valued = [row for row in _engine(reader, query)[0] if row.value is not None]
        assert choices[name] == {getattr(row, name) for row in valued}


def test_little_is_held_at_a_time(reader: Reader) -> None:
    values = Values(reader._mart, most=1_000_000)
    sizes = [values.of(name).size for name in NAMES]
    held = values._held
    assert list(held)[-1] == NAMES[-1]
    assert sum(h.size for h in held.values()) <= max(1_000_000, sizes[-1])
