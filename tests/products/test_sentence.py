"""Free sentences: trade, years, diploma; persons invented here, in four ways of writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.products.matching import sentence
from marsad.products.matching.tasks import tasks

PERSONS = (
    ("je tire des câbles et je raccorde des prises dans les villas", "7411"),
    ("je sers les clients en terrasse, plateau, encaissement", "5131"),
    ("je monte des parpaings avec du mortier", "7112"),
    ("rapprochements bancaires et déclarations de TVA sur Sage", "3313"),
    ("أصبغ جدران المنازل وأركب ورق الجدران", "7131"),
    ("أقود شاحنة كبيرة لنقل البضائع", "8332"),
    ("كنطيب الطاجين والكسكسو فواحد المطعم", "5120"),
    ("كنصلح الطوموبيلات، الفران والموطور", "7231"),
    ("kanlhem lbiban d lhdid, soudure l'arc", "7212"),
    ("kan9abel drari sghar f creche", "5311"),
    ("I cut hair and trim beards in a barber shop", "5141"),
    ("I look after an old lady at her home", "5322"),
)


@pytest.mark.parametrize(("text", "group"), PERSONS, ids=[group for _, group in PERSONS])
def test_tasks_without_a_title_give_the_trade(text: str, group: str) -> None:
    read = sentence.read(text)
    assert read.occupations[0].code == group
    assert read.occupations[0].words  # what it rests on, as written
    assert all(word in text for word in read.occupations[0].words)


def test_the_name_of_a_trade_beside_the_text_wins() -> None:
    assert sentence.read("je parle anglais, permis B", "plombier").occupations[0].code == "7126"


@pytest.mark.parametrize("text", ["", "bonjour", "xqzzt plop", "25 ans, Rabat", "مرحبا"])
def test_words_that_name_no_work_give_no_trade(text: str) -> None:
    assert sentence.read(text).occupations == ()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("plombier, 4 ans", 4),
        ("couturière depuis douze ans", None),  # a number that is not among those read
        ("serveuse depuis deux ans", 2),
        ("خبرة سنتين في الطبخ", 2),
        ("حارس منذ خمس سنوات", 5),
        ("3andi 7 snin f lkhyata", 7),
        ("cook for 3 years", 3),
        ("six mois en usine", 0.5),
        ("j'ai 24 ans, maçon", None),
        ("je garde des enfants de 2 à 4 ans", None),
        ("J'ai 30 ans et 6 ans d'expérience en soudure", 6),
        ("I am 40 years old, driver", None),
    ],
)
def test_years_are_those_of_work_not_of_age(text: str, years: float | None) -> None:
    assert sentence.years(text) == years


def test_the_diploma_and_the_language_are_read() -> None:
    read = sentence.read("technicien spécialisé en froid, bac+2")
    assert (read.level, read.language) == ("bac2", "fr")
    assert sentence.read("kan3ref nbni l7ayt").language == "ary-Latn"


def test_one_word_answers_both_scripts() -> None:
    arabic, latin = (sentence.read(text).occupations[0].code for text in ("كنزلج", "kanzellej"))
    assert arabic == latin == "7122"


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text_is_read_and_scores_are_shares(text: str, job: str) -> None:
    read = sentence.read(text, job)
    assert all(0 <= meant.score <= 1 for meant in read.occupations)
    assert {meant.code for meant in read.occupations} <= set(tasks().codes)
    assert len(read.occupations) <= 5
