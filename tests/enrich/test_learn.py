"""Learning: labels of one concept come near each other in any language, and twice gives the same."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest

from marsad.enrich import language
from marsad.enrich.language import CLASSES, places_of, words_of
from marsad.enrich.vectors import Space, grams, in_bytes, whole
from marsad.training import language_model, vectors
from marsad.training.language_model import made_words
from marsad.training.vectors import Learnt, known_features, learn, matrix

# Concept -> labels in French and in Arabic, which share no letter.
LABELS = {
    0: ["soudeur", "soudeur tig", "soudeur industriel", "لحام", "لحام صناعي", "عامل لحام"],
    1: ["comptable", "comptable general", "aide comptable", "محاسب", "محاسب عام", "مساعد محاسب"],
    2: ["infirmier", "infirmier general", "infirmier de nuit", "ممرض", "ممرض عام", "ممرض ليلي"],
    3: ["chauffeur", "chauffeur livreur", "chauffeur de nuit", "سائق", "سائق توصيل", "سائق ليلي"],
}
FORMS = [form for forms in LABELS.values() for form in forms]
OWNERS = [concept for concept, forms in LABELS.items() for _ in forms]
Learn = Callable[..., Learnt]


@pytest.fixture
def learn_small(monkeypatch: pytest.MonkeyPatch) -> Learn:
    """Learning in small batches and short vectors: the real ones want thousands of labels."""
    monkeypatch.setattr(vectors, "BATCH", 8)
    monkeypatch.setattr(vectors, "SIZE", 16)
    return lambda **options: learn(FORMS, OWNERS, len(LABELS), epochs=40, **options)


def _nearness(learnt: Learnt) -> np.ndarray:
    space = Space(learnt.hashes, *in_bytes(learnt.rows))
    rows = np.array([space.phrase(form.split()) for form in FORMS])
    return rows @ rows.T


@pytest.mark.parametrize("rivals", [0, 2])
def test_labels_of_one_concept_lie_nearer_than_others_across_scripts(
    learn_small: Learn, rivals: int
) -> None:
    near = _nearness(learn_small(rivals=rivals))
    arabic = np.array([form[0] > "\u0600" for form in FORMS])
    owner = np.array(OWNERS)
    across = arabic[:, None] != arabic[None, :]
    same = owner[:, None] == owner[None, :]
    assert near[across & same].mean() > near[across & ~same].mean() + 0.4
    for i in range(len(FORMS)):
        best = np.where(across[i], near[i], -2).argmax()
        assert owner[best] == owner[i], FORMS[i]


def test_a_label_lies_nearest_its_own_prototype(learn_small: Learn) -> None:
    learnt = learn_small()
    assert np.linalg.norm(learnt.prototypes, axis=1) == pytest.approx(np.ones(4), abs=1e-4)
    space = Space(learnt.hashes, *in_bytes(learnt.rows))
    rows = np.array([space.phrase(form.split()) for form in FORMS])
    assert (rows @ learnt.prototypes.T).argmax(axis=1).tolist() == OWNERS


def test_the_same_labels_give_the_same_vectors(learn_small: Learn) -> None:
    one, two = learn_small(rivals=2), learn_small(rivals=2)
    assert (one.hashes == two.hashes).all()
    assert (one.rows == two.rows).all()
    assert (one.prototypes == two.prototypes).all()


def test_features_kept_are_shared_ones_and_every_word() -> None:
    features = known_features(["soudeur", "soudure", "soudeur tig"], 2)
    assert (np.diff(features.astype(np.int64)) > 0).all(), "ascending, each once"
    kept = set(features.tolist())
    words = {whole(w) for w in ("soudeur", "soudure", "tig")}
    assert words <= kept
    assert kept - words == (set(grams("soudeur")) & set(grams("soudure"))) - words


def test_each_word_of_a_form_weighs_alike_whatever_its_length() -> None:
    hashes = known_features(FORMS, 1)
    table = matrix([*FORMS, ""], hashes)
    assert table.shape == (len(FORMS) + 1, len(hashes))
    squares = np.asarray(matrix(["tig", "comptable"], hashes).power(2).sum(axis=1))[:, 0]
    assert squares == pytest.approx([1, 1], abs=1e-5)
    assert table[len(FORMS)].nnz == 0


SEEDS = {
    "latin_verbs": ["khdem khdem", "mcha mchi"],
    "latin_nouns": ["dar", "khedma|khdma"],
    "latin_function_words": ["bzaf|bezzaf", "daba"],
}


def test_made_words_are_the_same_each_time_and_many() -> None:
    words = made_words(SEEDS, 400)
    assert words == made_words(SEEDS, 400)
    assert words[:100] == made_words(SEEDS, 100), "more words are the same ones and then others"
    assert len(words) == 400
    assert len(set(words)) > 150, "conjugated and spelt in many ways"
    assert any("5" in word for word in words), "kh is also written 5"


SMALL = 1 << 12  # places of a small table; a divisor of the real one's
TEXTS = [
    *((text, "fr") for text in ("vendeur en magasin", "chargé de clientèle", "aide cuisinier")),
    *((text, "en") for text in ("shop assistant wanted", "software tester", "night worker")),
    *((text, "ary-Latn") for text in ("bghina wahed khdam", "khassna li y9elleb", "daba bzaf")),
    *((text, "ar") for text in ("مطلوب محاسب للشركة", "يتولى إعداد القوائم", "توظيف مهندسين")),
    *((text, "ary") for text in ("بغينا واحد الخدام", "كاين الخلاص مزيان", "خاصنا شي حد دابا")),
]


def _train(darija: dict[str, float]) -> bytes:
    """Weights in a small table, Darija counting so much."""
    pytest.importorskip("sklearn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language_model, "PLACES", SMALL)
        patch.setattr(language, "PLACES", SMALL)
        patch.setattr(language_model, "DARIJA", darija)
        return language_model.train(TEXTS)


@pytest.fixture(scope="module")
def weights() -> bytes:
    return _train({})


def _read(weights: bytes, text: str, script: str) -> str:
    with np.load(io.BytesIO(weights), allow_pickle=False) as kept:
        table, say = kept[f"{script}_weights"].astype(np.float32), kept[f"{script}_bias"].copy()
    for word in words_of(text, script):
        at = [place % SMALL for place in places_of(word)]
        say += table[at].sum(axis=0) * len(at) ** -0.5
    return CLASSES[script][int(say.argmax())]


@pytest.mark.parametrize(("text", "code"), TEXTS)
def test_a_few_texts_train_a_model_that_tells_them_apart(
    weights: bytes, text: str, code: str
) -> None:
    script = next(s for s, classes in CLASSES.items() if code in classes)
    assert _read(weights, text, script) == code


def test_it_reads_other_words_of_the_same_stems(weights: bytes) -> None:
    assert _read(weights, "vendeuse clientèles", "Latn") == "fr"
    assert _read(weights, "bghit khdma daba", "Latn") == "ary-Latn"


def test_weights_are_one_row_a_place_and_one_column_a_class(weights: bytes) -> None:
    with np.load(io.BytesIO(weights), allow_pickle=False) as kept:
        for script, classes in CLASSES.items():
            assert kept[f"{script}_weights"].shape == (SMALL, len(classes))
            assert kept[f"{script}_bias"].shape == (len(classes),)


def test_training_twice_gives_the_same_weights(weights: bytes) -> None:
    assert _train({}) == weights


def test_darija_counts_less_where_the_words_do_not_tell(weights: bytes) -> None:
    """It is rarer in ads, so it starts behind: a few texts of it do not outweigh that."""
    rare = _train({"ary": 0.04})
    with (
        np.load(io.BytesIO(weights), allow_pickle=False) as even,
        np.load(io.BytesIO(rare), allow_pickle=False) as behind,
    ):
        ar, ary = (CLASSES["Arab"].index(code) for code in ("ar", "ary"))
        lead = [float(kept["Arab_bias"][ar] - kept["Arab_bias"][ary]) for kept in (even, behind)]
    assert lead[1] > lead[0] + 1
    assert _read(rare, "zzz", "Arab") == "ar"
