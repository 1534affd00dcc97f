"""Every format holds the same values, and can be read by others' tools."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jsonstat_validator import validate_jsonstat

from marsad.flow.steps import Flow
from marsad.products.declare import indicators
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import formats
from marsad.publish.read.reader import DataQuery, Reader

ROOT = Path(__file__).parents[2]
HOSTILE = 'بطالة <b>&"quoted"</b>, =cmd|\n;٣'


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Iterator[Reader]:
    folder = embedded.current()
    assert folder is not None
    found = Reader(folder)
    yield found
    found.close()


def _answer(reader: Reader, name: str, language: str = "fr", **asked: Any) -> Answer:
    return Answer.of(reader, DataQuery(name, limit=300, **asked), language)


def _hostile(reader: Reader) -> Answer:
    answer = _answer(reader, "unemployment_rate")
    rows = answer.table.to_pylist()
    rows[0] |= {"note": HOSTILE, "value": None}
    plain = pa.schema([
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in answer.table.schema
    ])  # fmt: skip
    return replace(answer, table=pa.Table.from_pylist(rows, schema=plain))


def _read(name: str, body: bytes) -> list[dict[str, Any]]:
    """The rows of a file of one of our tabular formats: key columns and value."""
    if name == "json":
        return list(json.loads(body)["values"])
    if name == "ndjson":
        return [json.loads(line) for line in body.splitlines()]
    if name == "csv":
        return list(csv.DictReader(io.StringIO(body.decode(), newline="")))
    if name == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
        heading, *lines = sheet.iter_rows(values_only=True)
        return [dict(zip(map(str, heading), line)) for line in lines]
    if name == "parquet":
        return list(pq.read_table(io.BytesIO(body)).to_pylist())
    return list(pa.ipc.open_stream(body).read_all().to_pylist())


@pytest.mark.parametrize("name", ["json", "ndjson", "csv", "xlsx", "parquet", "arrow"])
def test_tables_give_back_every_value(reader: Reader, name: str) -> None:
    answer = _hostile(reader)
    rows = _read(name, formats()[name].write(answer))
    assert len(rows) == len(answer.table.to_pylist())
    for row, value in zip(rows, answer.table.to_pylist()):
        for name in ("area", "period", "survey"):
            assert row[name] == value[name]
        told = row["value"]
        assert (None if told in ("", None) else float(told)) == value["value"]
    note = rows[0]["note"]
    assert note.replace("\r\n", "\n").removeprefix("'") == HOSTILE


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("indicator", [found.id for found in indicators()])
def test_json_stat_is_valid_and_holds_the_values(
    reader: Reader, indicator: str, language: str
) -> None:
    answer = _answer(reader, indicator, language)
    cube = json.loads(formats()["json-stat"].write(answer))
    assert validate_jsonstat(cube)
    found = {}
    for at, value in cube["value"].items():
        place, codes = int(at), []
        for name, size in reversed(list(zip(cube["id"], cube["size"]))):
            place, i = divmod(place, size)
            codes.append((name, cube["dimension"][name]["category"]["index"][i]))
        found[tuple(sorted(codes))] = value
    names = cube["id"]
    expected = {
        tuple(sorted((n, str(row[n])) for n in names)): row["value"]
        for row in answer.table.to_pylist()
        if row["value"] is not None
    }
    assert found == expected
    assert len(cube["status"]) == len(answer.table.to_pylist())


def test_versions_are_a_dimension_of_json_stat_when_asked_for(reader: Reader) -> None:
    answer = _answer(reader, "unemployment_rate", filters={"area": ("MA",)}, history=True)
    cube = json.loads(formats()["json-stat"].write(answer))
    assert {"vintage", "valid_from"} <= set(cube["id"])
    assert len(cube["status"]) == len(answer.table.to_pylist())
    one = _answer(reader, "unemployment_rate", filters={"area": ("MA",)})
    assert not {"vintage", "valid_from"} & set(json.loads(formats()["json-stat"].write(one))["id"])


def _cube(reader: Reader) -> bytes:
    answer = _answer(
        reader,
        "unemployment_rate",
        start="2023",
        filters={"area": ("MA",), "survey": ("ENE",)},
    )
    return formats()["json-stat"].write(answer)


def test_pyjstat_and_pandas_read_json_stat_and_workbooks(reader: Reader) -> None:
    pyjstat = pytest.importorskip("pyjstat.pyjstat")
    pandas = pytest.importorskip("pandas")
    frame = pyjstat.Dataset.read(_cube(reader).decode()).write("dataframe")
    row = frame[
        (frame["Fréquence"] == "Annuelle") & (frame["Période"] == "2024") & (frame["Sexe"] == "Les deux sexes") & (frame["Âge"] == "15 ans et plus")
        & (frame["Milieu de résidence"] == "Ensemble") & (frame["Niveau de diplôme"] == "Ensemble (tous diplômes)")
    ]  # fmt: skip
    assert [*row["value"]] == [13.3]
    assert {*frame["Zone de référence"]} == {"Maroc"}
    answer = _answer(
        reader,
        "unemployment_rate",
        start="2023",
        filters={"area": ("MA",), "survey": ("ENE",)},
    )
    table = pandas.read_excel(io.BytesIO(formats()["xlsx"].write(answer)), dtype={"period": str})
    assert [*table.columns[:2]] == ["indicator", "freq"]
    assert len(table) == answer.table.num_rows
    assert 13.3 in {*table[table["period"] == "2024"]["value"]}


def test_the_toolkit_of_json_stat_reads_a_cube(reader: Reader, tmp_path: Path) -> None:
    """jsonstat-toolkit, by its own words for a cell, a dimension and a label."""
    toolkit = ROOT / "node_modules" / "jsonstat-toolkit"
    node = shutil.which("node")
    if not (node and toolkit.exists()):
        pytest.skip("node or jsonstat-toolkit is not installed")
    (tmp_path / "cube.json").write_bytes(_cube(reader))
    script = f"""
    const JSONstat = require({str(toolkit)!r});
    const cube = JSONstat(JSON.parse(require("fs").readFileSync("cube.json", "utf8")));
    const cell = cube.Data({{freq: "A", sex: "_T", age: "Y_GE15", urbanisation: "_T", education: "_T",
                            period: "2024"}});
    const rows = cube.toTable({{type: "arrobj"}});
    console.log(JSON.stringify([cell.value, cube.Dimension("area").label,
                                cube.Dimension("area").Category("MA").label, rows.length > 10]));
    """
    out = subprocess.run(
        [node, "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(out.stdout) == [13.3, "Zone de référence", "Maroc", True]


def test_a_workbook_says_what_it_is_and_runs_the_right_way(reader: Reader) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(formats()["xlsx"].write(_answer(reader, "new_ads", "ar")))
    )
    data, notes = book.worksheets
    assert (notes.title, data.title) == ("ملاحظات", "معطيات")
    assert notes.sheet_view.rightToLeft
    assert data.sheet_view.rightToLeft
    said = " ".join(str(cell) for line in notes.iter_rows(values_only=True) for cell in line)
    assert "اصطناعية" in said, "that the ads are synthetic is said in the notes"
    assert data.freeze_panes == "A2"
    assert list(data.tables) == ["marsad"]
    assert data.merged_cells.ranges == set()


def test_columns_are_typed_and_say_what_they_are(reader: Reader) -> None:
    table = pq.read_table(io.BytesIO(formats()["parquet"].write(_answer(reader, "new_ads"))))
    said = json.loads(table.schema.metadata[b"marsad"])
    assert said["indicator"] == "new_ads"
    assert said["release"] == reader.release().id
    assert table.schema.field("value").type == pa.float64()
    assert str(table.schema.field("valid_from").type) == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize("name", sorted(set(formats()) - {"sdmx-csv", "sdmx-csv-1", "ndjson"}))
def test_nothing_found_is_an_empty_table_and_no_error(reader: Reader, name: str) -> None:
    answer = _answer(reader, "new_ads", filters={"area": ("MA-01",), "survey": ("RGPH2014",)})
    assert formats()[name].write(answer)
