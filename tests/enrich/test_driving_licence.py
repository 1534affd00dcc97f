"""Driving licences as ads name them, in French, Arabic, Darija and English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.fields.driving_licence.classify import driving_licence_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Permis B exigé.", "B"),
        ("Vous êtes titulaire du permis de conduire catégorie C.", "C"),
        ("Permis de conduire (B) obligatoire", "B"),
        ("permis b obligatoire", "B"),
        ("Permis A, B et C", "C"),
        ("Permis C/E, cinq ans de route", "E"),
        ("Permis type D", "D"),
        ("رخصة السياقة صنف B", "B"),
        ("حاصل على رخصة سياقة من صنف C و D", "D"),
        ("خاصو البيرمي C", "C"),
        ("Driving license category B", "B"),
        ("Permis de conduire : B", "B"),
        ("permis de catégorie D", "D"),
        ("رخصة السياقة صنف ب", "B"),
        ("Category B driving licence", "B"),
        ("Permis « B » ou « C »", "C"),
    ],
)
def test_the_highest_category_is_read(text: str, code: str) -> None:
    candidate = driving_licence_of("Chauffeur", text)
    assert candidate is not None
    assert candidate.code == code
    assert candidate.evidence in text


@pytest.mark.parametrize(
    "text",
    [
        "Permis de conduire exigé",
        "permis à jour",
        "permis a points",
        "Permis de travail",
        "Permis B non exigé",
        "Groupe B, catégorie C",
        "vitamine D",
        "رخصة استثنائية",
        "Le permis est un plus",
        "permis de construire",
    ],
)
def test_what_names_no_category_is_not_coded(text: str) -> None:
    assert driving_licence_of("", text) is None


def test_the_title_is_believed_before_the_text() -> None:
    candidate = driving_licence_of("Chauffeur permis C", "permis B")
    assert candidate is not None
    assert (candidate.code, candidate.score) == ("C", 0.95)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    candidate = driving_licence_of(text, text)
    assert candidate is None or candidate.code in "ABCDE"
