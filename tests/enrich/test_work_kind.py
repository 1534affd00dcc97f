"""Kinds of work, informal and unpaid work included, as ads say them."""

from __future__ import annotations

import pytest

from marsad.base.codes import codelist
from marsad.base.declare import load_yaml
from marsad.enrich.fields.work_kind import classify as module
from marsad.enrich.fields.work_kind.classify import work_kind_of


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("Comptable", "Poste en CDI à Fès.", "employee"),
        ("محاسب", "عقد عمل غير محدد المدة", "employee"),
        ("Graphiste freelance", "", "own_account"),
        ("Livreur", "Statut auto-entrepreneur exigé.", "own_account"),
        ("سائق", "العمل كمقاول ذاتي", "own_account"),
        ("Gérant associé d'une boulangerie", "", "employer"),
        ("Aide familial sur exploitation", "", "contributing_family"),
        ("مساعد عائلي في الفلاحة", "", "contributing_family"),
        ("Apprenti menuisier", "", "apprentice"),
        ("متدرج في النجارة", "", "apprentice"),
        ("Ouvriers journaliers", "Récolte des olives.", "casual"),
        ("عمال", "البحث عن عامل مياوم في البناء", "casual"),
        ("Serveur", "khlass b nhar", "casual"),
        ("Couture à domicile", "", "home_based"),
        ("عاملات", "خياطة فالدار", "home_based"),
        ("Assistant", "Stage non rémunéré de trois mois.", "unpaid_trainee"),
        ("تدريب", "تدريب بدون أجر لمدة شهرين", "unpaid_trainee"),
        ("Femme de ménage", "Chez une famille, CDI.", "domestic"),
        ("عاملة منزلية", "", "domestic"),
        ("Nounou", "", "domestic"),
    ],
)
def test_kinds_are_read_in_three_languages(title: str, text: str, code: str) -> None:
    candidate = work_kind_of(title, text)
    assert candidate is not None
    assert candidate.code == code
    assert candidate.evidence
    assert candidate.score == (0.9 if work_kind_of(title, "") else 0.7)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Ingénieur en apprentissage automatique", ""),
        ("Contrôleur de gestion", "Suivi journalier et rapport journalier des ventes."),
        ("Formateur", "Encadrement des apprentis du centre."),
        ("Chargé de clientèle", "Animation des franchisés du réseau."),
        ("Responsable", "Vous travaillez de façon indépendante."),
        ("Agent", "Entretien par une femme de ménage des locaux."),
        ("", ""),
    ],
)
def test_look_alikes_say_nothing(title: str, text: str) -> None:
    assert work_kind_of(title, text) is None


def test_a_contract_beside_own_account_halves_the_score() -> None:
    candidate = work_kind_of("Développeur", "Freelance ou CDI.")
    assert candidate is not None
    assert (candidate.code, candidate.score) == ("own_account", 0.35)


def test_words_and_code_list_agree() -> None:
    words = set(load_yaml(module._WORDS)) - {"_", "title"}
    assert words == set(codelist("work_kind"))
