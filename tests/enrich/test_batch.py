"""The batch contract: sightings in, one coded ad out, the same in one process as in a pool."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from marsad.base.records import Course, JobAd
from marsad.enrich.batch import BATCH, ad_key, code_ads, code_course, in_pool
from marsad.lake.tables import table

RAW = {
    "source_id": "essai",
    "board": "a",
    "ad_id": "1",
    "raw_title": "Soudeur TIG (H/F)",
    "raw_text": "<p>Poste &agrave; pourvoir en CDI. 2 ans d''exp&eacute;rience.</p>",
    "raw_company": "Atelier Essai",
    "raw_place": "Fès (Maroc)",
    "raw_contract": "",
    "raw_experience": "",
    "raw_diploma": "",
    "raw_salary": "5000 DH",
    "raw_sector": "",
    "url": "https://exemple.ma/1",
    "posted_on": None,
    "deadline_on": None,
    "seen_first_on": None,
    "seen_last_on": None,
    "positions": 2,
    "country": "MA",
    "synthetic": False,
    "publishes_text": False,
    "confidentiality": "open",
}


def code_ad(sightings: list[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rows of one ad."""
    return code_ads([sightings])[0]


def _raw(**other: Any) -> dict[str, Any]:
    return {**RAW, **other}


def test_an_ad_is_coded_from_its_words() -> None:
    row, skills = code_ad([_raw()])
    assert (row["isco08"], row["province"], row["region"]) == ("7212", "MA-03-231", "MA-03")
    assert (row["contract"], row["experience_years"], row["language"]) == ("permanent", 2.0, "fr")
    assert row["text"] == "Poste à pourvoir en CDI. 2 ans d'expérience."
    assert [s["ad_key"] for s in skills] == [row["ad_key"]] * len(skills)


def test_coded_rows_are_rows_of_the_declared_tables() -> None:
    row, skills = code_ad([_raw()])
    assert set(row) == set(table("core_ads").columns)
    table("core_ads").arrow([row])
    table("core_ad_skills").arrow(skills)


def test_days_span_all_sightings_and_words_are_of_the_last() -> None:
    row, _ = code_ad(
        [
            _raw(seen_first_on=dt.date(2026, 5, 1)),
            _raw(seen_first_on=dt.date(2026, 5, 9), deadline_on=dt.date(2026, 6, 1)),
            _raw(seen_first_on=dt.date(2026, 5, 4), raw_title="Soudeur TIG confirmé"),
        ]
    )
    assert row["sightings"] == 3
    assert row["posted_on"] is None, "a board that is read for the first time shows ads of any age"
    assert row["first_seen_on"] == dt.date(2026, 5, 1)
    assert row["last_seen_on"] == dt.date(2026, 5, 9)
    assert row["deadline_on"] == dt.date(2026, 6, 1)
    assert row["title"] == "Soudeur TIG confirmé"


def test_an_ad_appeared_when_it_was_first_seen_on_a_board_read_before() -> None:
    seen, before = dt.date(2026, 5, 9), dt.date(2026, 5, 2)
    (row, _), (first, _) = (
        code_ad([_raw(seen_first_on=seen, board_read_on=began)]) for began in (before, seen)
    )
    assert (row["posted_on"], first["posted_on"]) == (seen, None)


def test_the_posting_day_wins_over_the_days_seen() -> None:
    row, _ = code_ad([_raw(posted_on=dt.date(2026, 5, 3), seen_first_on=dt.date(2026, 5, 1))])
    assert row["posted_on"] == dt.date(2026, 5, 3)


def test_an_ad_from_abroad_has_no_place_in_morocco() -> None:
    row, _ = code_ad([_raw(country="FR", raw_place="Tanger")])
    assert (row["commune"], row["province"], row["region"]) == ("", "", "")


def test_an_ad_without_known_words_abstains_everywhere() -> None:
    row, skills = code_ad([_raw(raw_title="xqzv", raw_text="", raw_place="", raw_salary="")])
    assert skills == []
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
    groups = [[_raw(ad_id=str(i))] for i in range(3)]
    assert code_ads(groups) == code_ads(groups)
    assert [row["ad_id"] for row, _ in code_ads(groups)] == ["0", "1", "2"]


def test_a_pool_gives_what_one_process_gives() -> None:
    items = [str(i) for i in range(2 * BATCH + 7)]
    alone = [x for part in in_pool(_upper, items, 1) for x in part]
    shared = [x for part in in_pool(_upper, items, 2) for x in part]
    assert alone == shared == [f"<{x}>" for x in items]


def _upper(items: list[str]) -> list[str]:
    return [f"<{x}>" for x in items]


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
    assert set(RAW) - {"publishes_text", "confidentiality"} == set(JobAd.__struct_fields__)
