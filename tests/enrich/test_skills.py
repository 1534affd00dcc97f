"""Skills: said, implied, ranked for a sentence, and asked for by no taxonomy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.fields.esco_skills.classify import (
    implied,
    ranked,
    skill_uri,
    skills_named,
    skills_of,
    vocabulary,
)

PYTHON = "ccd0a1d9-afda-43d9-b901-96344886e14d"
WELDER = "7212.3"


def test_the_vocabulary_covers_four_languages() -> None:
    assert len(vocabulary()) >= 1_200
    for text in ("Maîtrise d'Excel", "إتقان اللغة الفرنسية", "Strong Python skills", "permis B"):
        assert skills_of("", text), text


def test_a_sentence_ranks_what_it_says_first_and_above_half() -> None:
    candidates = ranked("Strong knowledge of Python and SQL", "", "en")
    assert candidates[0].score > 0.5
    assert PYTHON in [c.code for c in candidates[:3]]
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("négocier les prix avec les fournisseurs", "fr"),
        ("negotiate prices with suppliers", "en"),
    ],
)
def test_a_skill_is_found_in_words_of_its_own(sentence: str, language: str) -> None:
    """Neither sentence is a label: both come near negotiating with suppliers."""
    codes = [c.code for c in ranked(sentence, "", language)[:10]]
    assert "5f2efbdf-08a2-49cd-9c06-bd284e4f0fbf" in codes


def test_an_ad_keeps_what_is_said_apart_from_what_is_near() -> None:
    candidates = ranked(
        "Commercial", "Prospection et fidélisation des clients.\nMaîtrise d'Excel.", "fr"
    )
    literal = [c for c in candidates if c.score >= 0.5]
    assert {c.code for c in literal} == {
        c.code
        for c in skills_of(
            "Commercial", "Prospection et fidélisation des clients.\nMaîtrise d'Excel."
        )
    }
    assert len({c.code for c in candidates}) == len(candidates)


def test_nothing_is_said_by_nothing() -> None:
    assert ranked("", "", "fr") == []
    assert ranked("???", "", "fr") == []


def test_an_occupation_implies_its_essential_skills_first() -> None:
    needed = implied(WELDER)
    assert len(needed) > 5
    kinds = [essential for _, essential in needed]
    assert kinds == sorted(kinds, reverse=True)
    assert implied("0000.0") == []


def test_addresses_are_those_of_esco_or_none() -> None:
    assert skill_uri(PYTHON).endswith(f"/esco/skill/{PYTHON}")
    assert skill_uri("marsad-odoo") == ""


@given(st.text(max_size=120))
def test_any_words_give_scores_between_nought_and_one(text: str) -> None:
    candidates = ranked("x", text, "fr") if text.strip() else []
    assert all(0 <= c.score <= 1 for c in candidates)


def _said(text: str, title: str = "") -> set[str]:
    return {vocabulary()[c.code]["en"] for c in skills_of(title, text)}


@pytest.mark.parametrize(
    "text",
    [
        "Nous offrons un salaire motivant, la CNSS et l'AMO dès l'embauche.",
        "نوفر أجرا محفزا مع التصريح بالضمان الاجتماعي.",
        "Avantages : salle de sport, cours de yoga, cuisine équipée.",
        "Perks: yoga classes, English lessons and free cooking workshops.",
        "Formation assurée par nos soins, 3200 DH net par mois.",
        "About us: we lead in artificial intelligence and robotics since 1990.",
        "Société leader de la grande distribution.",
        "Câblage du Sud recrute des chauffeurs.",
        "تعلن الشركة عن توظيف سائقين.",
        "Rejoignez une équipe jeune et motivée. Déplacements ponctuels.",
        "Responsable de la flotte : suivi des véhicules.",
    ],
)
def test_what_an_employer_gives_or_is_is_no_requirement(text: str) -> None:
    assert _said(text) & {
        "CNSS declarations", "patient care", ".NET", "yoga", "cooking", "English", "recruitment", "motivation",
        "artificial intelligence", "FMCG distribution", "cable harness wiring", "punctuality", "vehicle owned",
    } == set()  # fmt: skip


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Connaissance de Python non exigée, Java obligatoire.", {"Java"}),
        ("Aucune connaissance de Java, Python ou C++ n'est exigée.", set()),
        ("Excel n'est pas nécessaire mais SAP est exigé.", {"SAP"}),
        ("You do not need to know Python. SQL is a must.", {"SQL"}),
        ("إتقان اللغة الإنجليزية غير ضروري. اللغة الفرنسية مطلوبة.", {"French"}),
        ("لا يشترط إتقان اللغة الفرنسية.", set()),
        ("ماشي ضروري تعرف اللغة الفرنسية.", set()),
        ("Java : non exigé. Python : exigé.", {"Python"}),
        ("Maîtrise de C#, .NET et ASP.NET.", {"C#", ".NET"}),
        ("Compétences :\n- Excel\n- Sage", {"Microsoft Excel", "Sage"}),
        ("Déclarations CNSS et paie.", {"CNSS declarations", "payroll"}),
        ("Soins infirmiers.", {"patient care"}),
    ],
)
def test_a_demand_counts_and_what_is_taken_back_does_not(text: str, asked: set[str]) -> None:
    assert _said(text) == asked


def test_the_frame_of_a_notice_is_no_skill() -> None:
    assert _said("", "Avis de concours de recrutement de techniciens") == set()
    assert _said("", "Chargée de recrutement") == {"recruitment"}


def test_what_a_person_names_is_taken_as_it_stands() -> None:
    assert {vocabulary()[c.code]["en"] for c in skills_named("python et cuisine")} == {
        "Python",
        "cooking",
    }
