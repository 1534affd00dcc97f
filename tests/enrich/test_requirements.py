"""Contract, diploma and experience, from their own field or from what the ad says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.codes import codelist
from marsad.enrich.fields.contract.classify import contract_of as contract
from marsad.enrich.fields.diploma.classify import diploma_of as diploma
from marsad.enrich.fields.experience.classify import experience_of as experience


@pytest.mark.parametrize(
    ("field", "title", "text", "code"),
    [
        ("CDI", "", "", "permanent"),
        ("Contrat à durée indéterminée", "", "", "permanent"),
        ("عقد غير محدد المدة", "", "", "permanent"),
        ("CDD de 6 mois", "", "", "fixed_term"),
        ("عقد محدد المدة", "", "", "fixed_term"),
        ("Intérim", "", "", "temporary"),
        ("عقد إدماج أنابيك", "", "", "anapec"),
        ("Freelance", "", "", "freelance"),
        ("public", "", "", "public"),
        ("", "Stage PFE en marketing", "", "internship"),
        ("", "متدرب في التسويق", "", "internship"),
        ("", "Ouvrier agricole saisonnier", "", "seasonal"),
        ("", "Commercial en alternance", "", "apprenticeship"),
        ("", "Concours de recrutement de techniciens", "", "public"),
        ("", "مباراة لتوظيف تقنيين", "", "public"),
        ("", "Serveur", "Contrat CDI après la période d’essai", "permanent"),
        ("", "محاسب", "عقد دائم مع تغطية صحية", "permanent"),
        ("", "Driver", "Fixed-term contract of one year", "fixed_term"),
        ("CDI", "Stage", "CDD", "permanent"),
        ("CI", "", "", "anapec"),
        ("CDI", "Stagiaire en formation", "", "internship"),
        ("", "Directeur d’usine", "a permanent position in Settat", "permanent"),
    ],
)
def test_contract(field: str, title: str, text: str, code: str) -> None:
    candidate = contract(field, title, text)
    assert candidate is not None
    assert candidate.code == code
    assert candidate.evidence


@pytest.mark.parametrize(
    ("field", "title", "text"),
    [
        ("", "Serveur", "Une expérience de stage est souhaitée"),
        ("", "Vendeur", "Contact avec le grand public"),
        ("", "Agent logistique", "Cabinet, spécialiste du recrutement en CDD, CDI et intérim"),
        ("", "Commercial", "Développer un portefeuille dans le secteur de l’intérim"),
        ("FULL_TIME", "Ingénieur", ""),
        ("", "", ""),
    ],
)
def test_no_contract_is_named(field: str, title: str, text: str) -> None:
    assert contract(field, title, text) is None


def test_two_contracts_halve_the_score() -> None:
    both, one = contract("CDI ou CDD", "", ""), contract("CDI", "", "")
    assert both is not None
    assert one is not None
    assert both.score == one.score / 2


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("Bac +5", "", "bac5"),
        ("Bac+3", "", "bac3"),
        ("Bac", "", "bac"),
        ("Niveau bac", "", "bac"),
        ("Doctorat", "", "doctorate"),
        ("Qualification avant bac", "", "below_bac"),
        ("bachelor degree", "", "bac3"),
        ("", "De formation Bac+2 à Bac+5", "bac2"),
        ("", "BTS ou DUT en électricité", "bac2"),
        ("", "Diplôme de technicien spécialisé OFPPT", "bac2"),
        ("", "diplôme d’ingénieur d’état", "bac5"),
        ("", "Licence professionnelle", "bac3"),
        ("", "شهادة البكالوريا أو ما يعادلها", "bac"),
        ("", "حاصل على الإجازة في القانون", "bac3"),
        ("", "دبلوم تقني متخصص", "bac2"),
        ("", "شهادة الدكتوراه", "doctorate"),
        ("", "Master's degree or PhD", "bac5"),
        ("", "bachelor's degree in computing", "bac3"),
        ("", "bla diplome", "none"),
        ("", "Bac plus 5 en gestion", "bac5"),
        ("", "niveau bac +3 exigé", "bac3"),
        ("", "باك زائد 2", "bac2"),
        ("", "أستاذ بالسلك الإعدادي، حاصل على الإجازة", "bac3"),
        ("", "Bac+4/5", "bac3"),
        ("", "TS OFPPT en froid", "bac2"),
        ("Bac +5 et plus", "Formation Bac+3 au moins", "bac3"),
        ("Bac +2", "diplôme d’ingénieur", "bac2"),
    ],
)
def test_the_lowest_diploma_asked(field: str, text: str, code: str) -> None:
    candidate = diploma(field, "", text)
    assert candidate is not None
    assert candidate.code == code


def test_no_diploma_is_named() -> None:
    assert diploma("", "Chauffeur", "Permis B et bonne présentation") is None


def test_far_apart_diplomas_lower_the_score() -> None:
    near, far = diploma("", "", "Bac+2 ou Bac+3"), diploma("", "", "Bac ou Bac+5")
    assert near is not None
    assert far is not None
    assert far.score < near.score


@pytest.mark.parametrize(
    ("field", "text", "years"),
    [
        ("De 3 à 5 ans", "", "3"),
        ("Moins de 1 an", "", "0"),
        ("Expérience < 2 ans", "", "0"),
        ("Expérience entre 2 ans et 5 ans", "", "2"),
        ("10 ans et plus", "", "10"),
        ("Débutant", "", "0"),
        ("2 Years", "", "2"),
        ("24 months", "", "2"),
        ("سنة واحدة", "", "1"),
        ("سنتين", "", "2"),
        ("", "Expérience de 2 ans minimum", "2"),
        ("", "une expérience d’au moins deux ans", "2"),
        ("", "6 mois d’expérience", "0.5"),
        ("", "expérience : 3-5 ans", "3"),
        ("", "خبرة لا تقل عن 3 سنوات", "3"),
        ("", "خبرة ٣ سنوات", "3"),
        ("", "خبرة سنتين في المجال", "2"),
        ("", "at least five years of experience", "5"),
        ("", "4 snin d tajriba", "4"),
        ("", "Débutants acceptés", "0"),
        ("", "بدون تجربة", "0"),
        ("", "bla tajriba", "0"),
        ("", "Formation Bac+5, 3 ans d’expérience", "3"),
        ("", "Bac+2/3 et 4-6 ans d’expérience", "4"),
        ("", "Ingénieur expérimenté (7+ ans)", "7"),
        ("", "Acheteur expérimenté (minimum 6 ans)", "6"),
        ("", "خبرة خمس سنين فالميدان", "5"),
        ("", "3 snin f lmetier", "3"),
        ("", "khbra 2 snin wla aktar", "2"),
        ("", "Cabinet de Fès recherche un comptable, 4 ans d’expérience", "4"),
        ("", "CACES 3 et 5, 2 ans d’expérience", "2"),
        ("", "Débutant ou 1 an d’expérience", "0"),
        ("", "والو خبرة، كنعلموك", "0"),
        ("De 1 à 3 ans", "Un minimum de 2 ans d’expérience", "2"),
        ("5 ans", "10 ans d’expérience", "5"),
    ],
)
def test_least_years_of_experience(field: str, text: str, years: str) -> None:
    candidate = experience(field, "", text)
    assert candidate is not None
    assert candidate.code == years


@pytest.mark.parametrize(
    "text",
    [
        "Âge: 25 à 35 ans",
        "Contrat de 2 ans minimum",
        "Entreprise de bâtiment, 30 ans d’expérience",
        "شركة لها خبرة 20 سنة",
        "صالون عندو 8 سنين",
        "العمر : 23 سنة فما فوق",
        "Fort de 25 ans, le groupe recrute",
        "entreprise fondée il y a 20 ans",
        "CDD de 6 mois",
        "العمر 30 سنة",
        "",
    ],
)
def test_years_of_something_else(text: str) -> None:
    assert experience("", "Vendeur", text) is None


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=80))
def test_any_words_give_a_code_of_the_list_or_none(field: str, title: str, text: str) -> None:
    kind, rung, years = (c(field, title, text) for c in (contract, diploma, experience))
    assert kind is None or kind.code in codelist("contract")
    assert rung is None or rung.code in codelist("diploma")
    assert years is None or 0 <= float(years.code) <= 30


def test_a_driving_licence_is_no_diploma() -> None:
    assert diploma("", "Driver", "A clean driving licence is needed.") is None
    assert diploma("", "Driver", "Driving licence and a Bachelor's degree") is not None
