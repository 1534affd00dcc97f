"""The batch contract: sightings in, one coded ad out, the same in one process as in a pool."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from marsad.base.records import Course, JobAd
from marsad.enrich.batch import (
    CONTENT,
    ad_key,
    code_contents,
    code_course,
    code_days,
    content_of,
    version,
)
from marsad.lake.tables import table

RAW = {
    "source_id": "essai",
    "content": "abc",
    "cleaned_by": "an earlier version",
    "raw_title": "Soudeur TIG (H/F)",
    "raw_text": "<p>Poste &agrave; pourvoir en CDI. 2 ans d''exp&eacute;rience.</p>",
    "raw_company": "Atelier Essai",
    "raw_place": "Fès (Maroc)",
    "raw_contract": "",
    "raw_experience": "",
    "raw_diploma": "",
    "raw_salary": "5000 DH",
    "raw_sector": "",
    "positions": 2,
    "country": "MA",
}


def code_ad(raw: dict[str, Any]) -> dict[str, Any]:
    """The coded words of one ad."""
    return code_contents([raw])[0]


def _raw(**other: Any) -> dict[str, Any]:
    return {**RAW, **other}


def test_an_ad_is_coded_from_its_words() -> None:
    row = code_ad(_raw())
    assert (row["isco08"], row["province"], row["region"]) == ("7212", "MA-03-231", "MA-03")
    assert (row["contract"], row["experience_years"], row["language"]) == ("permanent", 2.0, "fr")
    assert row["text"] == "Poste à pourvoir en CDI. 2 ans d'expérience."
    assert (row["content"], row["version"]) == ("abc", version())


def test_coded_rows_are_rows_of_the_declared_tables() -> None:
    row = code_ad(_raw(raw_text="Maîtrise d'Excel et de la soudure TIG."))
    assert set(row) == set(table("core_contents").columns)
    table("core_contents").arrow([row])
    assert row["skills"]
    assert set(row["skills"][0]) == {"skill", "score", "evidence"}


SEEN = dt.date(2026, 9, 1)


def _days(**life: Any) -> dict[str, Any]:
    days = {"posted_on": None, "due_on": None, "last_seen_on": None}
    return code_days([{**code_ad(_raw()), **days, **life}])[0]


def test_what_rests_on_days_is_read_with_them() -> None:
    assert _days()["salary_month_min_mad"] == 5000
    assert _days(due_on=SEEN)["deadline_on"] == SEEN
    assert _days()["flags"] == ""
    late = _days(due_on=dt.date(2026, 8, 1), last_seen_on=SEEN)
    assert (late["flags"], late["flags_evidence"]) == ("stale", "stale: 2026-08-01 < 2026-09-01")
    assert late["word_flags"] == ""
    assert _days(posted_on=dt.date(2026, 1, 1), last_seen_on=SEEN)["flags"] == "stale"
    assert _days(due_on=SEEN, posted_on=dt.date(2026, 8, 1), last_seen_on=SEEN)["flags"] == ""


def test_the_name_of_words_changes_with_each_of_them() -> None:
    names = {content_of(_raw())} | {content_of(_raw(**{name: "autre"})) for name in CONTENT}
    assert len(names) == 1 + len(CONTENT)
    assert content_of(_raw(synthetic=True)) == content_of(_raw())


def test_an_ad_from_abroad_has_no_place_in_morocco() -> None:
    row = code_ad(_raw(country="FR", raw_place="Tanger"))
    assert (row["commune"], row["province"], row["region"]) == ("", "", "")


def test_an_ad_without_known_words_abstains_everywhere() -> None:
    row = code_ad(_raw(raw_title="xqzv", raw_text="", raw_place="", raw_salary=""))
    assert row["skills"] == []
    for name in ("isco08", "region", "province", "commune", "contract", "diploma"):
        assert row[name] == ""
        assert row[f"{name}_score"] is None
    assert row["experience_years"] is None


def test_keys_tell_ads_apart_and_say_nothing() -> None:
    keys = {
        ad_key("s", "b", "1"),
        ad_key("s", "b", "2"),
        ad_key("s", "c", "1"),
        ad_key("t", "b", "1"),
    }
    assert len(keys) == 4
    assert all(len(key) == 16 and key.isalpha() for key in keys)
    assert ad_key("s", "b1", "2") != ad_key("s", "b", "12")


def test_batches_are_pure_and_keep_their_order() -> None:
    rows = [_raw(content=str(i)) for i in range(3)]
    assert code_contents(rows) == code_contents(rows)
    assert [row["content"] for row in code_contents(rows)] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("title", "outlets", "isced_f", "isco08"),
    [
        ("Comptabilité", "", "0411", ""),
        ("Agent de Plomberie", "Plombier chauffagiste", "0732", "7126"),
        ("xyz", "Cuisinier, serveur", "", "5120"),
    ],
)
def test_courses(title: str, outlets: str, isced_f: str, isco08: str) -> None:
    course = Course(
        source_id="s", course_id="1", raw_title=title, raw_outlets=outlets, raw_place="Oujda"
    )
    row = code_course({f: getattr(course, f) for f in course.__struct_fields__})
    assert row["province"] == "MA-02-411"
    if isced_f:
        assert row["isced_f"] == isced_f
    if isco08:
        assert row["isco08"] == isco08
    table("core_courses").arrow([row])


def test_ad_records_and_raw_rows_name_the_same_fields() -> None:
    assert set(RAW) - {"content", "source_id", "cleaned_by"} == set(CONTENT)
    assert set(CONTENT) <= set(JobAd.__struct_fields__)
