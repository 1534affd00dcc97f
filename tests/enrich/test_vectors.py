"""Word vectors: learnt from labels of two languages, cut from parts of words, in time without texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.text import match_form
from marsad.enrich import learn_language, learn_vectors
from marsad.enrich.classify.esco_skills.rank import LONGEST_LABEL, fingerprints, needs, skills
from marsad.enrich.learn_vectors import learn
from marsad.enrich.vectors import Space, grams, in_bytes, unit, whole

CONCEPTS = [
    ("baker", "boulanger", "bread baker", "artisan boulanger"),
    ("plumber", "plombier", "pipe fitter", "plombier chauffagiste"),
    ("nurse", "infirmier", "ward nurse", "infirmier de bloc"),
    ("driver", "chauffeur", "truck driver", "chauffeur poids lourd"),
]


@pytest.fixture(scope="module")
def small() -> tuple[Space, np.ndarray]:
    monkey = pytest.MonkeyPatch()
    monkey.setattr(learn_vectors, "BATCH", 8)
    forms = [label for labels in CONCEPTS for label in labels] * 4
    owners = [i for i, labels in enumerate(CONCEPTS) for _ in labels] * 4
    learnt = learn(forms, owners, len(CONCEPTS), least_words=1, epochs=30)
    monkey.undo()
    rows, scale = in_bytes(learnt.rows)
    return Space(learnt.hashes, rows, scale), learnt.prototypes


def test_labels_of_one_concept_lie_nearest_in_both_languages(
    small: tuple[Space, np.ndarray],
) -> None:
    space, goals = small
    for i, labels in enumerate(CONCEPTS):
        for label in labels:
            assert int((goals @ space.phrase(label.split())).argmax()) == i, label


def test_a_word_never_seen_has_the_meaning_of_its_parts(small: tuple[Space, np.ndarray]) -> None:
    space, goals = small
    assert space.knows("boulangere")
    assert not space.holds("boulangere")
    assert int((goals @ space.phrase(["boulangere"])).argmax()) == 0


def test_learning_again_gives_the_same() -> None:
    forms, owners = ["a b", "c d"] * 300, [0, 1] * 300
    one, two = (learn(forms, owners, 2, least_words=1, epochs=1) for _ in range(2))
    assert np.array_equal(one.rows, two.rows)
    assert np.array_equal(one.hashes, two.hashes)
    with_rivals = learn(forms, owners, 2, least_words=1, epochs=1, rivals=2)
    assert with_rivals.prototypes.shape == (2, learn_vectors.SIZE)


def test_windows_are_every_run_and_the_whole(small: tuple[Space, np.ndarray]) -> None:
    space, _ = small
    runs = space.windows(["bread", "baker", "driver"], 2)
    assert len(runs) == 3 + 2 + 1
    assert np.allclose(runs[3], space.phrase(["bread", "baker"]), atol=1e-5)
    assert np.allclose(runs[-1], space.phrase(["bread", "baker", "driver"]), atol=1e-5)
    assert space.windows([], 3).shape == (1, space.size)


@given(st.lists(st.text(min_size=1, max_size=12), max_size=6))
def test_any_words_have_a_vector_of_length_one_or_nought(words: list[str]) -> None:
    length = float(np.linalg.norm(skills().space.phrase(words)))
    assert length == pytest.approx(1, abs=1e-3) or length == pytest.approx(0, abs=1e-3)


@given(st.text(min_size=1, max_size=20))
def test_features_are_distinct_and_hold_the_word(word: str) -> None:
    found = grams(word)
    assert len(set(found)) == len(found)
    assert whole(word) in found


def test_bytes_keep_directions() -> None:
    rows = np.random.default_rng(1).standard_normal((20, 64)).astype(np.float32)
    packed, scale = in_bytes(rows)
    assert packed.dtype == np.int8
    assert ((unit(packed * scale[:, None]) * unit(rows)).sum(axis=1) > 0.999).all()


def test_a_label_is_found_in_running_words_by_its_fingerprint() -> None:
    words = match_form("You will negotiate supplier arrangements daily").split()
    found = skills().labelled(words)
    assert ("c842be42-81b3-40f2-904c-ea8790ac88bd", 2, 3) in [
        (skills().names[s], i, n) for s, i, n in found
    ]
    taken = [k for _, i, n in found for k in range(i, i + n)]
    assert len(taken) == len(set(taken)), "none overlaps"
    assert skills().labelled([]) == []


def test_fingerprints_say_the_same_of_the_same_run_only() -> None:
    one, two = fingerprints("a b c d".split()), fingerprints("x b c y".split())
    assert len(one) == min(LONGEST_LABEL, 4)
    assert one[1][1] == two[1][1]
    assert one[1][0] != two[1][0]


def test_needs_hold_places_of_skills() -> None:
    needed = needs().of("2411.1")
    assert needed
    assert all(0 <= place < len(skills().names) for place, _ in needed)


SEEDS = {
    "latin_verbs": ["kteb kteb", "khdem khdem", "mcha mchi"],
    "latin_nouns": ["khobz|5obz", "dar", "7anout"],
    "latin_function_words": ["bezzaf", "daba|dba"],
}


def test_darija_words_are_made_the_same_each_time_and_conjugated() -> None:
    made = learn_language.made_words(SEEDS, 300)
    assert made == learn_language.made_words(SEEDS, 300)
    assert len(set(made)) > 100
    assert any(word.startswith(("kan", "kat", "kay")) for word in made)


def test_training_tells_the_languages_of_its_texts_apart(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    texts = [("vendeur en magasin", "fr"), ("shop sales clerk", "en"), ("kankhdem f l7anout", "ary-Latn"),
             ("بائع في المتجر", "ar"), ("كنخدم ف الحانوت ديالي", "ary")] * 20  # fmt: skip
    with np.load(io.BytesIO(learn_language.train(texts))) as kept:
        assert {name.split("_")[0] for name in kept.files} == {"Latn", "Arab"}
        assert kept["Latn_weights"].shape[1] == 3
