"""JSON-stat, PX-Web and the World Bank's answers as observations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.collect.adapters import cubes
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector, source


def dataset(sizes: list[int], value: Any, **other: Any) -> dict[str, Any]:
    names = [f"d{i}" for i in range(len(sizes))]
    dimension = {
        name: {"category": {"index": [f"{name}{k}" for k in range(size)]}}
        for name, size in zip(names, sizes)
    }
    return {
        "class": "dataset",
        "id": names,
        "size": sizes,
        "dimension": dimension,
        "value": value,
        **other,
    }


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_each_cell_has_its_key_whether_values_are_a_list_or_sparse(
    sizes: list[int], data: st.DataObject
) -> None:
    total = 1
    for size in sizes:
        total *= size
    values = data.draw(st.lists(st.none() | st.integers(0, 99), min_size=total, max_size=total))
    sparse = {str(i): v for i, v in enumerate(values) if v is not None}
    rows = [list(cubes._json_stat(dataset(sizes, given))) for given in (values, sparse)]
    assert rows[0] == rows[1]
    assert len(rows[0]) == len(sparse)
    for row in rows[0]:
        place = 0
        for i, size in enumerate(sizes):
            place = place * size + int(row[f"d{i}"].removeprefix(f"d{i}"))
        assert row["OBS_VALUE"] == values[place]


@pytest.mark.parametrize(
    "document",
    [
        dataset([2], [1, 2], size=[3]),
        dataset([2000, 2000], []),
        {"class": "dataset", "id": ["a"], "size": [1], "dimension": {}},
        {"class": "dataset", "id": "a", "size": 1, "dimension": {}},
        [{"page": 1}, "x"],
        [{"page": 1}, ["x"]],
        {"columns": ["x"], "data": []},
    ],
)
def test_what_is_no_cube_is_refused_in_words(document: Any) -> None:
    read = cubes.reader(document)
    assert read is not None
    with pytest.raises(InputError):
        list(read(document))


def test_an_answer_of_the_world_bank_is_known_by_its_look() -> None:
    spec = source("worldbank_indicators")
    path = spec.folder / "sample" / "unemployment.json"
    assert detect("observations", path, path.read_bytes()).id == spec.id


def test_a_status_is_kept_and_a_cell_without_value_is_missing() -> None:
    spec = source("jsonstat_tables")
    sample = Path(spec.folder / "sample" / "rate.json")
    document = json.loads(sample.read_text("utf-8"))
    document["value"] = [11.6, None, 11.2, 19.0]
    document["status"] = {"1": "m", "2": "p"}
    payloads = (Payload("t.json", json.dumps(document).encode()),)
    context = Context(spec, payloads, options={"survey": "ENE"})
    rows = {(r.period, r.sex): (r.value, r.obs_status) for r in collector(spec)(context)}  # type: ignore[union-attr]
    assert rows["2024", "F"] == (None, "M")
    assert rows["2025", "M"] == (11.2, "P")
