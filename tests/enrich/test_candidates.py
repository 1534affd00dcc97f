"""Candidate pairs: equal texts meet, near texts meet, and a template costs what its texts cost."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.duplicates.candidates import (
    BUCKETS,
    EMPTY,
    NEIGHBOURS,
    PER_BAND,
    RUN,
    alike,
    by_key,
    by_text,
    distinct,
    mark,
    neighbours,
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
rows = st.integers(0, 5)


def _rank(n: int) -> np.ndarray:
    return np.arange(n, dtype=np.int64)


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


def test_near_texts_meet_and_other_texts_do_not() -> None:
    pairs = by_text(sketches([TEXT, OTHER, NEAR, OTHER, ""]), _rank(5))
    assert pairs.tolist() == [[0, 2], [1, 3]]


@pytest.mark.parametrize("n", [10, 300, 3_000])
def test_a_template_repeated_costs_what_its_texts_cost(n: int) -> None:
    """A meeting of n texts has n² / 2 pairs; only near neighbours are paired."""
    pairs = by_text(sketches([TEXT] * n), _rank(n))
    assert n - 1 <= len(pairs) <= NEIGHBOURS * n
    assert (pairs[:, 1] - pairs[:, 0]).max() <= NEIGHBOURS, "neighbours by rank, not by chance"


def test_texts_of_one_template_that_differ_cost_no_more_than_a_few_pairs_a_band() -> None:
    texts = [f"{TEXT} poste a pourvoir numero {i} societe {i * 7}" for i in range(500)]
    pairs = by_text(sketches(texts), _rank(500)[::-1].copy())
    assert len(pairs) <= NEIGHBOURS * (BUCKETS // PER_BAND) * 500


@given(st.lists(st.tuples(rows, st.integers(0, 9)), max_size=25), st.integers(1, 4))
def test_neighbours_share_a_key_and_each_row_has_at_most_so_many_after_it(
    given_rows: list[tuple[int, int]], most: int
) -> None:
    keys = np.array([key for key, _ in given_rows], np.uint64)
    rank = np.array([at for _, at in given_rows], np.int64)
    pairs = neighbours(keys, rank, _rank(len(keys)), most)
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert (keys[pairs[:, 0]] == keys[pairs[:, 1]]).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    assert len(pairs) <= most * len(keys)
    assert max(Counter(pairs.ravel().tolist()).values(), default=0) <= 2 * most
    sizes = Counter(key for key, _ in given_rows)
    expected = sum(sum(min(most, n - 1 - i) for i in range(n)) for n in sizes.values())
    assert len(pairs) == expected, "none is left out either"


@given(st.lists(st.one_of(st.none(), rows), max_size=12))
def test_no_key_meets_nobody(keys: list[int | None]) -> None:
    pairs = by_key(keys, _rank(len(keys)), len(keys) + 1).tolist()
    expected = [
        [i, j]
        for i, one in enumerate(keys)
        for j, two in enumerate(keys)
        if i < j and one is not None and one == two
    ]
    assert sorted(pairs) == expected


@given(st.lists(st.lists(st.tuples(rows, rows), max_size=6), max_size=4))
def test_distinct_pairs_are_each_once_and_in_order(groups: list[list[tuple[int, int]]]) -> None:
    given_pairs = [np.array(group, np.int64).reshape(-1, 2) for group in groups]
    pairs = [tuple(pair) for pair in distinct(given_pairs).tolist()]
    assert pairs == sorted({pair for group in groups for pair in group})


@given(st.text(max_size=9), st.text(max_size=9))
def test_a_mark_tells_words_and_where_they_are_cut(one: str, two: str) -> None:
    assert mark(one, two) == mark(one, two)
    assert 0 <= mark(one, two) < 1 << 64
    if "\x1f" not in one + two:
        assert mark(one, two) != mark(one + two)
        assert (mark(one, two) == mark(two, one)) == (one == two)
