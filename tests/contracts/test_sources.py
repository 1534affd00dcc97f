"""Every source folder: a valid declaration, a full register row, a sample that reads as expected."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from marsad.base.errors import InputError
from marsad.base.labels import LANGUAGES, missing
from marsad.base.settings import Settings
from marsad.base.workbook import ZIP, read_workbook
from marsad.collect.context import Context, Payload
from marsad.collect.register import FOLDER, Source, collector, source, sources
from marsad.flow.steps import Flow

IDS = sorted(p.name for p in FOLDER.iterdir() if p.is_dir() and not p.name.startswith("_"))
READ_FILES = [s.id for s in sources() if not s.embedded]
RIGHT = ("legal_basis", "robots", "terms", "personal_data")
SAID: dict[str, dict[str, object]] = {"statistics": {"survey": "ENE"}}
"""What a person says of a sample whose tables do not (`--set`)."""
FAKE_EMAIL_HOST = "exemple.ma"


def _sample(spec: Source) -> tuple[Payload, ...]:
    paths = sorted(p for p in (spec.folder / "sample").glob("*") if p.is_file())
    return tuple(Payload(path.name, path.read_bytes()) for path in paths)


def _read(spec: Source, payloads: tuple[Payload, ...]) -> tuple[Context, list[Any]]:
    context = Context(
        spec, payloads, options={} if "survey" in spec.options else SAID.get(spec.adapter, {})
    )
    return context, list(collector(spec)(context))


@pytest.mark.parametrize("identifier", IDS)
def test_declaration_and_register_row(identifier: str) -> None:
    spec = source(identifier)
    assert missing(spec.title) == []
    for name in RIGHT:
        assert set(getattr(spec.right, name)) == set(LANGUAGES)
        assert missing(getattr(spec.right, name)) == []
    assert spec.publisher
    assert spec.licence
    assert spec.frequency
    assert spec.homepage.startswith("https://")
    assert spec.unknown_fields in {"stop", "warn"}
    assert callable(collector(spec))
    if spec.kind == "ads" and not spec.synthetic:
        days = spec.right.retention_days
        assert days is not None, "ads hold personal data: the sealed payload must expire"
        assert days > 0 or spec.posts, "payloads that name who wrote are never kept"


@pytest.mark.parametrize("identifier", IDS)
def test_columns_are_accounted_for_once(identifier: str) -> None:
    spec = source(identifier)
    assert set(spec.optional) <= {*spec.columns, *spec.ignore, "all"}
    assert not set(spec.columns) & set(spec.ignore)
    assert set(spec.lookups) & set(spec.columns) == set(spec.lookups) or not spec.columns


@pytest.mark.parametrize("identifier", IDS)
def test_only_synthetic_sources_are_synthetic(identifier: str) -> None:
    """Rule 10: what a program wrote says so in its name, its mark and its licence."""
    spec = source(identifier)
    assert spec.synthetic == identifier.startswith("synthetic")


@pytest.mark.parametrize("identifier", IDS)
def test_sources_import_neither_each_other_nor_the_lake(identifier: str) -> None:
    for path in (FOLDER / identifier).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("marsad."):
                room = str(node.module).split(".")[1]
                assert room in {"base", "collect"}, f"{path.name} imports {node.module}"
                if str(node.module).startswith("marsad.collect.sources."):
                    assert str(node.module).split(".")[3] == identifier


@pytest.mark.parametrize("identifier", READ_FILES)
def test_the_sample_gives_exactly_the_expected_records(identifier: str) -> None:
    spec = source(identifier)
    payloads = _sample(spec)
    assert payloads, "a source that reads files needs sample/"
    expected = json.loads((spec.folder / "expected.json").read_text(encoding="utf-8"))
    context, found = _read(spec, payloads)
    assert json.loads(msgspec.json.encode(found)) == expected["records"]
    told = [(issue.level, issue.rule) for issue in context.issues]
    assert [level for level, _ in told] == [level for level, _ in expected["issues"]]
    for (_, rule), (_, part) in zip(told, expected["issues"]):
        assert part in rule


@pytest.mark.parametrize("identifier", READ_FILES)
def test_rejected_rows_are_kept_whole_with_file_and_row(identifier: str) -> None:
    context, _ = _read(source(identifier), _sample(source(identifier)))
    for issue in context.issues:
        assert issue.file in {payload.name for payload in context.payloads}
        if issue.level == "rejected":
            assert issue.row is not None
            assert msgspec.json.decode(issue.content), "the row itself is kept"


@pytest.mark.parametrize("identifier", READ_FILES)
def test_samples_hold_no_contact_but_invented_ones(identifier: str) -> None:
    for payload in _sample(source(identifier)):
        book = payload.data[:4] == ZIP
        text = str(read_workbook(payload.data)) if book else payload.text()
        for word in text.split():
            if "@" in word.strip("@\"'{,") and "." in word.partition("@")[2]:
                assert FAKE_EMAIL_HOST in word


# Tables: a field that nothing declares stops the reading, and so does one that is missing.


def _is_table(spec: Source) -> bool:
    names = {payload.name.rsplit(".", 1)[-1] for payload in _sample(spec)}
    return (
        bool(spec.columns or spec.ordinary_names)
        and not spec.dialects
        and names <= {"jsonl", "json", "csv", "xlsx"}
    )


TABLES = [s.id for s in sources() if not s.embedded and _is_table(s)]


def _rows(payload: Payload) -> list[dict[str, Any]]:
    text = payload.text()
    if payload.name.endswith(".csv"):
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    if text.lstrip().startswith("["):
        return list(json.loads(text))
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _changed(payload: Payload, rows: list[dict[str, Any]]) -> Payload:
    if not payload.name.endswith(".csv"):
        return Payload(payload.name, "\n".join(json.dumps(row) for row in rows).encode())
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[-1]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return Payload(payload.name, out.getvalue().encode())


def test_there_are_table_sources() -> None:
    assert len(TABLES) >= 6


@pytest.mark.parametrize("identifier", TABLES)
def test_an_unknown_field_stops_a_table_or_warns(identifier: str) -> None:
    spec = source(identifier)
    payload = _sample(spec)[0]
    rows = _rows(payload)
    rows[-1]["champ_nouveau"] = "x"
    if spec.unknown_fields == "warn":
        context, _ = _read(spec, (_changed(payload, rows),))
        assert "field 'champ_nouveau' is not read" in [issue.rule for issue in context.issues]
        return
    with pytest.raises(InputError, match="champ_nouveau") as refused:
        _read(spec, (_changed(payload, rows),))
    assert refused.value.file == payload.name
    assert payload.name in str(refused.value)


@pytest.mark.parametrize("identifier", TABLES)
def test_a_missing_column_stops_a_table(identifier: str) -> None:
    spec = source(identifier)
    payload = _sample(spec)[0]
    for column in sorted(spec.needed):
        rows = [{k: v for k, v in row.items() if k != column} for row in _rows(payload)]
        with pytest.raises(InputError, match=f"missing fields {column}") as refused:
            _read(spec, (_changed(payload, rows),))
        assert refused.value.file == payload.name


def _hcp(change: str = "", to: str = "") -> Payload:
    payload = _sample(source("hcp_table"))[0]
    assert change in payload.text()
    return Payload(payload.name, payload.text().replace(change, to).encode())


@pytest.mark.parametrize(
    ("change", "to", "rule"),
    [
        ("Code,Sexe", "Code,Humeur", "unknown heading"),
        ("2021,2022", "an 1,an 2", "no heading line with years"),
        ("Taux de chômage", "Effectifs", "names no indicator"),
        ("Taux de chômage", "Taux de chômage et taux d’emploi", "names several indicators"),
    ],
)
def test_a_wide_table_stops_at_what_it_does_not_know(change: str, to: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        _read(source("hcp_table"), (_hcp(change, to),))
    assert refused.value.file == "unemployment_by_sex_region.csv"


@pytest.mark.parametrize(
    ("change", "to", "rule"),
    [
        ("Souss-Massa", "Sous la masse", "unknown region"),
        ("Masculin ", "Inconnu", "unknown sex"),
        (",Urbain,", ",Périurbain,", "unknown milieu"),
        ('"20,1"', "20;1", "is not a number"),
        ('"4,0",', '"4,0"', "cells expected"),
    ],
)
def test_a_row_of_a_table_that_cannot_be_read_is_set_aside_alone(
    change: str, to: str, rule: str
) -> None:
    _, whole = _read(source("hcp_table"), (_hcp(),))
    payload = _hcp(change, to)
    context, records = _read(source("hcp_table"), (payload,))
    broken = {issue.row for issue in context.issues if issue.level == "rejected"}
    assert broken
    assert all(rule in issue.rule and issue.file == payload.name for issue in context.issues)
    assert [r.value for r in records] == [
        r.value for r in whole if int(r.note.split()[1]) not in broken
    ]


def test_the_figures_table_refuses_other_columns() -> None:
    text = "indicator,freq,period\nunemployment_rate,A,2024\n"
    with pytest.raises(InputError, match="columns must be"):
        _read(source("hcp_labour_figures"), (Payload("figures.csv", text.encode()),))


def test_the_figures_table_sets_bad_rows_aside() -> None:
    shipped = source("hcp_labour_figures").folder / "figures.csv.gz"
    names = gzip.decompress(shipped.read_bytes()).decode().splitlines()[0].split(",")
    good = dict.fromkeys(names, "") | {
        "indicator": "unemployment_rate",
        "freq": "Q",
        "period": "2024-Q3",
        "geo_code": "MA-10+11+12",
        "milieu": "urban",
        "sex": "female",
        "age": "15-24",
        "diploma": "all",
        "value": "30.5",
        "unit": "%",
        "survey": "ENE",
        "vintage": "first_release",
        "verification": "conflict",
        "n_sources": "2",
    }
    bad = {
        "unknown area": {"geo_code": "99"},
        "not of frequency": {"freq": "A"},
        "unknown survey": {"survey": "sondage"},
        "unknown diploma": {"diploma": "permis"},
        "could not convert": {"value": "beaucoup"},
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows([good, *({**good, **change} for change in bad.values())])
    payload = Payload("figures.csv", out.getvalue().encode())
    context, found = _read(source("hcp_labour_figures"), (payload,))
    assert len(found) == 1
    kept = found[0]
    assert (kept.area, kept.sex, kept.age, kept.urbanisation) == ("MA-SUD", "F", "Y15T24", "U")
    assert (kept.vintage, kept.obs_status, kept.value) == ("first_release", "V", 30.5)
    assert [issue.row for issue in context.issues] == [3, 4, 5, 6, 7]
    for issue, rule in zip(context.issues, bad):
        assert rule in issue.rule


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("feed.xml", b"<jobs><title>x</jobs>", "not well-formed"),
        (
            "feed.xml",
            b'<!DOCTYPE r [<!ENTITY a "b">]><jobs><job><title>&a;</title></job></jobs>',
            "document type",
        ),
    ],
)
def test_a_feed_that_is_broken_or_hostile_is_refused(name: str, data: bytes, rule: str) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        _read(source("xml_job_feed"), (Payload(name, data),))
    assert refused.value.file == name


def test_a_feed_without_items_warns() -> None:
    context, found = _read(source("rss_ads"), (Payload("f.rss", b"<rss><channel/></rss>"),))
    assert found == []
    assert [(i.level, i.rule) for i in context.issues] == [("warning", "no item in this feed")]


def test_sample_files_are_small() -> None:
    for path in Path(FOLDER).glob("*/sample/*"):
        assert path.stat().st_size < 8_000, f"{path}: a sample is a few records"


@pytest.mark.parametrize("identifier", ["census", "synthetic_ads", "synthetic_courses"])
def test_a_source_that_comes_with_the_package_refuses_a_file(
    identifier: str, tmp_path: Path
) -> None:
    given = tmp_path / "random.xlsx"
    given.write_bytes(bytes(range(256)))
    flow = Flow(Settings(home=tmp_path / "home"))
    with pytest.raises(InputError, match="reads no file"):
        flow.ingest(source(identifier), [given])
