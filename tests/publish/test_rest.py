"""The REST API on a real server over the embedded default."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from marsad.base.areas import areas
from marsad.base.codes import codelist
from marsad.products.declare import indicators


@pytest.fixture(scope="module")
def api(live_site: str) -> httpx2.Client:
    return httpx2.Client(base_url=live_site)


DATA = "/api/v1/indicators/unemployment_rate/data"
NATIONAL = {
    "area": "MA",
    "sex": "_T",
    "age": "Y_GE15",
    "urbanisation": "_T",
    "education": "_T",
    "freq": "A",
}


def test_the_list_holds_every_indicator_in_three_languages(api: httpx2.Client) -> None:
    listed = api.get("/api/v1/indicators").json()["indicators"]
    assert [i["id"] for i in listed] == [i.id for i in indicators()]
    assert all(i["title"][language] for i in listed for language in ("ar", "fr", "en"))


def test_one_indicator_lists_the_codes_that_occur(api: httpx2.Client) -> None:
    indicator = api.get("/api/v1/indicators/unemployment_rate").json()
    assert indicator["codes"]["sex"] == ["_T", "M", "F"]
    assert set(indicator["codes"]["survey"]) == {"ENE", "RGPH2024", "RGPH2014", "ILO_MODELLED"}
    # HCP leaves four communes without a rate.
    assert sum(areas()[a].level == "commune" for a in indicator["codes"]["area"]) == 1499


def test_json_and_csv_hold_the_same_values(api: httpx2.Client) -> None:
    parameters = {**NATIONAL, "start": "2024", "end": "2024"}
    as_json = api.get(DATA, params=parameters).json()
    answer = api.get(DATA, params={**parameters, "format": "csv", "lang": "ar"})
    as_csv = list(csv.DictReader(io.StringIO(answer.text)))
    assert {v["survey"]: v["value"] for v in as_json["values"]} == {
        r["survey"]: float(r["value"]) for r in as_csv
    }
    assert answer.headers["content-type"].startswith("text/csv")
    assert {r["area_label"] for r in as_csv} == {"المغرب"}
    assert as_json["total"] == len(as_csv) == 3


HANDED_OVER = {
    "INTERMEDIATION_REGISTER",
    "EMPLOYMENT_REGISTER",
    "TRAINING_REGISTER",
    "OPINION_SURVEY",
}
"""Surveys of which the package brings no values: somebody must hand them over."""


def test_every_value_carries_unit_source_vintage_and_status(api: httpx2.Client) -> None:
    for indicator in indicators():
        rows = api.get(f"/api/v1/indicators/{indicator.id}/data?limit=50").json()["values"]
        assert rows or set(indicator.surveys) <= HANDED_OVER | {"ADS"}, indicator.id
        for row in rows:
            assert row["unit"] in (indicator.unit, "PP")  # a difference of rates is in points
            assert row["obs_status"]
            assert row["vintage"]
            assert row["reliability"] in {"A", "B", "C", "D", "U"}
            assert row["value"] is not None or row["obs_status"] in {"M", "Q"}


def test_level_parent_latest_and_paging(api: httpx2.Client) -> None:
    parameters = {"survey": "RGPH2024", "level": "province", "parent": "MA-01", "sex": "_T",
             "urbanisation": "_T"}  # fmt: skip
    first = api.get(DATA, params={**parameters, "limit": 3}).json()
    assert first["total"] == 8
    rest = api.get(DATA, params={**parameters, "limit": 10, "offset": 3}).json()
    areas = [v["area"] for v in first["values"] + rest["values"]]
    assert len(set(areas)) == 8
    assert all(a.startswith("MA-01-") for a in areas)
    latest = api.get(DATA, params={**NATIONAL, "survey": "ENE", "latest": "true"}).json()["values"]
    assert [v["period"] for v in latest] == ["2025"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/v1/indicators/nothing", 404, "no indicator"),
        (DATA + "?format=pdf", 400, "formats are csv, csv-excel, xlsx"),
        (DATA + "?regoin=MA-01", 400, "unknown parameter regoin"),
        (DATA + "?level=town", 400, "not a level"),
        (DATA + "?parent=XX", 404, "no area"),
        (DATA + "?start=yesterday", 400, "not a period"),
        (DATA + "?lang=de", 400, "lang must be one of"),
        ("/api/v1/ads/none", 404, "no ad"),
        ("/api/v1/ads?realm=both", 400, "not a realm"),
        ("/api/v1/codes/none", 404, "no code list"),
    ],
)
def test_errors_say_what_to_do(api: httpx2.Client, path: str, status: int, words: str) -> None:
    answer = api.get(path)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_hostile_filters_are_only_data(api: httpx2.Client) -> None:
    for hostile in (
        {"area": "MA' or '1'='1"},
        {"sex": 'x" or "1"="1'},
        {"vintage": "x' or '1'='1"},
    ):
        answer = api.get(DATA, params=hostile)
        assert answer.status_code == 400
        assert re.search("is not a code|has no vintage", answer.json()["detail"])


def test_an_answer_is_not_sent_twice(api: httpx2.Client) -> None:
    first = api.get(DATA, params=NATIONAL)
    again = api.get(DATA, params=NATIONAL, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = api.get(DATA, params={**NATIONAL, "sex": "F"})
    assert other.headers["etag"] != first.headers["etag"]


def test_ads_answer_in_both_scripts_and_are_marked(api: httpx2.Client) -> None:
    for words in ("comptable", "COMPTABLES", "محاسب", "المحاسب"):
        result = api.get("/api/v1/ads", params={"q": words}).json()
        assert result["total"] > 0, words
        assert all(ad["synthetic"] for ad in result["ads"])


def test_ad_facets_count_all_results_and_filters_keep_their_promise(api: httpx2.Client) -> None:
    page = api.get("/api/v1/ads").json()
    assert sum(page["facets"]["language"].values()) == page["total"]
    region, count = next(iter(page["facets"]["region"].items()))
    inside = api.get("/api/v1/ads", params={"region": region, "size": 100}).json()
    assert inside["total"] == count
    assert all(ad["region"]["code"] == region for ad in inside["ads"])
    group = api.get("/api/v1/ads", params={"occupation": "22"}).json()["ads"]
    assert all(ad["occupation"]["code"].startswith("22") for ad in group)


def test_every_code_of_an_ad_rests_on_words(api: httpx2.Client) -> None:
    key = api.get("/api/v1/ads?q=infirmier").json()["ads"][0]["key"]
    ad = api.get(f"/api/v1/ads/{key}").json()
    assert ad["occupation"]["evidence"]
    assert 0 < ad["occupation"]["score"] <= 1


def test_an_ad_tells_its_terms_and_what_to_check(api: httpx2.Client) -> None:
    ads = [ad for page in (1, 2, 3, 4, 5) for ad in
           api.get("/api/v1/ads", params={"size": 100, "page": page}).json()["ads"]]  # fmt: skip
    paid = [ad["pay"] for ad in ads if ad["pay"]]
    assert paid
    assert all(pay["score"] > 0 and pay["evidence"] for pay in paid)
    assert {p["currency"] for p in paid} == {"MAD"}
    flagged = [flag for ad in ads for flag in ad["flags"]]
    assert {flag["code"] for flag in flagged} <= set(codelist("integrity_flag"))
    assert all(flag["evidence"] for flag in flagged)
    assert not any(
        f"{code}: " in f["evidence"] for f in flagged for code in codelist("integrity_flag")
    )
    for name in ("working_time", "isic", "isced_level", "work_kind"):
        codes = {ad[name]["code"] for ad in ads if ad[name]}
        assert codes, name
        assert codes <= set(codelist(name))
    assert any(ad["positions"] for ad in ads)


def test_an_ad_tells_the_usual_skills_that_it_does_not_say(api: httpx2.Client) -> None:
    for hit in api.get("/api/v1/ads?q=comptable").json()["ads"]:
        ad = api.get(f"/api/v1/ads/{hit['key']}").json()
        if ad["usual_skills"]:
            assert ad["esco"]
            assert set(ad["usual_skills"]).isdisjoint(s["code"] for s in ad["skills"])
            return
    raise AssertionError("no accountant's ad has a usual skill")


def test_measured_accuracy_comes_with_its_interval(api: httpx2.Client) -> None:
    cards = api.get("/api/v1/accuracy").json()["cards"]
    assert all(0 <= c["low"] <= c["accuracy"] <= c["high"] <= 1 for c in cards)
    gaps = [c["calibration_error"] for c in cards if c["calibration_error"] is not None]
    assert gaps
    assert all(0 <= gap < 1 for gap in gaps)


@pytest.mark.parametrize("words", ["", "*", "\"'", "a AND (", "title:x", "~^", "😀", "x" * 200])
def test_any_search_words_are_answered(api: httpx2.Client, words: str) -> None:
    assert api.get("/api/v1/ads", params={"q": words}).status_code == 200


def test_the_register_names_a_right_for_every_source(api: httpx2.Client) -> None:
    sources = api.get("/api/v1/sources").json()["sources"]
    assert all(s["legal_basis"]["ar"] and s["personal_data"]["fr"] for s in sources)
    assert {s["id"] for s in sources if s["synthetic"]} == {
        "synthetic_ads", "synthetic_courses", "synthetic_register",
    }  # fmt: skip
    assert {s["last_status"] for s in sources if s["id"] == "census"} == {"ok"}


def test_files_of_synthetic_values_say_so_in_their_name(api: httpx2.Client) -> None:
    answer = api.get("/api/v1/indicators/new_ads/data?format=csv&limit=5")
    assert "_SYNTHETIC.csv" in answer.headers["content-disposition"]
    assert {r["synthetic"] for r in csv.DictReader(io.StringIO(answer.text))} == {"true"}
    real = api.get(DATA, params={**NATIONAL, "format": "csv"})
    assert "SYNTHETIC" not in real.headers["content-disposition"]


def test_many_readers_at_once(api: httpx2.Client) -> None:
    def ask(i: int) -> int:
        return int(api.get(DATA, params={**NATIONAL, "start": str(2000 + i % 20)}).json()["total"])

    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(ask, range(60)))
    assert first == [ask(i) for i in range(60)]


def test_the_description_of_the_api_names_every_route(api: httpx2.Client) -> None:
    paths = api.get("/api/openapi.json").json()["paths"]
    assert {"/api/v1/indicators/{identifier}/data", "/api/v1/ads", "/api/v1/sources"} <= set(paths)
    assert all(op["summary"] for path in paths.values() for op in path.values())


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("br;q=0", None),
    ],
)
def test_answers_are_packed_as_the_client_accepts(
    api: httpx2.Client, accept: str, encoding: str | None
) -> None:
    answer = api.get(DATA, params=NATIONAL, headers={"Accept-Encoding": accept})
    assert answer.headers.get("content-encoding") == encoding
    plain = api.get(DATA, params=NATIONAL, headers={"Accept-Encoding": "identity"})
    assert answer.json() == plain.json()
