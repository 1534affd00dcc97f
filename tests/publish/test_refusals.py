"""What nobody knows is an error, on a page and in the API alike, in the reader's language."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

import marsad
from marsad.base.errors import InputError
from marsad.base.labels import LANGUAGES, missing
from marsad.base.refusals import in_language, refused, sentences

PAGES = (
    "/indicators/unemployment_rate?place=Tokyo",
    "/indicators/unemployment_rate?place=Xyzzyville",
    "/indicators/unemployment_rate?area=ZZ",
    "/indicators/unemployment_rate?sex=female",
    "/indicators/unemployment_rate?age=young",
    "/indicators/unemployment_rate?by=colour",
    "/indicators/unemployment_rate?view=pie",
    "/indicators/unemployment_rate?as_of=yesterday",
    "/indicators/nothing",
    "/embed/unemployment_rate?sex=female",
    "/embed/unemployment_rate?area=MA-99",
    "/embed/nothing",
    "/method/nothing",
    "/areas/ZZ",
    "/areas/MA-05?sort=colour",
    "/planner?area=ZZ",
    "/planner?area=MA-05-001-01-0",
    "/planner?by=colour",
    "/planner?format=pdf",
    "/occupations/99999",
    "/occupations/electricien",
    "/sectors/ZZ",
    "/skills/nope",
    "/ads?contract=xx",
    "/ads?region=ZZ",
    "/ads?skill=xx",
    "/ads?realm=dream",
    "/ads?page=first",
    "/ads/none",
    "/ads/none/report",
    "/trainings?field=zz",
    "/trainings?region=ZZ",
    "/trainings?page=0",
    "/trainings/none",
    "/library?kind=zz",
    "/library?about=zz",
    "/library/none",
    "/policy/none",
    "/bulletins/zz",
    "/alerts?kind=zz",
    "/feed?kind=zz",
    "/feed?kind=indicator&about=zz",
    "/feed?kind=search",
    "/for/none",
    "/nowhere",
)  # fmt: skip
DATA = "/api/v1/indicators/unemployment_rate/data?"
API = (
    *(DATA + name + "=zz" for name in (
        "area", "survey", "sex", "age", "urbanisation", "education", "occupation", "category",
        "adjustment", "freq", "level", "parent", "start", "end", "vintage", "as_of", "format",
        "lang", "limit", "latest", "colour")),
    "/api/v1/indicators/nothing",
    "/api/v1/indicators/nothing/data",
    "/api/v1/indicators/unemployment_rate/revisions?sex=zz",
    "/api/v1/values/zz",
    "/api/v1/ads?contract=xx",
    "/api/v1/ads?region=ZZ",
    "/api/v1/ads?commune=ZZ",
    "/api/v1/ads?skill=zz",
    "/api/v1/ads?occupation=abc",
    "/api/v1/ads?sector=zz",
    "/api/v1/ads?realm=zz",
    "/api/v1/ads?page=0",
    "/api/v1/ads?cursor=zz",
    "/api/v1/ads/counts?by=zz",
    "/api/v1/ads/counts?by=region&realm=zz",
    "/api/v1/ads/counts?by=region&contract=zz",
    "/api/v1/ads/none",
    "/api/v1/areas?level=zz",
    "/api/v1/areas?parent=zz",
    "/api/v1/areas/zz",
    "/api/v1/occupations?level=zz",
    "/api/v1/occupations/zz",
    "/api/v1/skills/zz",
    "/api/v1/trainings?region=ZZ",
    "/api/v1/trainings?field=zz",
    "/api/v1/trainings?field=5555",
    "/api/v1/trainings?colour=zz",
    "/api/v1/trainings/zz",
    "/api/v1/codes/zz",
    "/api/v1/search",
    "/api/v1/search?q=x&lang=zz",
    "/api/v1/matching?area=ZZ",
    "/api/v1/matching?occupation=zz",
    "/api/v1/pathways?occupation=zz",
    "/api/v1/changes?kinds=zz",
    "/api/v1/changes?after=-1",
    "/api/v1/stream?kinds=zz",
    "/catalogue/zz",
)  # fmt: skip
_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_ISOLATED = re.compile("<bdi>.*?</bdi>")
_WORDS = re.compile("[A-Za-z]{2,}[ ,.]+[A-Za-z]{2,}")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_refuses_in_arabic_what_nobody_knows(live_site: str, path: str) -> None:
    answer = httpx2.get(f"{live_site}/ar{path}", follow_redirects=True)
    assert answer.status_code in (400, 404), path
    (main,) = _MAIN.findall(answer.text)
    text = unescape(re.sub("<[^>]+>", " ", _ISOLATED.sub("", main)))
    assert not _WORDS.search(text), text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_in_french_what_it_refuses(live_site: str, path: str) -> None:
    answer = httpx2.get(f"{live_site}/fr{path}", follow_redirects=True)
    assert answer.status_code in (400, 404)
    assert not re.search(r"There is no|is not a|is a whole|is called", answer.text), path


@pytest.mark.parametrize("path", API)
def test_the_api_refuses_in_the_language_of_the_question(live_site: str, path: str) -> None:
    ours = {"Accept-Language": "ar"}
    answers = {la: httpx2.get(live_site + path, headers=h) for la, h in (("en", {}), ("ar", ours))}
    for language, answer in answers.items():
        assert 400 <= answer.status_code < 500, (path, answer.text[:200])
        detail = answer.json()["detail"]
        assert bool(re.search("[\u0600-\u06ff]", detail)) == (language == "ar"), detail


def test_lang_chooses_the_language_of_a_refusal(live_site: str) -> None:
    french = httpx2.get(f"{live_site}/api/v1/trainings?region=ZZ&lang=fr").json()
    assert french["detail"] == "Aucun territoire n’a le code « ZZ »."
    assert french["title"] == french["titles"]["fr"]


def test_a_place_that_is_known_without_figures_is_not_called_unknown(live_site: str) -> None:
    answer = httpx2.get(
        f"{live_site}/fr/indicators/dependency_ratio?place=Zagora", follow_redirects=True
    )
    assert answer.status_code == 200


def test_every_sentence_is_there_in_three_languages_with_the_same_values() -> None:
    for name, text in sentences().items():
        assert not missing(text), name
        needed = {la: set(re.findall(r"\{(\w+)", text[la])) for la in LANGUAGES}
        assert needed["ar"] <= needed["en"] | {"limit", "example", "name", "known"}, name


@given(st.text(max_size=40))
def test_what_was_given_stands_in_the_sentence_as_it_is(text: str) -> None:
    error = InputError(refused("no_area", code=text))
    assert in_language(error, "fr") == f"Aucun territoire n’a le code « {text} »."
    assert f"\u2068{text}\u2069" in in_language(error, "ar")
    assert str(error) == f"There is no area {text!r}."


def test_an_error_without_sentences_says_nothing_in_other_languages() -> None:
    error = InputError("the workbook is empty", file="a.xlsx")
    assert [in_language(error, la) for la in LANGUAGES] == ["", "", "a.xlsx: the workbook is empty"]


def test_pages_refuse_in_sentences_of_three_languages_alone() -> None:
    plain = re.compile(r'raise (InputError|NotFoundError)\(\s*f?"')
    root = Path(marsad.__file__).parent
    pages = [*(root / "web/pages").rglob("*.py"), *(root / "publish/rest").rglob("*.py")]
    assert [p.name for p in pages if plain.search(p.read_text(encoding="utf-8"))] == []
