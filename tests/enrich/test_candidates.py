"""Sketches: how near texts are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.duplicates.candidates import (
    BUCKETS,
    EMPTY,
    RUN,
    alike,
    mark,
    sketches,
)

TEXT = (
    "vous assurez la vente en magasin l accueil des clients la tenue de la caisse le rangement "
    "des rayons et l inventaire du stock avec le responsable du magasin chaque fin de semaine "
    "une experience de deux ans est demandee ainsi qu un bon niveau en francais et en arabe"
)
OTHER = (
    "nous cherchons un ingenieur pour la conduite de travaux de genie civil sur un chantier de "
    "barrage il etablit les plannings suit les sous traitants controle la qualite du beton et "
    "rend compte chaque jour au directeur de projet logement et vehicule fournis sur place"
)
NEAR = TEXT.replace("deux ans", "trois ans")
words = st.lists(st.sampled_from("vente stock caisse client rayon prix".split()), max_size=20)


@given(st.lists(words, max_size=8))
def test_a_sketch_is_of_its_text_alone(word_lists: list[list[str]]) -> None:
    texts = [" ".join(w) for w in word_lists]
    together = sketches(texts)
    assert together.shape == (len(texts), BUCKETS)
    for text, row in zip(texts, together):
        assert (sketches([text])[0] == row).all()


@given(words)
def test_a_text_shorter_than_a_run_has_an_empty_sketch(phrase: list[str]) -> None:
    assert (sketches([" ".join(phrase)]) == EMPTY).all() == (len(phrase) < RUN)


def test_equal_texts_are_wholly_alike_and_other_texts_are_not() -> None:
    sketched = sketches([TEXT, TEXT, NEAR, OTHER])
    pairs = np.array([[0, 1], [0, 2], [0, 3]], np.int64)
    same, near, other = alike(sketched, pairs).tolist()
    assert same == 1
    assert near > 0.6
    assert other < 0.1


def test_two_empty_sketches_are_not_alike() -> None:
    assert alike(sketches(["", "un deux"]), np.array([[0, 1]], np.int64)).tolist() == [0]


@given(st.text(max_size=9), st.text(max_size=9))
def test_a_mark_tells_words_and_where_they_are_cut(one: str, two: str) -> None:
    assert mark(one, two) == mark(one, two)
    assert 0 <= mark(one, two) < 1 << 64
    if "\x1f" not in one + two:
        assert mark(one, two) != mark(one + two)
        assert (mark(one, two) == mark(two, one)) == (one == two)
