"""Places as ads write them, in both scripts, to commune, province and region."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.areas import areas, region_of
from marsad.enrich.place import Place, of_ad

PROVINCES = {
    "06-141": ["Casablanca", "CASABLANCA (Maroc)", "casa", "dar el beida", "الدار البيضاء", "كازا"],
    "04-421": ["Rabat", "rabat (maroc)", "الرباط", "بالرباط"],
    "04-441": ["Salé", "sale", "سلا"],
    "03-231": ["Fès", "fes", "Fez", "فاس", "بفاس"],
    "07-351": ["Marrakech", "marrakesh", "مراكش"],
    "01-511": ["Tanger", "Tangier", "tanja", "طنجة"],
    "09-001": ["Agadir", "أكادير", "اگادير", "أڭادير"],
    "03-061": ["Meknès", "miknas", "مكناس"],
    "02-411": ["Oujda", "وجدة"],
    "04-281": ["Kénitra", "qnitra", "القنيطرة"],
    "01-571": ["Tétouan", "tetuan", "تطوان"],
    "06-181": ["El Jadida", "الجديدة"],
    "11-321": ["Laâyoune", "El Aaiun", "العيون"],
    "05-091": ["Béni Mellal", "بني ملال"],
    "02-381": ["Nador", "الناظور"],
    "06-461": ["Settat", "سطات"],
    "08-401": ["Ouarzazate", "ورزازات"],
    "07-431": ["Safi", "آسفي"],
    "10-261": ["Guelmim", "كلميم"],
    "06-371": ["Mohammédia", "mohamedia", "المحمدية"],
    "04-501": ["Témara", "تمارة"],
    "03-271": ["Ain Leuh"],
}
SPELLINGS = [(word, f"MA-{code}") for code, words in PROVINCES.items() for word in words]


@pytest.mark.parametrize(("spelling", "province"), SPELLINGS)
def test_spellings_of_towns(spelling: str, province: str) -> None:
    at = of_ad(spelling, "", "")
    assert at.province is not None
    assert at.province.code == province
    assert at.province.score >= 0.9
    assert at.region is not None
    assert at.region.code == region_of(province)


def test_there_are_forty_spellings_in_both_scripts() -> None:
    arabic = [word for word, _ in SPELLINGS if word[0] > "\u0600"]
    assert len(arabic) >= 20
    assert len(SPELLINGS) - len(arabic) >= 20


@pytest.mark.parametrize(
    ("spelling", "province"),
    [("casablnca", "MA-06-141"), ("Marrackech", "MA-07-351"), ("Ouarzazatte", "MA-08-401")],
)
def test_a_letter_or_two_wrong_is_read_with_less_certainty(spelling: str, province: str) -> None:
    at = of_ad(spelling, "", "")
    assert at.province is not None
    assert at.province.code == province
    assert at.province.score < 0.9


@pytest.mark.parametrize(
    ("spelling", "region"),
    [
        ("Tanger-Tétouan-Al Hoceïma", "MA-01"),
        ("Souss-Massa", "MA-09"),
        ("جهة سوس ماسة", "MA-09"),
        ("L’Oriental", "MA-02"),
        ("Fès ou Meknès", "MA-03"),
        ("Rabat et Salé", "MA-04"),
    ],
)
def test_a_region_or_two_towns_of_it_stop_at_the_region(spelling: str, region: str) -> None:
    at = of_ad(spelling, "", "")
    assert at.region is not None
    assert at.region.code == region
    assert at.province is None
    assert at.commune is None


@pytest.mark.parametrize(
    "words",
    [
        "ajdir",  # communes of this name lie in several provinces
        "Oulad Aissa",
        "Tazarine",
        "Rabat, Casablanca",
        "Tanger ou Agadir",
    ],
)
def test_ambiguous_places_abstain(words: str) -> None:
    assert of_ad(words, "", "") == Place()


@pytest.mark.parametrize(
    "words",
    [
        *("Paris", "Madrid", "Lyon", "Dakar", "Tunis", "Doha", "Montréal", "France"),
        *("باريس", "الرياض", "دبي", "تونس"),
        *("Maroc", "المغرب", "Télétravail", "à distance", "N/A", "-", ""),
    ],
)
def test_foreign_places_and_no_place_abstain(words: str) -> None:
    assert of_ad(words, "", "") == Place()


@pytest.mark.parametrize(
    ("title", "text", "province"),
    [
        ("Soudeur à Tanger", "", "MA-01-511"),
        ("Chef de projet", "Notre client est à Casablanca, quartier Maarif", "MA-06-141"),
        ("Chauffeur", "Poste basé à Ain Leuh", "MA-03-271"),
        ("محاسب", "مقر العمل بالرباط", "MA-04-421"),
        ("Agent", "dans la zone industrielle de Berrechid", "MA-06-117"),
        ("Soudeur", "khassna soudeur f kaza", "MA-06-141"),
        ("Coiffeuse", "salon f hay salam sla", "MA-04-441"),
        ("شيفور", "محتاجين شيفور فالرباط", "MA-04-421"),
        ("نادل", "قهوة جديدة فطنجة خاصها نادل", "MA-01-511"),
        ("دباغ", "دار الدباغ ففاس", "MA-03-231"),
        ("Éducatrice", "crèche, hay riad meknes", "MA-03-061"),
    ],
)
def test_places_in_running_text(title: str, text: str, province: str) -> None:
    at = of_ad("", title, text)
    assert at.province is not None
    assert at.province.code == province
    assert at.province.score <= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "فتح محلات جديدة للشركة",  # «new», not El Jadida
        "المدينة الجديدة",
        "طبيب العيون",  # «eyes», not Laâyoune
        "لمساعدة الأطباء في عملهم",  # «to help»
    ],
)
def test_ordinary_words_are_no_towns(text: str) -> None:
    assert of_ad("", "", text) == Place()


def test_a_small_commune_in_running_text_needs_a_place_word() -> None:
    assert of_ad("", "Comptable", "société des eaux Sidi Ali et boissons") == Place()


@pytest.mark.parametrize(
    ("field", "title", "text", "province"),
    [
        ("Oujda", "Magasinier", "Nos clients sont à Tanger", "MA-02-411"),  # the text names others
        ("Casablanca", "Acheteur à Bouskoura", "", "MA-06-385"),  # the title says where
        (
            "Casablanca",
            "Chauffeur",
            "Le poste est basé à Nouaceur",
            "MA-06-385",
        ),  # so does the text
        ("Casablanca-Settat", "Vendeur - Mohammedia", "", "MA-06-371"),  # and is closer
        ("Agadir", "Vendeur - Agadir", "", "MA-09-001"),
    ],
)
def test_the_ad_s_own_words_on_the_place_of_work_go_before_the_board_s_field(
    field: str, title: str, text: str, province: str
) -> None:
    at = of_ad(field, title, text)
    assert at.province is not None
    assert at.province.code == province


def test_a_field_that_names_two_towns_names_none() -> None:
    assert of_ad("Tanger ou Casablanca", "Acheteur", "Poste à Rabat") == Place()


@given(st.text(max_size=40), st.text(max_size=60))
def test_levels_hold_together(place: str, text: str) -> None:
    at = of_ad(place, "", text)
    if at.commune:
        assert at.province is not None
        assert at.region is not None
        assert region_of(at.commune.code) == at.region.code
        assert at.commune.code in areas()
    if at.province:
        assert at.region is not None
        assert region_of(at.province.code) == at.region.code
