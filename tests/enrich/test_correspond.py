"""Correspondences of ISCO-08: ROME as shipped, and lists that an installation drops in."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.base.codes import codelist
from marsad.base.errors import InputError, NotFoundError
from marsad.enrich import crosswalk

HEAD = "isco08,code,ar,fr\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path))
    (tmp_path / "codelists").mkdir()
    return tmp_path / "codelists"


def test_every_rome_code_leads_to_a_unit_group_and_back() -> None:
    groups, ranked = crosswalk._rome()
    units = {code for code in codelist("isco08") if len(code) == 4}
    assert len(groups) == 1584
    assert set(groups.values()) <= units
    for isco08, candidates in ranked.items():
        assert sum(c.score for c in candidates) == pytest.approx(1, abs=0.01)
        assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
        assert all(groups[c.code] == isco08 for c in candidates)


def test_rome_of_an_accountant() -> None:
    assert [c.code for c in crosswalk.rome_of("2411")] == ["M1202", "M1206"]
    assert crosswalk.rome_of("9999") == []


def test_a_national_list_is_there_once_it_is_dropped_in(folder: Path) -> None:
    assert crosswalk.lists() == ["rome"]
    (folder / "NAP.csv").write_text(
        HEAD + "2411,24.1,محاسب,Comptable\n2411,24.2,مدقق,Auditeur\n241,24,مالية,Finances\n",
        encoding="utf-8",
    )
    assert crosswalk.lists() == ["rome", "NAP"]
    candidates = crosswalk.national("2411", "NAP")
    assert [(c.code, c.score) for c in candidates] == [("24", 0.5), ("24.1", 0.5), ("24.2", 0.5)]
    assert [c.code for c in crosswalk.national("2412", "NAP")] == ["24"]
    assert crosswalk.national("7212", "NAP") == []
    assert crosswalk.entries("NAP")[0].label == {"ar": "محاسب", "fr": "Comptable"}
    assert crosswalk.national("2411", "rome") == crosswalk.rome_of("2411")


def test_a_changed_list_is_read_anew(folder: Path) -> None:
    path = folder / "REM.csv"
    path.write_text(HEAD + "2411,A,,Comptable\n", encoding="utf-8")
    assert [c.code for c in crosswalk.national("2411", "REM")] == ["A"]
    path.write_text(HEAD + "2411,BB,,Comptable\n", encoding="utf-8")
    import os

    os.utime(path, ns=(1, 1))
    assert [c.code for c in crosswalk.national("2411", "REM")] == ["BB"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("isco08,code,fr\n", "NAP.csv: row 1: the columns must be isco08,code,ar,fr"),
        (HEAD + "2411,A,,x\n2499,B,,x\n", "NAP.csv: row 3: '2499' is not a code of ISCO-08"),
        (HEAD + "_T,A,,x\n", "row 2: '_T' is not a code of ISCO-08"),
        (HEAD + "2411,,,x\n", "row 2: a row needs a code"),
        (HEAD + "2411,A,,\n", "row 2: a row needs a label"),
        (HEAD + "2411,A\n", "row 2: 4 cells expected"),
        (HEAD + "2411,A,,x,y\n", "row 2: 4 cells expected"),
        (HEAD + "2411,A,,x\n2411,A,,y\n", "row 3: 2411 and A stand together twice"),
    ],
)
def test_a_bad_row_is_named(folder: Path, text: str, words: str) -> None:
    (folder / "NAP.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        crosswalk.national("2411", "NAP")
    assert words in str(raised.value)


@pytest.mark.parametrize("name", ["none", "../control", "a b", ""])
def test_an_unknown_list_is_not_found(folder: Path, name: str) -> None:
    with pytest.raises(NotFoundError, match="There is no list"):
        crosswalk.national("2411", name)
