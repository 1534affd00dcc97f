"""Word vectors: a word is the sum of its parts, a phrase of its words, and the order is no matter."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.vectors import RowCache, Space, grams, in_bytes, npz, unit, whole

WORDS = ["soudeur", "soudure", "comptable", "محاسب", "لحام"]
WIDTH = 8
word = st.text(alphabet="abcdesuo", min_size=1, max_size=9)
words = st.lists(st.one_of(word, st.sampled_from(WORDS)), min_size=1, max_size=9)


def _space() -> Space:
    hashes = np.array(sorted({h for w in WORDS for h in grams(w)}), np.uint32)
    table = np.random.default_rng(3).standard_normal((len(hashes), WIDTH)).astype(np.float32)
    rows, scale = in_bytes(table)
    return Space(hashes, rows, scale)


SPACE = _space()


def test_a_word_is_made_of_itself_and_of_groups_of_three_to_five_letters() -> None:
    assert whole("soudeur") in grams("soudeur")
    assert len(grams("ab")) == 1 + 2, "the word, <ab and ab>: the padded whole is no group"
    assert set(grams("soudeur")) & set(grams("soudure")), "words of one stem share groups"
    assert not set(grams("soudeur")) & set(grams("محاسب"))


@given(word)
def test_features_ascend_and_none_is_said_twice(text: str) -> None:
    features = grams(text)
    assert list(features) == sorted(set(features))


@pytest.mark.parametrize("text", WORDS)
def test_words_that_were_learnt_are_held_and_known(text: str) -> None:
    assert SPACE.holds(text)
    assert SPACE.knows(text)
    assert np.linalg.norm(SPACE.word(text)) > 0


def test_a_misspelt_word_is_known_by_its_parts_though_it_was_never_learnt() -> None:
    assert not SPACE.holds("soudeurs")
    assert SPACE.knows("soudeurs")
    assert SPACE.word("soudeurs") @ SPACE.phrase(["soudeur"]) > 0


def test_a_word_of_other_letters_is_unknown_and_weighs_nothing() -> None:
    assert not SPACE.knows("xyzxyz")
    assert not SPACE.holds("xyzxyz")
    assert not SPACE.word("xyzxyz").any()
    assert not SPACE.phrase(["xyzxyz"]).any()


@given(words)
def test_a_phrase_has_length_one_or_nought_whatever_the_order(phrase: list[str]) -> None:
    vector = SPACE.phrase(phrase)
    assert vector.shape == (SPACE.size,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4) or not vector.any()
    assert SPACE.phrase(phrase[::-1]) == pytest.approx(vector, abs=1e-3)


@given(words, st.lists(st.sampled_from(["xyzxyz", "zzz"]), max_size=3))
def test_words_of_which_nothing_is_known_do_not_move_a_phrase(
    phrase: list[str], others: list[str]
) -> None:
    assert SPACE.phrase([*phrase, *others]) == pytest.approx(SPACE.phrase(phrase), abs=1e-5)


@given(words, st.integers(1, 9))
def test_windows_are_the_phrases_of_every_run_then_of_the_whole(
    phrase: list[str], longest: int
) -> None:
    vectors = SPACE.windows(phrase, longest)
    runs = [
        phrase[i : i + n]
        for n in range(1, min(longest, len(phrase)) + 1)
        for i in range(len(phrase) - n + 1)
    ]
    assert len(vectors) == len(runs) + 1
    for row, run in zip(vectors, [*runs, phrase]):
        weight = np.linalg.norm(sum(SPACE.word(w) for w in run))
        if weight > 1e-3:  # sums that cancel out have no direction to speak of
            assert row == pytest.approx(SPACE.phrase(run), abs=1e-2)


def test_no_words_have_no_direction() -> None:
    assert not SPACE.phrase([]).any()
    assert SPACE.windows([], 4).shape == (1, SPACE.size)
    assert not SPACE.windows([], 4).any()


@given(st.lists(st.lists(st.floats(-9, 9, width=32), min_size=4, max_size=4), min_size=1))
def test_eight_bits_keep_a_row_within_half_a_step(values: list[list[float]]) -> None:
    table = np.array(values, np.float32)
    rows, scale = in_bytes(table)
    assert rows.dtype == np.int8
    assert np.abs(rows * scale[:, None] - table).max() <= scale.max() / 2 + 1e-5


def test_a_zero_row_stays_zero() -> None:
    assert not unit(np.zeros((2, 3), np.float32)).any()


def test_arrays_come_back_from_their_bytes() -> None:
    with np.load(io.BytesIO(npz(a=np.arange(3), b=np.eye(2))), allow_pickle=False) as cache:
        assert cache["a"].tolist() == [0, 1, 2]
        assert cache["b"].tolist() == [[1, 0], [0, 1]]


@given(st.lists(st.lists(word, max_size=5), max_size=12))
def test_kept_rows_are_those_of_the_words_asked_for_even_past_its_room(
    requests: list[list[str]],
) -> None:
    cache = RowCache(1, lambda w: np.array([whole(w) % 997], np.float32), most=6)
    for words in requests:
        assert cache.rows(words)[:, 0].tolist() == [whole(w) % 997 for w in words]


def test_a_word_is_worked_out_once() -> None:
    made: list[str] = []

    def make(word: str) -> np.ndarray:
        made.append(word)
        return np.zeros(1, np.float32)

    cache = RowCache(1, make)
    cache.rows(["a", "b", "a"])
    cache.rows(["b", "c"])
    assert made == ["a", "b", "c"]
