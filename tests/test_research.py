"""The researchers' door: agreements, files without what could name anyone, codebook, output check."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.areas import areas
from marsad.base.codes import codelist
from marsad.base.errors import InputError, NotFoundError, RefusedError
from marsad.cli.main import main
from marsad.flow import microdata
from marsad.flow.steps import Flow
from marsad.lake.control import Control
from marsad.lake.secret import keyed, secret
from marsad.lake.store import Lake
from marsad.products.disclosure.output_check import check, read
from marsad.publish.formats.ddi import FEWEST, NAMESPACE

NEXT_YEAR = dt.date.today() + dt.timedelta(365)
DDI = f"{{{NAMESPACE}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def home(embedded: Flow, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the loaded installation, for its ledger is written to."""
    folder = tmp_path_factory.mktemp("research") / "home"
    shutil.copytree(embedded.settings.home / "lake", folder / "lake")
    return folder


@pytest.fixture(scope="module")
def control(home: Path) -> Control:
    return Control(home / "control.db")


@pytest.fixture(scope="module")
def exported(home: Path, control: Control, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    microdata.agree(control, "university", "a thesis", NEXT_YEAR)
    return microdata.export(home, control, "university", tmp_path_factory.mktemp("out"))


# Agreements ---------------------------------------------------------------------------------------


def test_no_file_without_an_agreement_in_force(
    home: Path, control: Control, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match="There is no agreement of 'nobody'"):
        microdata.export(home, control, "nobody", tmp_path)
    control.keep_agreement("old", "a thesis", dt.date(2020, 1, 31))
    with pytest.raises(RefusedError, match="ended on 2020-01-31"):
        microdata.export(home, control, "old", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_agreement_holds_through_its_last_day(control: Control) -> None:
    control.keep_agreement("short", "a thesis", dt.date(2026, 5, 31))
    assert microdata.agreement(control, "short", dt.date(2026, 5, 31))["purpose"] == "a thesis"
    with pytest.raises(RefusedError):
        microdata.agreement(control, "short", dt.date(2026, 6, 1))


@pytest.mark.parametrize(
    ("name", "purpose", "until"),
    [("", "x", NEXT_YEAR), ("x", " ", NEXT_YEAR), ("x", "x", dt.date(2020, 1, 1))],
)
def test_an_agreement_is_whole(control: Control, name: str, purpose: str, until: dt.date) -> None:
    with pytest.raises(InputError):
        microdata.agree(control, name, purpose, until)


def test_every_export_and_refusal_is_in_the_ledger(
    exported: list[Path], home: Path, control: Control, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError):
        microdata.export(home, control, "stranger", tmp_path)
    runs = {run["subject"]: run for run in control.runs("research")}
    assert runs["university"]["status"] == "ok"
    assert runs["university"]["rows_out"] == pq.read_table(exported[0]).num_rows
    assert "a thesis: marsad_ads_SYNTHETIC.parquet" in runs["university"]["message"]
    assert runs["stranger"]["status"] == "failed"


def test_without_ads_it_says_what_to_do(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.db")
    microdata.agree(control, "x", "x", NEXT_YEAR)
    with pytest.raises(NotFoundError, match="run `marsad flow`"):
        microdata.export(tmp_path, control, "x", tmp_path / "out")
    with pytest.raises(NotFoundError):
        microdata.documentation(tmp_path)


# Files --------------------------------------------------------------------------------------------


def test_synthetic_ads_have_a_file_of_their_own_that_says_so(exported: list[Path]) -> None:
    assert [p.name for p in exported] == [
        "marsad_ads_SYNTHETIC.parquet", "marsad_ads_SYNTHETIC.csv"]  # fmt: skip
    table = pq.read_table(exported[0])
    assert set(table["synthetic"].to_pylist()) == {True}
    metadata = json.loads(table.schema.metadata[b"marsad"])
    assert (metadata["agreement"], metadata["realm"]) == ("university", "synthetic")
    assert set(metadata["access"]) == {"ar", "fr", "en"}


def test_both_files_hold_the_same(exported: list[Path]) -> None:
    parquet, csv = pq.read_table(exported[0]), pc.read_csv(exported[1])
    assert parquet.column_names == csv.column_names == microdata.schema().names
    for name in ("record_id", "isco08_score", "cluster_size", "posted_week"):
        assert parquet[name].to_pylist() == [v if v != "" else None for v in csv[name].to_pylist()]


def test_a_file_holds_nothing_that_names_anyone(exported: list[Path], home: Path) -> None:
    ads = Lake(home / "lake").read("core_ads").to_pylist()
    content = exported[1].read_text(encoding="utf-8").lower()
    for name in ("title", "company", "url", "place_text", "ad_key", "ad_id", "board", "cluster",
                 "commune"):  # fmt: skip
        texts = {row[name].lower() for row in ads if len(row[name] or "") > 5}
        assert texts
        assert not any(f'"{word}"' in content for word in texts), name
    assert not any("evidence" in name or "text" in name for name in microdata.schema().names)


def test_days_places_pay_and_copies_are_coarse(exported: list[Path]) -> None:
    rows = pq.read_table(exported[0]).to_pylist()
    for row in rows:
        assert row["province"] is None or areas()[row["province"]].level == "province"
        assert row["posted_week"] is None or len(row["posted_week"]) == 8
        assert (row["pay_low_mad"] or 0) % 500 == 0
        assert (row["pay_high_mad"] or 0) % 500 == 0
        assert 1 <= row["cluster_size"] <= 10
        assert (row["positions"] or 0) <= 10
    assert any(row["pay_low_mad"] for row in rows)


def test_codes_are_of_their_lists_and_have_their_score(exported: list[Path]) -> None:
    rows = pq.read_table(exported[0]).to_pylist()
    for name in ("isco08", "contract", "diploma", "isic", "work_kind", "language"):
        coded = [row for row in rows if row[name]]
        assert coded, name
        assert {row[name] for row in coded} <= set(codelist(name))
        assert all(0 < row[f"{name}_score"] <= 1 for row in coded)


def test_records_are_openings_under_names_that_only_the_secret_gives(
    exported: list[Path], home: Path
) -> None:
    names = pq.read_table(exported[0])["record_id"].to_pylist()
    openings = [ad for ad in Lake(home / "lake").read("core_ads").to_pylist()
                if ad["is_canonical"] and ad["country"] == "MA"]  # fmt: skip
    assert len(set(names)) == len(names) == len(openings)
    key = secret(home)
    made = {keyed(key, "research\x1funiversity", ad["ad_key"], 12).hex() for ad in openings}
    assert set(names) == made
    assert made.isdisjoint(keyed(b"other", "research\x1funiversity", ad["ad_key"], 12).hex()
                           for ad in openings)  # fmt: skip


def test_two_agreements_cannot_be_joined(home: Path, exported: list[Path]) -> None:
    lake, key = Lake(home / "lake"), secret(home)
    one = set(pq.read_table(exported[0])["record_id"].to_pylist())
    again = microdata.records(lake, key, "university")["synthetic"]["record_id"].to_pylist()
    other = microdata.records(lake, key, "ministry")["synthetic"]["record_id"].to_pylist()
    assert set(again) == one
    assert one.isdisjoint(other)


def test_the_secret_is_made_once_for_its_owner(tmp_path: Path) -> None:
    first = secret(tmp_path)
    assert (secret(tmp_path), len(first)) == (first, 32)
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret", "secret.check"]
    assert secret(tmp_path / "other") != first


# Codebook -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(home: Path) -> ET.Element:
    return ET.fromstring(microdata.documentation(home))


def _find(element: ET.Element, path: str) -> list[ET.Element]:
    return element.findall("/".join(f"{DDI}{name}" for name in path.split("/")))


@pytest.mark.parametrize(
    "path",
    [
        "docDscr/citation/titlStmt/titl",
        "stdyDscr/citation/titlStmt/titl",
        "stdyDscr/citation/titlStmt/IDNo",
        "stdyDscr/citation/rspStmt/AuthEnty",
        "stdyDscr/citation/prodStmt/producer",
        "stdyDscr/citation/distStmt/distrbtr",
        "stdyDscr/stdyInfo/subject/keyword",
        "stdyDscr/stdyInfo/sumDscr/timePrd",
        "stdyDscr/stdyInfo/sumDscr/nation",
        "fileDscr/fileTxt/fileName",
        "fileDscr/fileTxt/dimensns/caseQnty",
        "dataDscr/var/labl",
    ],
)
def test_the_codebook_has_what_ddi_asks(book: ET.Element, path: str) -> None:
    assert (book.tag, book.get("version")) == (f"{DDI}codeBook", "2.5")
    assert all(element.text for element in _find(book, path))
    assert _find(book, path)


@pytest.mark.parametrize(
    "path",
    [
        "stdyDscr/citation/biblCit",
        "stdyDscr/stdyInfo/abstract",
        "stdyDscr/stdyInfo/sumDscr/universe",
        "stdyDscr/stdyInfo/sumDscr/anlyUnit",
        "stdyDscr/method/dataColl/collMode",
        "stdyDscr/dataAccs/useStmt/restrctn",
        "stdyDscr/dataAccs/useStmt/confDec",
        "stdyDscr/dataAccs/useStmt/citReq",
    ],
)
def test_universe_collection_access_and_citation_are_in_three_languages(
    book: ET.Element, path: str
) -> None:
    assert {e.get(LANG): bool(e.text) for e in _find(book, path)} == {
        "fr": True, "ar": True, "en": True}  # fmt: skip


def test_elements_stand_in_the_order_of_the_schema(book: ET.Element) -> None:
    assert [e.tag.removeprefix(DDI) for e in book] == [
        "docDscr",
        "stdyDscr",
        "fileDscr",
        "dataDscr",
    ]
    study = [e.tag.removeprefix(DDI) for e in _find(book, "stdyDscr")[0]]
    assert study == ["citation", "stdyInfo", "method", "dataAccs"]
    order = ["labl", "sumStat", "catgry", "varFormat"]
    for var in _find(book, "dataDscr/var"):
        places = [order.index(e.tag.removeprefix(DDI)) for e in var]
        assert places == sorted(places)
    names = [e.get("ID") for e in book.iter() if e.get("ID")]
    assert len(names) == len(set(names))


def test_every_variable_is_labelled_with_its_categories_and_frequencies(
    book: ET.Element, exported: list[Path]
) -> None:
    table = pq.read_table(exported[0])
    variables = {var.get("name"): var for var in _find(book, "dataDscr/var")}
    assert list(variables) == table.column_names
    for var in variables.values():
        assert {e.get(LANG): bool(e.text) for e in _find(var, "labl")} == {
            "fr": True, "ar": True, "en": True}  # fmt: skip
    for name in ("contract", "region", "isco08", "synthetic", "isced_level"):
        categories: dict[Any, ET.Element] = {
            _find(c, "catValu")[0].text: c for c in _find(variables[name], "catgry")
        }
        counts = {str(r["values"]).lower() if name == "synthetic" else r["values"]: r["counts"]
                  for r in table[name].drop_null().value_counts().to_pylist()}  # fmt: skip
        assert set(categories) == set(counts)
        for code, category in categories.items():
            frequency = [int(e.text or 0) for e in _find(category, "catStat")]
            assert frequency == ([counts[code]] if counts[code] >= FEWEST else [])
            assert {e.get(LANG) for e in _find(category, "labl")} == {"fr", "ar", "en"}


# Output checking ----------------------------------------------------------------------------------


def _failures(text: str) -> list[tuple[int, str]]:
    return [(f.row, f.rule) for f in check(read(text.encode()))]


GROUPS = [(2, "group disclosure"), (5, "group disclosure")]  # all of A are men, all women in B
GOOD = "region,sex,n\nA,M,40\nA,F,35\nB,M,20\nB,F,25\n"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (GOOD, []),
        ("region,n\nA,10\nB,10\n", []),
        ("region,n\nA,9\nB,10\n", [(2, "threshold")]),
        ("region,n\nA,0\nB,60\nC,50\n", []),
        ("region,sex,n\nA,M,40\nA,F,0\nB,M,20\nB,F,25\n", GROUPS),
        ("region,sex,n\nA,M,40\nB,M,20\nB,F,25\n", [GROUPS[0], (4, "group disclosure")]),
        ("region,sex,n\nA,M,95\nA,F,10\nB,M,60\nB,F,60\n", [(2, "group disclosure")]),
        ("region,sex,n\nA,_T,75\nA,M,40\nA,F,35\nB,_T,45\nB,M,20\nB,F,25\n", []),
        ("region,n,part\nA,50,25\nB,50,50\n", [(3, "group disclosure")]),
        ("region,n,part\nA,50,0\nB,50,25\n", [(2, "group disclosure")]),
        ("region,n,part\nA,50,9\nB,50,41\n", [(2, "low count"), (3, "low count")]),
        ("region,n,part\nA,50,60\nB,50,25\n", [(2, "part")]),
        ("region,n,value,largest,second\nA,20,1000,200,150\nB,20,1000,100,90\n", []),
        ("region,n,value,largest,second\nA,20,1000,501,10\nB,20,1000,100,90\n", [(2, "dominance")]),
        (
            "region,n,value,largest,second\nA,20,1000,480,475\nB,20,1000,100,90\n",
            [(2, "p %")],
        ),
        (
            "region,n,value,largest,second\nA,20,1000,700,400\nB,20,1000,100,90\n",
            [(2, "sum")],
        ),
    ],
)
def test_rules_of_output_checking(table: str, expected: list[tuple[int, str]]) -> None:
    assert _failures(table) == expected


@given(st.lists(st.integers(10, 60), min_size=2, max_size=20))
def test_even_tables_pass_and_one_small_cell_fails(counts: list[int]) -> None:
    lines = [f"a{i},{n}" for i, n in enumerate(counts)]
    assert _failures("code,n\n" + "\n".join(lines)) == []
    small = [*lines, "last,3"]
    assert _failures("code,n\n" + "\n".join(small)) == [(len(small) + 1, "threshold")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"region,sex\nA,M\n", "needs the column n"),
        (b"region,n\n", "has no rows"),
        (b"", "holds no text"),
        (b"region,n\nA,12.5\n", "a number of units is whole"),
        (b"region,n\nA,ten\n", "row 2: n is 'ten'"),
        (b"region,n\nA,nan\n", "row 2: n is 'nan', not a number"),
        (b"region,n\nA,-1\n", "must be 0 or more"),
        (b"region,n\nA,1,2\n", "row 2: 2 cells expected"),
        (b"region,n\nA\n", "row 2: 2 cells expected"),
        (b"region,n,value\nA,10,5\n", "needs the columns value, largest and second"),
        (b"\xff\xfe", "holds no text"),
        (b"PK\x03\x04", "not a workbook"),
    ],
)
def test_tables_that_cannot_be_read_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(content)


# Commands -----------------------------------------------------------------------------------------


def _marsad(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["research", *words], env={"MARSAD_HOME": str(home)})


def test_from_agreement_to_files(home: Path, tmp_path: Path) -> None:
    refused = _marsad(home, "export", "lab", "--to", str(tmp_path))
    assert refused.exit_code == 5
    assert "There is no agreement of 'lab'" in refused.output
    done = _marsad(home, "agree", "lab", "--purpose", "a study", "--until", NEXT_YEAR.isoformat())
    assert done.exit_code == 0, done.output
    done = _marsad(home, "export", "lab", "--to", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "marsad_ads_SYNTHETIC.csv", "marsad_ads_SYNTHETIC.parquet", "marsad_ads_ddi.xml"]  # fmt: skip


def test_documentation_goes_to_a_file_or_out(home: Path, tmp_path: Path) -> None:
    result = _marsad(home, "documentation")
    done = _marsad(home, "documentation", "--out", str(tmp_path / "ddi.xml"))
    assert (result.exit_code, done.exit_code) == (0, 0)
    assert result.stdout_bytes == (tmp_path / "ddi.xml").read_bytes()


def test_check_prints_what_fails_and_why(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(GOOD)
    assert _marsad(tmp_path, "check", str(table)).exit_code == 0
    table.write_text(GOOD + "C,M,3\n")
    failed = _marsad(tmp_path, "check", str(table))
    assert failed.exit_code == 5
    assert "3 units, fewer than 10" in failed.output
    assert "1 of 5 rows may not leave" in failed.output
    table.write_text("a\n")
    assert _marsad(tmp_path, "check", str(table)).exit_code == 2
