"""Free sentences: trade, years, diploma; persons invented here, in four ways of writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.products.matching import clauses, sentence
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


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("عمري 21 سنة وعمرني ما درت شي خدمة", None),
        ("homme de 42 ans, carreleur", None),
        ("mariée depuis 12 ans, vendeuse", None),
        ("unemployed for 2 years, driver", None),
        ("جالسة فالدار 9 سنين", None),
        ("je ne travaille plus depuis 2 ans", None),
        ("formation de 2 ans en pâtisserie", None),
        ("fille de 17 ans, coiffure", None),
        ("peintre depuis 22 ans", 22),
        ("خدمت 4 سنين فالنجارة", 4),
        ("عندي 20 عام ديال التجربة", 20),
        ("عمري 33 سنة خدام سائق 7 سنين", 7),
        ("cariste 4.5 ans", 4.5),
        ("2,5 ans d'expérience, à 45 ans", 2.5),
        ("1,5 an en boulangerie", 1.5),
        ("3 ans et demi en soudure", 3.5),
        ("nounou, je garde des enfants depuis 5 ans", 5),
    ],
)
def test_years_of_life_home_or_study_are_not_of_work(text: str, years: float | None) -> None:
    assert sentence.years(text) == years


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("je ne sais pas conduire, je suis carreleur", ["pas conduire"]),
        ("l'anglais je ne parle pas, caissière", ["l'anglais je ne parle pas"]),
        ("vendeur sans diplôme à Fès", ["sans diplôme"]),
        ("tout sauf le ménage mais je cuisine", ["sauf le ménage"]),
        ("ما بغيتش الحراسة، كنعرف نصبغ", ["ما بغيتش الحراسة"]),
        ("ma3ndich permis, bennay", ["ma3ndich permis"]),
        ("ما كنعرف إلا الطبخ", []),
        ("كل ما يتعلق بالكهرباء", []),
        ("pas mal d'années en couture", []),
        ("not only cooking but cleaning", []),
        ("je n'ai pas le permis je cherche gardien", ["je n'ai pas le permis"]),
        ("nurse, I can't drive", ["can't drive"]),
        ("ma recherche, Marrakech", []),
    ],
)
def test_what_is_denied_is_cut_and_nothing_else(text: str, denied: list[str]) -> None:
    held, gone = clauses.parted(text)
    assert list(gone) == denied
    assert held == text or gone


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("je ne fais pas la soudure, je pose du carrelage", "7122"),
        ("ما بغيتش التدريس، بغيت المحاسبة", "2411"),
        ("ما عندي حتى شهادة، كنعرف نخيط", "7531"),
        ("no sales please, plumber", "7126"),
        ("retraité de la police, je cherche jardinier", "6113"),
        ("femme de fermier, je fais le ménage", "9111"),
        ("femme de ménage, je sais cuisiner", "9111"),
        ("ma mère est infirmière, moi je suis coiffeuse", "5141"),
        ("ancien chauffeur de taxi", "8322"),
    ],
)
def test_what_is_denied_or_behind_gives_no_trade(text: str, group: str) -> None:
    assert sentence.read(text).occupations[0].code == group


@pytest.mark.parametrize(
    "text", ["ما عندي والو", "وعمري 30", "je ne veux ni la vente ni le ménage"]
)
def test_function_words_and_denials_are_no_evidence(text: str) -> None:
    assert sentence.read(text).occupations == ()


@given(st.text(max_size=200))
def test_parting_any_text_only_takes_away(text: str) -> None:
    held, denied = clauses.parted(text)
    assert len(held) <= len(text)
    assert all(gone.strip() for gone in denied)


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
