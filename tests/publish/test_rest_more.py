"""The rest of the API on a real server: lists, search, matching, exact counts, one number."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

from marsad.base.areas import areas
from marsad.base.codes import codelist
from marsad.base.periods import end
from marsad.flow.steps import Flow
from marsad.lake import edition
from marsad.lake.mart import NAME, Mart
from marsad.lake.secret import secret

VALUE = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024"
EXCEL = "1973c966-f236-40c9-b2d4-5d71a89019be"


@pytest.fixture(scope="module")
def api(live_site: str) -> httpx2.Client:
    return httpx2.Client(base_url=live_site)


@pytest.fixture(scope="module")
def held(embedded: Flow) -> Mart:
    """The release behind the API, to compare its answers with."""
    folder = embedded.current()
    assert folder is not None
    ads = edition.newest(embedded.settings.home)
    assert ads is not None
    return Mart(folder / NAME, edition.files_of(ads), edition.attached())


def _get(api: httpx2.Client, path: str, **parameters: Any) -> Any:
    answer = api.get(f"/api/v1{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _every(api: httpx2.Client, path: str, name: str, **parameters: Any) -> list[Any]:
    """All rows of a list, page after page, as `next` and the header Link say."""
    answer = api.get(f"/api/v1{path}", params=parameters)
    rows: list[Any] = []
    while True:
        body = answer.json()
        rows += body[name]
        if not body["next"]:
            assert "link" not in answer.headers
            return rows
        assert answer.headers["link"] == f'<{body["next"]}>; rel="next"'
        answer = api.get(body["next"])
        assert answer.status_code == 200, answer.text


def test_an_area_tells_its_place_and_its_indicators(api: httpx2.Client) -> None:
    area = _get(api, "/areas/MA-06")
    assert (area["level"], area["parent"]["code"]) == ("region", "MA")
    assert all(area["name"].values())
    assert {a["code"] for a in area["children"]} == {
        a.code for a in areas().values() if a.parent == "MA-06"
    }
    indicators = {row["indicator"]: row for row in area["indicators"]}
    data = _get(api, "/indicators/unemployment_rate/data", area="MA-06")
    periods = [v["period"] for v in data["values"]]
    assert indicators["unemployment_rate"]["last"] == max(periods, key=lambda p: (end(p), p))
    assert indicators["unemployment_rate"]["values"] == sum(
        v["value"] is not None for v in data["values"]
    )


@pytest.mark.parametrize("words", ["comptable", "Accountants", "المحاسبون", "2411", "COMPTABLES"])
def test_occupations_are_found_in_three_languages_and_by_code(
    api: httpx2.Client, words: str
) -> None:
    groups = _get(api, "/occupations", q=words, level="unit")["occupations"]
    assert "2411" in [row["code"] for row in groups]


def test_pages_of_a_list_hold_every_row_once(api: httpx2.Client) -> None:
    codes = [row["code"] for row in _every(api, "/occupations", "occupations", limit=77)]
    assert codes == [code for code in codelist("isco08") if code.isdecimal()]
    units = _get(api, "/occupations", level="unit", limit=500)
    assert units["total"] == len(units["occupations"]) == sum(len(code) == 4 for code in codes)


def test_an_occupation_tells_groups_ads_and_skills(api: httpx2.Client, held: Mart) -> None:
    occupation = _get(api, "/occupations/2411")
    assert [row["code"] for row in occupation["parents"]] == ["2", "24", "241"]
    assert occupation["children"] == []
    assert [r["code"] for r in _get(api, "/occupations/24")["children"]] == ["241", "242", "243"]
    ads = _get(api, "/ads", occupation="2411", realm="synthetic")
    assert occupation["ads"] == {"real": 0, "synthetic": ads["total"]}
    shares = [row["share"] for row in occupation["skills_asked"]]
    assert shares
    assert shares == sorted(shares, reverse=True)
    assert {row["synthetic"] for row in occupation["skills_asked"]} == {True}
    essential = held.rows("select distinct skill from occupation_skills where essential"
                     " and starts_with(occupation, '2411.')")  # fmt: skip
    assert {row["code"] for row in occupation["essential_skills"]} == {
        row["skill"] for row in essential
    }


def test_a_skill_tells_who_asks_for_it(api: httpx2.Client, held: Mart) -> None:
    assert next(s["code"] for s in _get(api, "/skills", q="إكسل")["skills"]) == EXCEL
    skill = _get(api, f"/skills/{EXCEL}")
    n = held.rows("select count(*) as n from ad_skills join ads using (ad_key) where skill = ?",
                  [EXCEL])[0]["n"]  # fmt: skip
    assert skill["ads"]["synthetic"] == n
    assert skill["asked_in"]
    assert skill["essential_for"]


def test_trainings_are_searched_filtered_and_marked(api: httpx2.Client, held: Mart) -> None:
    every = _every(api, "/trainings", "trainings", limit=400)
    assert len(every) == held.rows("select count(*) as n from courses")[0]["n"]
    assert len({row["training"] for row in every}) == len(every)
    assert all(row["synthetic"] for row in every)
    assert "اصطناعية" in _get(api, "/trainings", limit=1, lang="ar")["caveats"]["synthetic"]
    one = next(row for row in every if row["isced_f"] and row["region"])
    parameters = {
        "field": one["isced_f"][:2],
        "region": one["region"],
        "q": one["title"],
        "limit": 500,
    }
    trainings = _get(api, "/trainings", **parameters)["trainings"]
    assert one["training"] in [row["training"] for row in trainings]
    assert all(row["region"] == one["region"] for row in trainings)
    assert all(row["isced_f"].startswith(one["isced_f"][:2]) for row in trainings)
    training = _get(api, f"/trainings/{one['training']}")
    assert training["field_name"]["ar"]
    assert training["title"] == one["title"]


def test_the_register_is_the_list_of_sources(api: httpx2.Client) -> None:
    assert _get(api, "/register") == _get(api, "/sources")


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("الدار البيضاء", "areas", "MA-06-141"),
        ("casablanca", "areas", "MA-06-141"),
        ("chômage", "indicators", "unemployment_rate"),
        ("بطالة", "indicators", "unemployment_rate"),
        ("unemployment", "indicators", "unemployment_rate"),
        ("infirmiers", "occupations", "2221"),
        ("محاسبة", "skills", "ecc18804-a466-40d9-98b4-fba5cd67dd4b"),
    ],
)
def test_search_finds_every_kind_of_thing(
    api: httpx2.Client, words: str, kind: str, code: str
) -> None:
    result = _get(api, "/search", q=words, limit=20)
    assert code in [row["code"] for row in result[kind]]
    row = next(row for row in result[kind] if row["code"] == code)
    assert api.get(row["href"]).status_code == 200


def test_search_finds_ads_and_trainings(api: httpx2.Client) -> None:
    result = _get(api, "/search", q="comptable", limit=3)
    assert len(result["ads"]) == 3
    assert api.get(result["ads"][0]["href"]).status_code == 200
    title = _get(api, "/trainings", limit=1)["trainings"][0]["title"]
    assert _get(api, "/search", q=title)["trainings"]


@pytest.mark.parametrize("words", ["*", "\"'", "a AND (", "~^", "😀", "%", "x" * 200])
def test_any_words_are_answered(api: httpx2.Client, words: str) -> None:
    for path in ("/search", "/occupations", "/skills", "/trainings"):
        assert api.get(f"/api/v1{path}", params={"q": words}).status_code == 200, path


def test_revisions_are_a_triangle_with_its_summary(api: httpx2.Client) -> None:
    triangles = _every(api, "/indicators/unemployment_rate/revisions", "series", area="MA", limit=3)
    assert len(triangles) > 3
    series = next(s for s in triangles if s["summary"])
    assert len(series["values"]) == len(series["periods"])
    assert all(len(row) == len(series["known_from"]) for row in series["values"])
    first = [next(v for v in row if v is not None) for row in series["values"]]
    last = [row[-1] for row in series["values"]]
    revised = [b - a for a, b, row in zip(first, last, series["values"])
               if sum(v is not None for v in row) > 1]  # fmt: skip
    assert series["summary"]["n"] == len(revised)
    assert series["summary"]["mean"] == pytest.approx(sum(revised) / len(revised))


def test_one_number_tells_all_that_belongs_to_it(api: httpx2.Client) -> None:
    number = _get(api, f"/values/{VALUE}", lang="fr")
    assert (number["value"], number["unit"], number["period"]) == (13.3, "PT", "2024")
    assert number["title"] == "Taux de chômage"
    assert number["recompute"] == f"marsad recompute {VALUE}"
    assert number["method"] == "/fr/method/unemployment_rate"
    assert api.get(number["method"]).status_code == 200
    assert [v["value"] for v in number["versions"]][-1] == 13.3


def test_every_key_of_an_answer_leads_to_its_number(api: httpx2.Client) -> None:
    for name in ("new_ads", "skills_asked", "permanent_jobs"):
        for value in _get(api, f"/indicators/{name}/data", limit=5)["values"]:
            number = _get(api, f"/values/{value['key']}")
            assert (number["value"], number["synthetic"]) == (value["value"], value["synthetic"])


# Counts with noise ------------------------------------------------------------------------------


def _true(held: Mart, column: str) -> dict[str, int]:
    rows = held.rows(f"select {column} as code, count(*) as n from ads group by all")
    return {row["code"] or "_U": row["n"] for row in rows}


@pytest.mark.parametrize("name", ["region", "province", "contract", "isic", "language", "diploma"])
def test_counts_are_exact(api: httpx2.Client, held: Mart, name: str) -> None:
    counts = {row[name]: row["count"] for row in _every(api, "/ads/counts", "counts", by=name)}
    assert counts == _true(held, name)


def test_a_cell_has_one_count_whatever_question_gives_it(api: httpx2.Client) -> None:
    by = {r["region"]: r["count"] for r in _get(api, "/ads/counts", by="region")["counts"]}
    for region, n in by.items():
        alone = _get(api, "/ads/counts", by="", region=region)["counts"]
        assert [row["count"] for row in alone] == [n]
    jobs = _get(api, "/ads/counts", by="isco08", digits=2)["counts"]
    for row in jobs[:10]:
        if row["isco08"] != "_U":
            counts = _get(api, "/ads/counts", by="region", isco08=row["isco08"])["counts"]
            same = _get(api, "/ads/counts", by="isco08,region", digits=2, isco08=row["isco08"])
            assert [r["count"] for r in counts] == [r["count"] for r in same["counts"]]


def test_counts_come_in_pages_and_by_realm(api: httpx2.Client) -> None:
    result = _get(api, "/ads/counts", by="month,region,isco08", limit=20)
    assert result["realm"] == "synthetic"
    rows = _every(api, "/ads/counts", "counts", by="month,region,isco08", limit=300)
    assert len(rows) == result["total"]
    assert all(re.fullmatch(r"\d{4}-\d{2}|_U", row["month"]) for row in rows)
    assert _get(api, "/ads/counts", by="region", realm="real")["counts"] == []


def test_the_secret_is_never_published(api: httpx2.Client, embedded: Flow) -> None:
    key = secret(embedded.settings.home)
    assert (embedded.settings.home / "secret").stat().st_mode & 0o077 == 0
    for path in ("/ads?size=100", "/ads/counts?by=region", "/matching?area=MA-06", "/changes"):
        answer = api.get(f"/api/v1{path}")
        assert key not in answer.content
        assert key.hex() not in answer.text


# Cursors ----------------------------------------------------------------------------------------


def test_ads_are_paged_by_cursor_as_by_number(api: httpx2.Client) -> None:
    by_cursor = [ad["key"] for ad in _every(api, "/ads", "ads", q="comptable", size=13)]
    assert len(by_cursor) == len(set(by_cursor)) == _get(api, "/ads", q="comptable")["total"]
    second = _get(api, "/ads", q="comptable", size=13, page=2)["ads"]
    assert [ad["key"] for ad in second] == by_cursor[13:26]


def test_a_cursor_of_another_question_is_refused(api: httpx2.Client) -> None:
    mine = re.search(r"cursor=([\w-]+)", _get(api, "/occupations", limit=5)["next"])
    assert mine
    cursor = mine.group(1)
    assert _get(api, "/occupations", limit=5, cursor=cursor)["occupations"]
    for path, parameters in (
        ("/occupations", {"limit": 6, "cursor": cursor}),
        ("/occupations", {"limit": 5, "q": "a", "cursor": cursor}),
        ("/skills", {"limit": 5, "cursor": cursor}),
        ("/ads", {"cursor": cursor}),
        ("/occupations", {"limit": 5, "cursor": "nonsense"}),
        ("/occupations", {"limit": 5, "cursor": "5" * 200}),
        ("/occupations", {"limit": 5, "cursor": "é"}),
    ):
        answer = api.get(f"/api/v1{path}", params=parameters)
        assert answer.status_code == 400, path
        assert "another question or release" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/areas/XX", 404, "no area"),
        ("/occupations/99", 404, "no occupation group"),
        ("/occupations/_T", 404, "no occupation group"),
        ("/occupations?level=town", 422, "level"),
        ("/skills/none", 404, "no skill"),
        ("/trainings/none", 404, "no training"),
        ("/trainings?region=XX", 404, "no area"),
        ("/search?q=%20", 400, "must hold a word"),
        ("/search", 422, "q"),
        ("/matching", 400, "say at least"),
        ("/matching?area=XX", 404, "no area"),
        ("/values/nothing", 400, "a key is freq.area.indicator"),
        (f"/values/{VALUE[:-4]}1850", 404, "No published number"),
        ("/values/A.MA.x.ENE._T._T._T._T._T._T.N/2024'--", 404, "No published number"),
        ("/ads/counts?by=company", 400, "cannot be counted by"),
        ("/ads/counts?by=region,region", 400, "named twice"),
        ("/ads/counts?by=region&digits=5", 422, "digits"),
        ("/ads?page=2&cursor=x", 400, "page or cursor"),
        ("/indicators/none/revisions", 404, "no indicator"),
    ],
)
def test_errors_are_problems_that_say_what_to_do(
    api: httpx2.Client, path: str, status: int, words: str
) -> None:
    answer = api.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert words in answer.json()["detail"]
    french = api.get(f"/api/v1{path}", headers={"Accept-Language": "fr"}).json()
    assert french["title"] == french["titles"]["fr"]
    assert french["detail"] != answer.json()["detail"]


def test_a_file_of_an_indicator_holds_every_value(api: httpx2.Client) -> None:
    """JSON is read page by page; a file is whole without asking."""
    path = "/api/v1/indicators/unemployment_rate/data"
    total = int(api.get(path, params={"limit": 1}).headers["x-total-count"])
    assert total > 10_000
    assert len(api.get(path).json()["values"]) == 10_000
    for name in ("csv", "sdmx-csv"):
        lines = api.get(path, params={"format": name}).text.strip().split("\n")
        assert len(lines) == total + 1, name


@pytest.mark.parametrize("query", ["offset=99999999999999999999", "limit=99999999999", "offset=-1"])
def test_a_number_beyond_reason_is_refused(api: httpx2.Client, query: str) -> None:
    answer = api.get(f"/api/v1/indicators/unemployment_rate/data?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
