"""Country of an ad: what its words name, what its source says, and nothing by default."""

import pytest

from marsad.enrich.batch import code_contents
from marsad.enrich.country import of_ad
from marsad.enrich.place import of_ad as at

RAW = dict.fromkeys(
    ("raw_title", "raw_text", "raw_company", "raw_place", "raw_contract", "raw_experience",
     "raw_diploma", "raw_salary", "raw_sector", "url", "country"), "",
) | dict.fromkeys(("posted_on", "deadline_on", "seen_first_on", "seen_last_on", "positions"))  # fmt: skip


@pytest.mark.parametrize("declared", ["Maroc", "MAR", "ma", "Kingdom of Morocco", "المغرب", "MA"])
def test_every_spelling_of_the_country_is_one_code(declared: str) -> None:
    assert of_ad(declared, "Fès", "Comptable", "") == "MA"


@pytest.mark.parametrize(
    ("place", "title", "code"),
    [
        ("Rabat, Malta", "Accountant", "MT"),
        ("Casablanca, Chile", "Contador", "CL"),
        ("Salé, Italie", "Cuoco", "IT"),
        ("", "Comptable à Tunis", "TN"),
        ("", "Soudeur - Alger", "DZ"),
        ("", "محاسب في الرياض", "SA"),
        ("", "Infirmière Lyon 3e", "FR"),
        ("Nouakchott", "Maçon", "MR"),
    ],
)
@pytest.mark.parametrize("declared", ["", "MA"])
def test_another_country_that_is_named_decides(
    declared: str, place: str, title: str, code: str
) -> None:
    assert of_ad(declared, place, title, "") == code


def test_an_ad_of_unknown_country_is_moroccan_by_evidence_alone() -> None:
    assert of_ad("", "Khouribga", "Mineur", "") == "MA"
    assert of_ad("", "", "Soudeur Kénitra", "") == "MA"
    assert of_ad("", "", "Soudeur", "Lieu de travail : Berrechid.") == "MA"
    assert of_ad("", "", "Soudeur", "Usine de la place.") == ""
    assert of_ad("", "Bureau 4", "Soudeur", "") == ""


def test_what_is_only_spoken_of_is_not_where_the_work_is() -> None:
    assert of_ad("MA", "Casablanca", "Téléconseiller marché France", "Clients en Belgique.") == "MA"
    assert of_ad("", "", "Directeur financier", "مدير مالي، اجتماع. Préparer la réunion.") == ""
    assert of_ad("", "Agadir", "Export manager", "Ventes vers le Sénégal et la France.") == "MA"
    assert of_ad("FR", "Casablanca", "Vendeur", "") == "FR"


def test_places_of_morocco_are_read_in_moroccan_ads_alone() -> None:
    row = {
        **RAW,
        "source_id": "s",
        "content": "c",
        "cleaned_by": "",
        "country": "",
        "raw_title": "Accountant",
    }
    cases = {"Rabat, Malta": ("MT", ""), "Rabat": ("MA", "MA-04"), "": ("", "")}
    for place, meant in cases.items():
        ad = code_contents([{**row, "raw_place": place}])[0]
        assert (ad["country"], ad["region"]) == meant


@pytest.mark.parametrize("declared", ["", "MA"])
@pytest.mark.parametrize(
    "place", ["Tangier, Indiana", "Rabat (Texas)", "Fez, New York 14000", "Tanger, US-IN"]
)
def test_a_state_of_the_united_states_beside_a_place_is_not_morocco(
    declared: str, place: str
) -> None:
    assert of_ad(declared, place, "Clerk", "") == "US"
    assert at(place, "Clerk", "").region is None


@pytest.mark.parametrize("place", ["Tangier, IN", "Tanger, OH 43000", "Casablanca, CA"])
def test_a_code_of_a_state_beside_a_place_leaves_the_country_open(place: str) -> None:
    assert of_ad("", place, "Clerk", "") == ""
    assert at(place, "Clerk", "").region is None


@pytest.mark.parametrize("place", ["Rabat, MA", "Tanger, avenue Washington", "Fès, Fès-Meknès", "Salé, Maroc"])  # fmt: skip
def test_what_stands_beside_a_moroccan_place_keeps_it(place: str) -> None:
    assert of_ad("", place, "Commis", "") == "MA"
    assert at(place, "Commis", "").region is not None


@pytest.mark.parametrize(
    ("declared", "place", "region"),
    [("", "Dakhla, EH", "MA-12"), ("EH", "Laâyoune", "MA-11"), ("", "Laâyoune, Western Sahara", "MA-11"),
     ("MA", "Dakhla, EH", "MA-12")],
)  # fmt: skip
def test_eh_beside_a_place_of_morocco_is_its_region(declared: str, place: str, region: str) -> None:
    assert of_ad(declared, place, "Marin", "") == "MA"
    found = at(place, "Marin", "").region
    assert found is not None
    assert found.code == region
