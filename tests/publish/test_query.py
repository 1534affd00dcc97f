"""The read path over a release that an earlier version made."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from marsad.base.errors import InputError, NotFoundError, PlaceError
from marsad.flow.steps import Flow
from marsad.lake import edition, search
from marsad.lake.mart import NAME, Mart
from marsad.publish.read.counts import CountQuery
from marsad.publish.read.reader import AdQuery, Flag, Reader
from marsad.publish.read.rows import flags_of

NEW = (
    "working_time",
    "remote",
    "isic",
    "isced_level",
    "work_kind",
    "salary_",
    "positions",
    "flags",
)


@pytest.fixture
def older(embedded: Flow, tmp_path: Path) -> Reader:
    """A reader of a release without the tables and columns that came later."""
    folder = embedded.current()
    assert folder is not None
    shutil.copytree(folder, tmp_path / "release")
    shown = edition.newest(embedded.settings.home)
    assert shown is not None
    shutil.copytree(shown / search.NAME, tmp_path / "release" / search.NAME)
    held = Mart(folder / NAME, edition.files_of(shown), edition.attached())
    tables = {name: held.arrow(f"select * from {name}") for name in ("ads", "ad_skills", "changes")}
    held.close()
    with duckdb.connect(str(tmp_path / "release" / NAME)) as db:
        for name, rows in tables.items():  # once they stood in the release
            db.register("rows", rows)
            db.execute(f"create table {name} as select * from rows")
        db.execute("drop table occupation_skills")
        db.execute("drop table review")
        for table, starts in (("ads", NEW), ("cards", ("low", "high", "calibration_error"))):
            columns = [row[0] for row in db.execute(f"describe {table}").fetchall()]
            for column in columns:
                if column.startswith(starts):
                    db.execute(f'alter table {table} drop column "{column}"')
    return Reader(tmp_path / "release")


def test_a_release_of_an_earlier_version_is_read_without_what_it_lacks(older: Reader) -> None:
    first = older.search_ads(AdQuery(text="comptable")).ads[0]
    ad = older.ad(first.key)
    assert ad.title == first.title
    assert (ad.codes["working_time"], ad.codes["isic"], ad.pay, ad.positions, ad.flags) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert ad.usual_skills == ()
    assert older.review() == ()
    assert older.cards()
    assert {(c.low, c.high, c.calibration_error) for c in older.cards()} == {(None, None, None)}
    older.close()


def test_the_words_of_each_flag_are_cut_out() -> None:
    row = {
        "flags": "gender_condition fee_asked stale",
        "flags_evidence": "gender_condition: homme; femme: non; fee_asked: a; b: c; stale: 1 < 2",
    }
    assert flags_of(row) == (
        Flag("gender_condition", "homme; femme: non"),
        Flag("fee_asked", "a; b: c"),
        Flag("stale", "1 < 2"),
    )
    assert flags_of({"flags": None}) == flags_of({}) == ()


def test_what_a_release_does_not_hold_is_said_and_never_zero(older: Reader, tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match=r"earlier version, without isic"):
        older.search_ads(AdQuery(filters={"sector": "C"}))
    with pytest.raises(PlaceError, match=r"earlier version, without remote"):
        older.ad_counts(CountQuery(("remote",), "synthetic"))
    older.close()


@pytest.mark.parametrize(
    ("name", "code", "error"),
    [
        ("region", "MA-99", NotFoundError),
        ("contract", "foo", InputError),
        ("driving_licence", "Z", InputError),
        ("occupation", "9999", InputError),
        ("sector", "ZZ", InputError),
        ("colour", "red", InputError),
    ],
)
def test_an_unknown_code_is_refused_and_never_no_ads(
    embedded: Flow, name: str, code: str, error: type[Exception]
) -> None:
    folder = embedded.current()
    assert folder is not None
    reader = Reader(folder)
    with pytest.raises(error):
        reader.search_ads(AdQuery(filters={name: code}))
    assert reader.search_ads(AdQuery(filters={"occupation": "72"})).total > 0
    reader.close()
