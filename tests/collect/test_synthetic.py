"""The promises of the invented ads and trainings that ship with Marsad."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest

from marsad.collect.seeds import provinces
from marsad.collect.sources.synthetic_ads import generate as ads
from marsad.collect.sources.synthetic_courses import generate as courses

UNTIL = dt.date(2026, 6, 30)
N = 6000
LANGUAGES = {"fr", "ar", "ary", "ary-Latn", "en", "mixed"}
AREAS = provinces()
REGION_OF = {a.province_code: a.region_code for a in AREAS}
COURSE_AREAS = [courses.AreaSeed(*a) for a in AREAS]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    """One batch of sightings shared by the tests."""
    return list(ads.generate(7, N, UNTIL, AREAS))


def _date(row: dict[str, object], field: str) -> dt.date:
    return dt.date.fromisoformat(str(row[field]))


def test_same_seed_same_ads() -> None:
    first = list(ads.generate(1, 300, UNTIL, AREAS))
    assert first == list(ads.generate(1, 300, UNTIL, AREAS))
    assert first != list(ads.generate(2, 300, UNTIL, AREAS))


@pytest.mark.parametrize("n", [0, 1, 7, 50])
def test_exact_number_of_sightings(n: int) -> None:
    assert len(list(ads.generate(3, n, UNTIL, AREAS))) == n


def test_no_area_is_refused() -> None:
    with pytest.raises(ValueError, match="area"):
        list(ads.generate(1, 5, UNTIL, []))


def test_every_region_and_major_group_in_every_language(rows: list[dict[str, object]]) -> None:
    assert len(rows) == N
    cells = {
        (REGION_OF[str(r["true_province"])], str(r["true_isco08"])[0], r["true_lang"]) for r in rows
    }
    wanted = {
        (region, str(major), lang)
        for region in sorted(set(REGION_OF.values()))
        for major in range(1, 10)
        for lang in LANGUAGES
    }
    assert wanted <= cells


def test_language_mix(rows: list[dict[str, object]]) -> None:
    share = Counter(str(r["true_lang"]) for r in rows)
    assert set(share) == LANGUAGES
    expected = zip(ads.LANGUAGES, ads.LANGUAGE_SHARES, strict=True)
    for lang, target in expected:
        assert abs(share[lang] / N - target) < 0.03, (lang, share[lang])


def test_copies_and_reposts(rows: list[dict[str, object]]) -> None:
    first: dict[object, dict[str, object]] = {}
    copies = reposts = 0
    for row in rows:
        origin = first.setdefault(row["true_cluster"], row)
        if origin is row:
            continue
        assert row["true_isco08"] == origin["true_isco08"]
        assert row["true_province"] == origin["true_province"]
        if row["board"] == origin["board"]:
            assert _date(row, "posted") >= _date(origin, "seen_last") + dt.timedelta(14)
            reposts += 1
        else:
            copies += 1
    assert 0.15 < copies / N < 0.21
    assert 0.05 < reposts / N < 0.09


def test_dates_are_consistent(rows: list[dict[str, object]]) -> None:
    start = UNTIL - dt.timedelta(270)
    for row in rows:
        posted, seen, last = (_date(row, f) for f in ("posted", "seen_first", "seen_last"))
        assert start <= posted <= seen <= last <= UNTIL
        if row["deadline"]:
            assert _date(row, "deadline") > posted
    still_open = sum(_date(r, "seen_last") == UNTIL for r in rows)
    assert 0.02 < still_open / N < 0.4


def test_weekend_and_august_are_quiet(rows: list[dict[str, object]]) -> None:
    days = Counter(_date(r, "posted").weekday() for r in rows)
    assert days[6] < days[0] / 2
    autumn = list(ads.generate(9, 3000, dt.date(2026, 10, 15), AREAS))
    months = Counter(_date(r, "posted").month for r in autumn)
    assert months[8] < 0.75 * months[9]


def test_only_placeholder_contacts(rows: list[dict[str, object]]) -> None:
    phones = emails = ids = 0
    for row in rows:
        text = str(row["text"]).replace("&nbsp;", " ").lower()
        for number in re.findall(r"(?<!\d)0[5-7](?:\s?\d){8}(?!\d)", text):
            assert 0 <= int(number.replace(" ", "")) - 600000000 <= 9999
            phones += 1
        for domain in re.findall(r"@([\w.-]+)", text):
            assert domain.rstrip(".").startswith("exemple.ma"[: len(domain.rstrip("."))])
            emails += 1
        ids += bool(re.search(r"ab\d{6}", text))
    assert min(phones, emails, ids) > 50


def test_texts_are_plausible(rows: list[dict[str, object]]) -> None:
    for row in rows:
        text = str(row["text"])
        assert 150 <= len(text) <= 1200, len(text)
        assert "synthetic" not in f"{row['title']} {text}".lower()
        assert row["synthetic"] is True
        assert "{" not in text
        assert str(row["url"]).startswith("https://example.org/")
    assert len({(r["board"], r["ad_id"]) for r in rows}) == N
    assert any("Ã©" in str(r["text"]) for r in rows)
    assert 0.06 < sum(r["company"] is None for r in rows) / N < 0.14
    assert 0.03 < sum(r["place"] is None for r in rows) / N < 0.09
    assert len({r["true_isco08"] for r in rows}) >= 150


def test_courses_are_deterministic_and_complete() -> None:
    rows = list(courses.generate(5, 800, COURSE_AREAS))
    assert rows == list(courses.generate(5, 800, COURSE_AREAS))
    assert len({r["id"] for r in rows}) == len(rows) == 800
    assert {r["language"] for r in rows} == {"fr", "ar"}
    assert len({r["title"] for r in rows if r["language"] == "fr"}) >= 70
    assert len({r["level"] for r in rows}) == 6
    for row in rows:
        assert re.fullmatch(r"\d{4}", str(row["true_isced_f"]))
        assert row["year"] in (2024, 2025, 2026)
        assert isinstance(row["places"], int)
        assert row["places"] > 0
        assert isinstance(row["hours"], int)
        assert row["hours"] > 0
        assert row["outlets"]
        assert row["synthetic"] is True
