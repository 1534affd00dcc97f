"""Skills: said, implied, ranked for a sentence, and asked for by no taxonomy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.fields.esco_skills.classify import (
    implied,
    ranked,
    skill_uri,
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
