"""The data writers give back what they were given: any text, any number, in every format."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from marsad.publish.sdmx.data import columns
from marsad.publish.sdmx.data.columns import ALL, Column, Options, Shape
from marsad.publish.sdmx.data.csv import write_csv_1, write_csv_2
from marsad.publish.sdmx.data.json import write_json_1, write_json_2
from marsad.publish.sdmx.data.ml import write_generic_21, write_specific_21, write_specific_30
from marsad.publish.sdmx.structure.artefacts import Component, Ref
from marsad.publish.sdmx.xml import legal

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
CODE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)
NUMBER = st.one_of(st.none(), st.floats(), st.integers(-(10**15), 10**15).map(float))
ROW = st.tuples(CODE, CODE, st.sampled_from(["2024", "2024-Q1", "2025-01"]))
REST = st.tuples(NUMBER, st.one_of(st.none(), TEXT), st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
                 st.one_of(st.none(), st.integers(-(2**53), 2**53)), st.booleans())  # fmt: skip
TABLES = st.dictionaries(ROW, REST, min_size=1, max_size=12)
FIELDS = ("A", "B", "TIME_PERIOD", "OBS_VALUE", "NOTE", "LOW", "N", "FLAG")
Rows = dict[tuple[str, str, str], tuple[Any, ...]]


def _column(name: str, role: str, text: str) -> Column:
    return Column(name, Component(name, role, text=text))


SHAPE = Shape(
    Ref("dataflow", "DF_X"), Ref("datastructure", "DSD_X"),
    (_column("A", "dimension", "String"), _column("B", "dimension", "String")),
    _column("TIME_PERIOD", "time", "ObservationalTimePeriod"), _column("OBS_VALUE", "measure", "Double"),
    (_column("NOTE", "attribute", "String"), _column("LOW", "attribute", "Double"),
     _column("N", "attribute", "Long"), _column("FLAG", "attribute", "Boolean")),
)  # fmt: skip
TYPES = [pa.string()] * 3 + [pa.float64(), pa.string(), pa.float64(), pa.int64(), pa.bool_()]
OPTIONS = Options(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
FLAT = Options(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), observation=ALL)
CROSS = Options(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), observation="A")


class Plain:
    """Names for tests: the ids themselves."""

    def flow(self, identifier: str, language: str) -> str:
        return identifier

    def component(self, identifier: str, language: str) -> str:
        return identifier

    def code(self, component: str, code: str, language: str) -> str:
        return code


def table(rows: Rows) -> pa.Table:
    made = [(*key, *rest) for key, rest in sorted(rows.items())]
    arrays = [pa.array([row[i] for row in made], kind) for i, kind in enumerate(TYPES)]
    return pa.table(arrays, names=FIELDS)


def texts(component: str, code: str) -> dict[str, str]:
    return dict.fromkeys(("ar", "fr", "en"), code or component)


def _float(text: str | None) -> float | None:
    return None if text in (None, "") else float(str(text).replace("INF", "inf"))


def same(left: Any, right: Any) -> bool:
    """Equal, NaN as a missing value."""
    if isinstance(left, float) and math.isnan(left):
        left = None
    if isinstance(right, float) and math.isnan(right):
        right = None
    return bool(left == right)


def agree(rows: Rows, read_back: dict[tuple[str, ...], tuple[Any, ...]]) -> None:
    wanted = {key: rest for key, rest in rows.items()}
    assert read_back.keys() == wanted.keys()
    for key, (value, note, low, n, flag) in wanted.items():
        got = read_back[key]
        assert same(got[0], value)
        assert (got[1] or "", got[2], got[3], got[4]) == (note or "", low, n, flag)


def _cells(cells: dict[str, str | None]) -> tuple[Any, ...]:
    n = cells.get("N")
    return (
        _float(cells.get("OBS_VALUE")), cells.get("NOTE"), _float(cells.get("LOW")),
        int(n) if n else None, cells.get("FLAG") == "true",
    )  # fmt: skip


@pytest.mark.parametrize("write", [write_csv_1, write_csv_2])
@given(rows=TABLES)
def test_csv_reads_back(write: Any, rows: Rows) -> None:
    text = b"".join(write([(SHAPE, table(rows))], OPTIONS, Plain())).decode()
    read_back = {}
    for line in csv.DictReader(io.StringIO(text, newline="")):
        read_back[line["A"], line["B"], line["TIME_PERIOD"]] = _cells(line)
    agree(rows, read_back)


def _specific(content: bytes) -> Iterator[dict[str, str]]:
    for data in etree.fromstring(content).findall("{*}DataSet"):
        for obs in data.findall("Obs"):
            yield dict(obs.attrib)
        for series in data.findall("Series"):
            for obs in series.findall("Obs"):
                yield {**series.attrib, **obs.attrib}


def _generic(content: bytes) -> Iterator[dict[str, str]]:
    def values(element: Any, path: str) -> dict[str, str]:
        return {v.get("id"): v.get("value") for v in element.findall(f"{path}/{{*}}Value")}

    root = etree.fromstring(content)
    at = root.find(".//{*}Structure").get("dimensionAtObservation")
    for series in root.iter("{*}Series", "{*}DataSet"):
        key = values(series, "{*}SeriesKey")
        for obs in series.findall("{*}Obs"):
            cells = {**key, **values(obs, "{*}ObsKey"), **values(obs, "{*}Attributes")}
            if (dimension := obs.find("{*}ObsDimension")) is not None:
                cells[at] = dimension.get("value")
            if (value := obs.find("{*}ObsValue")) is not None:
                cells["OBS_VALUE"] = value.get("value")
            yield cells


def _legal(rows: Rows) -> Rows | None:
    """The rows with what XML cannot hold replaced; None when two keys fall together."""
    made = {
        (legal(a), legal(b), t): (v, None if note is None else legal(note), *rest)
        for (a, b, t), (v, note, *rest) in rows.items()
    }
    return made if len(made) == len(rows) else None


@pytest.mark.parametrize("options", [OPTIONS, FLAT, CROSS])
@pytest.mark.parametrize(
    ("write", "read"),
    [(write_generic_21, _generic), (write_specific_21, _specific), (write_specific_30, _specific)],
)
@given(rows=TABLES)
@settings(max_examples=60)
def test_ml_reads_back(write: Any, read: Any, options: Options, rows: Rows) -> None:
    wanted = _legal(rows)
    if wanted is None:
        return
    content = b"".join(write([(SHAPE, table(rows))], options))
    read_back = {}
    for cells in read(content):
        read_back[cells["A"], cells["B"], cells["TIME_PERIOD"]] = _cells(cells)
    agree(wanted, read_back)


def _value(listed: list[dict[str, Any]] | None, place: Any) -> Any:
    if place is None or listed is None:
        return place
    one = listed[place]
    return one.get("id", one.get("value", one.get("name")))


def _json(content: bytes) -> Iterator[dict[str, Any]]:
    data = json.loads(content)["data"]
    part = data["structures"][0] if "structures" in data else data["structure"]
    level = part["dimensions"]
    observed = [(d["id"], d["values"]) for d in level["observation"]]
    attributes = [(a["id"], a.get("values")) for a in part["attributes"]["observation"]]
    for one in data["dataSets"]:
        series = one.get("series", {"": {"observations": one.get("observations")}})
        for places, inside in series.items():
            heads = zip(level["series"], places.split(":")) if places else ()
            key = {d["id"]: _value(d["values"], int(i)) for d, i in heads}
            for spots, cells in inside["observations"].items():
                at = {n: _value(v, int(i)) for (n, v), i in zip(observed, spots.split(":"))}
                rest = {n: _value(v, c) for (n, v), c in zip(attributes, cells[1:])}
                yield {**key, **at, "OBS_VALUE": cells[0], **rest}


@pytest.mark.parametrize("options", [OPTIONS, FLAT, CROSS])
@pytest.mark.parametrize("write", [write_json_1, write_json_2])
@given(rows=TABLES)
@settings(max_examples=60)
def test_json_reads_back(write: Any, options: Options, rows: Rows) -> None:
    content = b"".join(write([(SHAPE, table(rows))], options, texts))
    read_back = {}
    for row in _json(content):
        low, n, flag = row["LOW"], row["N"], row["FLAG"]
        cells = (row["OBS_VALUE"], row["NOTE"], None if low is None else float(low),
                 None if n is None else int(n), flag in (True, "true"))  # fmt: skip
        read_back[row["A"], row["B"], row["TIME_PERIOD"]] = cells
    finite = {
        k: (v if v is not None and math.isfinite(v) else None, *r) for k, (v, *r) in rows.items()
    }
    agree(finite, read_back)  # type: ignore[arg-type]


def test_rows_are_joined_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: Rows = {(a, b, "2024"): (float(i), None, None, i, True)
                  for i, (a, b) in enumerate((a, b) for a in "xyz" for b in "pq")}  # fmt: skip
    whole = b"".join(write_specific_21([(SHAPE, table(rows))], OPTIONS))
    monkeypatch.setattr(columns, "ROWS", 2)
    parts = list(write_specific_21([(SHAPE, table(rows))], OPTIONS))
    assert len(parts) > 5
    assert b"".join(parts) == whole


def test_dictionaries_and_texts_are_written_alike() -> None:
    rows: Rows = {("x", "é&", "2024"): (1.0, "a,b", None, None, False),
                  ("x", "é&", "2024-Q1"): (None, None, 0.5, 3, True)}  # fmt: skip
    plain = table(rows)
    coded = pa.table({n: plain[n].dictionary_encode() if n in ("A", "B", "NOTE", "TIME_PERIOD") else plain[n]
                      for n in FIELDS})  # fmt: skip
    for options in (OPTIONS, FLAT):
        assert list(write_specific_30([(SHAPE, coded)], options)) == list(
            write_specific_30([(SHAPE, plain)], options)
        )
