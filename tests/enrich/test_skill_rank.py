"""Ranking of skills on the shipped weights, and the words of a title that name the work."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.base.text import match_form
from marsad.enrich.fields.esco_skills.rank import (
    LONGEST_LABEL,
    fingerprints,
    needs,
    skills,
)
from marsad.enrich.fields.isco08.titles import (
    form_of,
    occupation_words,
    plain_title,
    without_twins,
)

WELDER = "7212.3"
WORDS = "python sql gerer les stocks negocier prix comptabilite analytique soudure tig".split()
words = st.lists(st.sampled_from([*WORDS, "zzz", "محاسبة"]), max_size=14)


@given(words, st.integers(1, 10))
def test_every_run_has_a_fingerprint_of_its_words_alone(phrase: list[str], longest: int) -> None:
    runs = fingerprints(phrase, longest)
    assert [len(marks) for marks in runs] == [
        len(phrase) - n for n in range(max(1, min(longest, len(phrase))))
    ]
    for n, marks in enumerate(runs, 1):
        for i, one in enumerate(marks):
            assert one == fingerprints(phrase[i : i + n], n)[-1][0]


def test_fingerprints_tell_order_and_repetition() -> None:
    runs = [["a", "b"], ["b", "a"], ["a", "a"], ["a", "b", "b"], ["a"]]
    assert len({int(fingerprints(run)[-1][0]) for run in runs}) == len(runs)


@given(words)
def test_labels_found_lie_in_the_sentence_and_do_not_overlap(phrase: list[str]) -> None:
    labels = skills().labelled(phrase)
    taken: list[int] = []
    for skill, first, length in labels:
        assert 0 <= skill < len(skills().names)
        assert 1 <= length <= LONGEST_LABEL
        taken += range(first, first + length)
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(range(len(phrase)))
    assert [first for _, first, _ in labels] == sorted(first for _, first, _ in labels)


@pytest.mark.parametrize(
    "label", ["Python (programmation informatique)", "gérer les stocks", "use spreadsheets"]
)
def test_a_label_is_found_among_other_words_wherever_it_stands(label: str) -> None:
    words = match_form(label).split()
    alone = skills().labelled(words)
    assert alone, label
    skill, first, length = alone[0]
    amid = ["zzz", *words, "zzz"]
    assert (skill, first + 1, length) in skills().labelled(amid)


def test_nothing_is_labelled_in_nothing() -> None:
    assert skills().labelled([]) == []
    assert skills().labelled(["zzz"]) == []


@settings(max_examples=12)
@given(words)
def test_every_skill_has_a_finite_score(phrase: list[str]) -> None:
    scores = skills().scores(phrase)
    assert scores.shape == (len(skills().names),)
    assert np.isfinite(scores).all()


@settings(max_examples=12)
@given(words)
def test_cosines_are_cosines(phrase: list[str]) -> None:
    for near in skills().nearness(phrase):
        assert near.shape == (len(skills().names),)
        assert np.abs(near).max() <= 1 + 1e-3


def test_a_label_scores_its_own_skill_highest() -> None:
    words = match_form("gérer les stocks").split()
    [(skill, _, _)] = skills().labelled(words)
    assert int(skills().scores(words).argmax()) == skill


def test_names_are_identifiers_and_each_has_its_place() -> None:
    names = skills().names
    assert len(names) > 10_000
    assert all(str(uuid.UUID(name)) == name for name in names[:200])
    assert all(skills().place[name] == i for i, name in enumerate(names))


def test_needs_of_an_occupation_are_skills_essential_ones_first() -> None:
    needed = needs().of(WELDER)
    assert needed
    assert all(0 <= skill < len(skills().names) for skill, _ in needed)
    assert [essential for _, essential in needed] == sorted((e for _, e in needed), reverse=True)
    assert len({skill for skill, _ in needed}) == len(needed)


@pytest.mark.parametrize("code", ["", "0000.0", "no such occupation"])
def test_needs_of_an_unknown_occupation_are_none(code: str) -> None:
    assert needs().of(code) == []


def test_a_profile_leans_to_what_is_essential() -> None:
    assert skills().profile([]) is None
    one, two = skills().place[skills().names[0]], skills().place[skills().names[500]]
    first, second = (skills().profile([(at, True)]) for at in (one, two))
    both = skills().profile([(one, True), (two, False)])
    assert first is not None
    assert second is not None
    assert both is not None
    assert np.linalg.norm(both) == pytest.approx(1, abs=1e-4)
    assert both @ first > both @ second


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Vendeur / Vendeuse", "Vendeur"),
        ("Vendeur/se (H/F)", "Vendeur"),
        ("Serveur/Serveuse en salle", "Serveur en salle"),
        ("Agent de caisse / Agente de caisse", "Agent de caisse"),
        ("Technicien(ne) réseau", "Technicien réseau"),
        ("Ingénieur·e qualité", "Ingénieur qualité"),
        ("Comptable F/H", "Comptable"),
        ("Comptable / Acheteur", "Comptable Acheteur"),  # two posts, not two genders
        ("Chef de projet", "Chef de projet"),
        ("محاسب / محاسبة", "محاسب"),
    ],
)
def test_what_is_said_for_men_and_for_women_is_said_once(title: str, plain: str) -> None:
    assert " ".join(plain_title(title).split()) == plain


@given(st.lists(st.sampled_from("Chef Agent Vendeur caisse de rayon".split()), max_size=6))
def test_a_title_said_once_is_left_alone(words: list[str]) -> None:
    title = " ".join(words)
    assert without_twins(title) == title


@given(st.text(max_size=40))
def test_any_title_has_a_plain_form(title: str) -> None:
    assert "/" not in without_twins(title)
    assert occupation_words(form_of(title)) == occupation_words(form_of(title)).strip()


@pytest.mark.parametrize(
    ("title", "work"),
    [
        ("Avis de concours de recrutement de techniciens", "technicien"),
        ("Avis de concours de recrutement de Technicien - Echelle 9", "technicien"),
        ("Nous recrutons des comptables", "comptable"),
        ("Offre d'emploi : vendeur", "vendeur"),
        ("Chef de division relevant de la direction des ports", "chef de division"),
        ("Médecin au ministère de la santé", "medecin"),
        ("مباراة لتوظيف مهندسين", "مهندسين"),
        ("Comptable", "comptable"),
    ],
)
def test_frames_of_notices_and_employers_go(title: str, work: str) -> None:
    assert occupation_words(form_of(title)) == match_form(work)
