"""Countries: every spelling is one code, and what is not known stays unknown."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.countries import countries_in, country_code, country_in, in_morocco

ISO = sorted(
    code
    for code in Locale("en").territories
    if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_name_of_cldr_is_its_code_in_any_case(language: str) -> None:
    names = {c: n for c, n in Locale(language).territories.items() if c in ISO}
    assert len(names) > 240
    assert {c: country_code(n) for c, n in names.items()} == {c: c for c in names}
    assert {c: country_code(n.upper()) for c, n in names.items()} == {c: c for c in names}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Maroc", "MA"),
        (" maroc ", "MA"),
        ("MAR", "MA"),
        ("ma", "MA"),
        ("Kingdom of Morocco", "MA"),
        ("Royaume du Maroc", "MA"),
        ("المملكة المغربية", "MA"),
        ("بالمغرب", "MA"),
        ("MA - Maroc", "MA"),
        ("🇲🇦", "MA"),
        ("Germany", "DE"),
        ("deu", "DE"),
        ("U.S.A.", "US"),
        ("uk", "GB"),
        ("Korea, Republic of", "KR"),
        ("Cote dIvoire", "CI"),
        ("République du Sénégal", "SN"),
        ("12, rue des Roses, 20000 Casablanca, Maroc", "MA"),
        ("Rabat 10000 Maroc", "MA"),
        ("Fès, MA", "MA"),
        ("75008 PARIS - FR", "FR"),
        ("Rabat, Malta", "MT"),
        ("Tunis, TN", "TN"),
    ],
)
def test_spellings_and_addresses(words: str, code: str) -> None:
    assert country_code(words) == code


@pytest.mark.parametrize(
    "words",
    ["", "?", "Xx", "Gerland", "Télétravail", "Casablanca", "Boston, MA", "Boston, MA 02110",
     "Nashville, TN", "avenue de France", "hay Tunis", "Remote", "non précisé", "EU"],
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(words: str) -> None:
    assert country_code(words) == ""


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_nothing(words: str) -> None:
    assert country_code(words) in {"", *ISO}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Casablanca, Chile", "CL"),
        ("Comptable à Tunis", "TN"),
        ("Soudeur Alger", "DZ"),
        ("Poste basé à Dakar, Sénégal", "SN"),
        ("محاسب في الرياض", "SA"),
        ("وظيفة بالرياض", "SA"),
        ("Infirmière Paris 15e", "FR"),
        ("Agadir, Maroc", "MA"),
    ],
)
def test_a_named_country_or_city_decides(words: str, code: str) -> None:
    assert country_in(words) == code


@pytest.mark.parametrize(
    "words", ["حي الرياض، الرباط", "12 avenue de Paris", "Casablanca", "work with us", "lycée Lyon"]
)
def test_streets_quarters_and_plain_words_name_no_country(words: str) -> None:
    assert country_in(words) is None


def test_several_countries_decide_nothing() -> None:
    assert countries_in("clients en France et au Maroc") == ["FR", "MA"]
    assert country_in("clients en France et au Maroc") is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Var (83)", "FR"),
        ("Seine et Marne (77)", "FR"),
        ("Corse-du-Sud (2A)", "FR"),
        ("Rabat (10)", ""),
        ("Var", ""),
    ],
)
def test_a_department_says_the_country_with_its_number(address: str, code: str) -> None:
    assert country_code(address) == code


@pytest.mark.parametrize(
    ("words", "known"),
    [("Témara", True), ("casa", True), ("آسفي", True), ("Quimper", False), ("", False)],
)
def test_places_of_morocco_are_known(words: str, known: bool) -> None:
    assert in_morocco(words) is known
