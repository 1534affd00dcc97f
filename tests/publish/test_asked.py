"""What questions in words are read as, and that an answer is right or openly something else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.base.labels import LANGUAGES, french
from marsad.base.text import match_form, words
from marsad.flow.steps import Flow
from marsad.products import declare
from marsad.publish.feeds.sms import MOST, reply
from marsad.publish.read.questions import vocabulary
from marsad.publish.read.questions.read import KINDS, read
from marsad.publish.read.reader import AdQuery, Reader
from marsad.publish.rest.answers import search_body

CASES = Path("/work/shared/cases/queries.tsv")
COUNTRY = "MA"


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


@pytest.mark.parametrize(
    ("text", "kind", "indicator", "dimensions", "area", "period"),
    [
        ("chomage jeunes Oriental", "figure", "unemployment_rate", {"age": "Y15T24"}, "MA-02", ""),
        ("بطالة الشباب", "figure", "unemployment_rate", {"age": "Y15T24"}, "", ""),
        ("lbitala dyal l3yalat", "figure", "unemployment_rate", {"sex": "F"}, "", ""),
        ("taux d'activité rural 2022", "figure", "activity_rate", {"urbanisation": "R"}, "", "2022"),
        ("combien de chômeurs", "figure", "unemployed_persons", {}, "", ""),
        ("part des hommes sans emploi", "figure", "unemployment_rate", {"sex": "M"}, "", ""),
        ("combien de femmes sans travail", "figure", "unemployed_persons", {"sex": "F"}, "", ""),
        ("nombre d'offres d'emploi ouvertes", "figure", "open_ads", {}, "", ""),
        ("prévisions du chômage", "figure", "unemployment_outlook", {}, "", ""),
        ("pourquoi le chômage augmente", "figure", "unemployment_decomposition", {}, "", ""),
        ("unemployment of young men in cities", "figure", "unemployment_rate",
         {"age": "Y15T24", "sex": "M", "urbanisation": "U"}, "", ""),
        ("chômage région de Marrakech", "figure", "unemployment_rate", {}, "MA-07", ""),
    ],
)  # fmt: skip
def test_a_figure_is_read_with_its_group_place_and_year(
    text: str, kind: str, indicator: str, dimensions: dict[str, str], area: str, period: str
) -> None:
    question = read(text)
    read_as = (
        question.kind,
        question.indicator,
        question.dimensions,
        question.area,
        question.period,
    )
    assert read_as == (kind, indicator, dimensions, area, period)
    assert not question.unread


@pytest.mark.parametrize(
    ("text", "kind", "groups", "filters"),
    [
        ("salaire électricien", "pay", {"7411"}, {}),
        ("ch7al kaychd lmacon", "pay", {"7112"}, {}),
        ("شحال كيربح الشيفور", "pay", {"8332", "8322"}, {}),
        ("stage comptable", "ads", {"3313", "2411"}, {"contract": "internship"}),
        ("cuisinier temps partiel", "ads", {"5120"}, {"working_time": "part_time"}),
        ("khdma d nettoyage", "ads", {"9112", "9111"}, {}),
        ("formation plomberie", "trainings", {"7126"}, {}),
        ("بغيت نتعلم الخياطة", "trainings", {"7531"}, {}),
        ("femme de ménage", "occupations", {"9111", "9112"}, {}),
        ("agent de recrutement", "occupations", {"3333", "2423"}, {}),
    ],
)
def test_a_trade_is_read_with_what_is_wanted_of_it(
    text: str, kind: str, groups: set[str], filters: dict[str, str]
) -> None:
    question = read(text)
    assert (question.kind, question.filters) == (kind, filters)
    assert set(question.groups) & groups


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("SMIG", "minimum_wage"), ("NEET", "neet"), ("emploi informel", "informal"),
        ("salaire dans 10 ans", "future_pay"), ("combien de maçons au maroc", "by_occupation"),
        ("grèves cette année", "strikes"), ("الاقتصاد غير المهيكل", "informal"),
        ("Awrach", "policy"), ("créer une alerte", "alerts"), ("signaler une fausse annonce", "ad_report"),
    ],
)  # fmt: skip
def test_what_is_not_published_and_what_is_a_service_are_known(text: str, concept: str) -> None:
    assert read(text).concept == concept


@pytest.mark.parametrize(
    "text", ["chômage au Zembla", "salaire du glurpfeur", "lbitala f blablaville"]
)
def test_words_that_were_not_read_are_named(reader: Reader, text: str) -> None:
    body = search_body(reader, reader.answers.answer(text), 5, "fr")
    assert body.understood.unread
    assert body.understood.unread in reply(reader, text, "fr")


def test_a_group_that_a_region_is_not_told_by_is_not_published(reader: Reader) -> None:
    answer = reader.answers.answer("chômage des jeunes Oriental")
    assert not answer.figures
    assert answer.reason
    lacking = {figure.without for figure in answer.nearest}
    assert ("area",) in lacking
    assert ("age",) in lacking
    for figure in answer.nearest:
        right = {"area": "MA-02", "age": "Y15T24"}
        kept = {n: c for n, c in right.items() if n not in figure.without}
        assert all(getattr(figure.value, name) == code for name, code in kept.items())


def test_a_figure_answers_exactly_what_was_asked(reader: Reader) -> None:
    answer = reader.answers.answer("chômage des femmes 2023")
    assert answer.figures
    assert not answer.nearest
    for figure in answer.figures:
        assert (figure.value.sex, figure.value.area) == ("F", COUNTRY)
        assert figure.value.period.startswith("2023")
        assert figure.without == ()


@pytest.mark.parametrize("text", ["SMIG", "NEET", "lbitala f chi blassa", "emploi informel Fès"])
def test_who_asks_for_a_figure_is_given_nothing_of_another_kind(reader: Reader, text: str) -> None:
    body = search_body(reader, reader.answers.answer(text), 5, "ar")
    assert not (body.ads)
    assert not (body.occupations)
    assert not (body.skills)
    assert not (body.trainings)
    assert bool(body.figures) != bool(body.not_published)


def test_ads_are_widened_and_say_so(reader: Reader) -> None:
    page = reader.search_ads(AdQuery("apiculteur Boujdour"))
    assert page.total == 0 or [w.dimension for w in page.widened] == ["area"]
    exact = reader.search_ads(AdQuery("stage"))
    assert exact.total
    assert not exact.widened
    assert {ad.codes["contract"].code for ad in exact.ads if ad.codes["contract"]} == {"internship"}


def test_a_filter_that_was_chosen_is_never_widened(reader: Reader) -> None:
    chosen = AdQuery("maçon", filters={"region": "MA-12", "contract": "internship"})
    page = reader.search_ads(chosen)
    assert page.total == 0
    assert not page.widened


def test_words_against_a_chosen_filter_are_told(reader: Reader) -> None:
    page = reader.search_ads(AdQuery("stage", filters={"contract": "permanent"}))
    assert [(w.dimension, w.given, w.used) for w in page.widened] == [
        ("contract", "internship", "permanent")
    ]
    assert {ad.codes["contract"].code for ad in page.ads if ad.codes["contract"]} == {"permanent"}


def test_trainings_beside_an_occupation_say_when_they_are_of_elsewhere(reader: Reader) -> None:
    answer = reader.answers.answer("soudeur Boujdour")
    body = search_body(reader, answer, 5, "fr")
    assert body.understood.kind == "occupations"
    assert not body.trainings or "area" in {
        w.dimension for w in body.widened if w.of == "trainings"
    }


@pytest.mark.parametrize(
    ("text", "indicator", "category"),
    [
        ("etablissements industriels Tanger", "establishments", "sector_industry"),
        ("combien travaillent dans l'agriculture", "employment_by_sector", "agriculture"),
    ],
)
def test_a_sector_is_told_by_the_codes_of_its_indicator(
    reader: Reader, text: str, indicator: str, category: str
) -> None:
    values = [figure.value for figure in reader.answers.answer(text).figures]
    assert {(v.indicator, v.category) for v in values} == {(indicator, category)}


def test_a_sector_that_an_indicator_does_not_tell_is_not_dropped(reader: Reader) -> None:
    answer = reader.answers.answer("emplois permanents industrie")
    assert not answer.figures
    assert all("category" in figure.without for figure in answer.nearest)


def test_a_quarter_is_a_quarter_and_a_month_is_not_published(reader: Reader) -> None:
    quarter = reader.answers.answer("taux de chômage T3 2025").figures
    assert {figure.value.period for figure in quarter} == {"2025-Q3"}
    month = reader.answers.answer("taux de chômage janvier 2025")
    assert not month.figures
    assert {"period"} <= {name for figure in month.nearest for name in figure.without}


def test_trainings_say_when_the_place_was_widened(reader: Reader) -> None:
    question = reader.finder.question("soudure", "trainings")
    every = reader.trainings.search(question, limit=100)
    assert every.total
    assert not every.widened
    given = {row["province"] for row in every.rows}
    without = next(a for a in ("MA-11-121", "MA-12-066", "MA-02-265") if a not in given)
    name = reader.label("area", without, "fr")
    wider = reader.trainings.search(reader.finder.question(f"soudure {name}", "trainings"))
    assert [(w.dimension, w.given) for w in wider.widened] == [("area", without)]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    question = read(text)
    assert question.kind in KINDS
    assert set(words(question.rest)) <= set(words(text))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aé ':;?!«»%1()\u202f\u00a0", max_size=40))
def test_french_is_set_once(text: str) -> None:
    assert french(french(text)) == french(text)


def test_every_indicator_is_asked_for_in_every_way_of_writing() -> None:
    asked = vocabulary.indicators()
    assert set(asked) == {i.id for i in declare.indicators()}
    for name, each in asked.items():
        assert all((each.fr, each.ar, each.ary, each.en)), name
    known = {i.id for i in declare.indicators()}
    for gap in vocabulary.unpublished().values():
        assert {near.indicator for near in gap.nearest} <= known
        assert all(gap.reason[language] for language in LANGUAGES)


def test_the_name_of_every_indicator_asks_for_it() -> None:
    """The title of an indicator, as it stands, is a question for that indicator."""
    for indicator in declare.indicators():
        for language in LANGUAGES:
            text = indicator.title[language]
            assert indicator.id in {m.code for m in vocabulary.phrases()[vocabulary.key(text)]}, (
                match_form(text)
            )


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_messages_fit_and_answer(reader: Reader, language: str) -> None:
    for text in (
        "بطالة الشباب",
        "salaire maçon",
        "formation soudure",
        "SMIG",
        "taza",
        "alerte",
        "xqzw",
    ):
        message = reply(reader, text, language)
        assert 0 < len(message) <= MOST[language]
    assert "37" in reply(reader, "chomage jeunes", "fr")


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not here")
def test_the_shared_questions_are_answered(reader: Reader) -> None:
    missed = []
    for row in csv.DictReader(CASES.open(encoding="utf-8"), delimiter="\t"):
        body = search_body(reader, reader.answers.answer(row["query"]), 3, row["language"])
        if row["kind"] == "indicators" and not row["want"]:
            right = body.not_published is not None and not body.indicators
        elif row["kind"] in ("indicators", "occupations"):
            codes = [hit.code for hit in getattr(body, row["kind"])[:3]]
            right = bool(set(codes) & set(row["want"].split("|")))
        else:
            right = bool(body.figures or body.ads or body.trainings or body.widened)
        missed += [] if right else [row["query"]]
    assert missed == []
