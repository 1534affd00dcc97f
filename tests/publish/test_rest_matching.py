"""Matching and pathways over HTTP: ranked ads with reasons, a person's sentence, ways to other work."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx2
import pytest

from marsad.products.matching.score import REASONS

EXCEL = "1973c966-f236-40c9-b2d4-5d71a89019be"


@pytest.fixture(scope="module")
def api(live_site: str) -> httpx2.Client:
    return httpx2.Client(base_url=live_site)


def _get(api: httpx2.Client, path: str, **parameters: Any) -> Any:
    answer = api.get(f"/api/v1{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_matching_ranks_open_ads_and_says_why(api: httpx2.Client) -> None:
    ads = _get(api, "/matching", area="MA-06", limit=50)["matches"]
    job = Counter(m["ad"]["isco08"] for m in ads if m["ad"]["isco08"]).most_common(1)[0][0]
    result = _get(api, "/matching", occupation=job, area="MA-06", limit=50)
    scores = [m["score"] for m in result["matches"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    best = result["matches"][0]
    assert (best["score"], best["ad"]["isco08"], best["ad"]["region"]) == (1, job, "MA-06")
    assert {r["code"] for r in best["reasons"]} == {"same_unit_group", "same_area"}
    assert {r["code"] for m in result["matches"] for r in m["reasons"]} <= set(REASONS)
    assert sum(result["explanation"]["weights"].values()) == 100


def test_matching_by_skills_tells_shared_and_missing_ones(api: httpx2.Client) -> None:
    for match in _get(api, "/matching", skills=EXCEL, limit=20)["matches"]:
        codes_by_reason = {r["code"]: set(r["codes"]) for r in match["reasons"]}
        ad = _get(api, f"/ads/{match['ad']['ad_key']}")
        named = {skill["code"] for skill in ad["skills"]}
        assert codes_by_reason["skills_shared"] == {EXCEL}
        assert codes_by_reason.get("skills_missing", set()) == named - {EXCEL}
        assert match["score"] == pytest.approx(1 / len(named), abs=1e-3)


def _asked(api: httpx2.Client, **question: Any) -> httpx2.Response:
    return api.post("/api/v1/matching", json=question)


@pytest.mark.parametrize(
    ("question", "group", "area", "years"),
    [
        ({"text": "plombier chauffagiste à Tanger, 4 ans"}, "7126", "MA-01-511", 4),
        ({"text": "كنصبغ الديور والحيوط", "area": "Rabat"}, "7131", "MA-04-421", None),
        ({"text": "kansoug camion w remorque", "job": "chifor"}, "8332", "", None),
        ({"text": "I cook tajines in a riad"}, "5120", "", None),
    ],
)
def test_a_sentence_is_understood_and_answered_with_its_trade(
    api: httpx2.Client, question: dict[str, Any], group: str, area: str, years: float | None
) -> None:
    body = _asked(api, **question, lang="fr").json()
    understood = body["understood"]
    assert understood["occupations"][0]["code"] == group
    assert understood["occupations"][0]["evidence"]
    assert (understood["area"] or {"code": ""})["code"].startswith(area)
    assert understood["years"] == years
    told = {row["code"] for row in body["widened"]}
    for row in body["openings"]:
        assert (row["ad"]["isco08"] == group) == ("trade" not in row["beyond"])
        assert row["ad"]["isco08"][:3] == group[:3]
        assert set(row["beyond"]) <= told
        assert row["reasons"]


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ({}, "at least"), ({"text": "maçon", "area": "Tokyo"}, "Tokyo"), ({"text": "maçon", "area": "ZZ"}, "ZZ"),
        ({"occupation": "9999"}, "9999"), ({"text": "maçon", "contract": "forever"}, "forever"),
        ({"text": "maçon", "skills": ["nothing"]}, "nothing"), ({"words": "maçon"}, "words"),
        ({"text": 3}, "str"), ({"text": "a " * 3000}, "letters"), ({"text": "a " * 30000}, "bytes"),
        ({"text": "maçon", "lang": "xx"}, "lang"), ({"text": "maçon", "within_km": -5}, "within_km"),
        ({"text": "maçon", "limit": 1000}, "limit"), ({"text": "maçon", "within_km": 20}, "area"),
        ({"text": "maçon", "area": "MA-SUD"}, "regions"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_matching_is_refused_in_words(
    api: httpx2.Client, question: dict[str, Any], detail: str
) -> None:
    answer = _asked(api, **question)
    assert answer.status_code == 400
    assert detail in answer.json()["detail"]


def test_words_without_work_are_answered_by_nothing(api: httpx2.Client) -> None:
    answer = _asked(api, text="bonjour")
    body = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (body["understood"]["occupations"], body["openings"], body["widened"]) == ([], [], [])
    assert api.post("/api/v1/matching", content=b"{no json").status_code == 400


def test_what_a_person_says_for_matching_is_kept_by_nobody(api: httpx2.Client) -> None:
    answer = api.get("/api/v1/matching", params={"occupation": "2411"})
    assert answer.headers["cache-control"] == "no-store"
    shown = answer.json()["matches"][0]["ad"]
    assert not {"text", "record_key", "body"} & set(shown)


def test_pathways_are_the_nearest_first_with_demand_pay_and_what_is_lacking(
    api: httpx2.Client,
) -> None:
    answer = api.get("/api/v1/pathways", params={"occupation": "7212", "lang": "ar", "limit": 8})
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    ways = body["pathways"]
    assert body["synthetic"] is True
    assert [w["distance"] for w in ways] == sorted(w["distance"] for w in ways)
    assert "7212" not in {w["occupation"] for w in ways}
    for way in ways:
        assert way["open_ads"] > 0
        had = {s["code"] for s in way["had"]}
        assert not had & {s["code"] for s in way["lacking"]}
        if way["pay"]["median_mad_month"] is not None:
            assert way["pay"]["lower"] <= way["pay"]["median_mad_month"] <= way["pay"]["upper"]
            assert way["pay"]["of"] in (way["occupation"], way["occupation"][:3])
        assert _get(api, way["href"].removeprefix("/api/v1"))["code"] == way["occupation"]
    assert api.get("/api/v1/pathways").status_code == 400
    assert api.get("/api/v1/pathways?occupation=72").status_code == 422
