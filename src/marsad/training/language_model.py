"""Training of the language model (`language.py`): from labelled texts to weights in 8 bits.

Darija in Latin letters has no standard spelling and few texts, so most of its training words are
made: verbs conjugated with Darija's prefixes and suffixes, nouns with their article and possessives,
in the spellings that people use (3 and a, 7 and h, 9 and q, kh and 5, ch and sh, ou and w). Needs
scikit-learn, which is no part of the run-time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.base.records import Row
from marsad.base.text import fold
from marsad.enrich.language import CLASSES, PLACES, places_of, words_of
from marsad.enrich.vectors import Floats, npz

SEED = 7
DARIJA = {"ary-Latn": 0.3, "ary": 0.04}  # how much it counts in training: it is rarer in ads
Labelled = tuple[str, str]  # text, class
_PRESENT = (
    "kan",
    "kat",
    "kay",
    "ka",
    "ta",
    "tan",
    "tay",
    "ghadi n",
    "gha n",
    "ghadi y",
    "n",
    "t",
    "y",
    "i",
)
_PAST = ("", "t", "ti", "at", "et", "na", "tou", "tiw", "ou", "o", "aw", "u")
_OBJECT = ("", "", "", "ni", "k", "ou", "o", "ha", "na", "kom", "hom", "lo", "liya", "lik", "lha")
_OF = ("", "", "", "i", "ti", "k", "ek", "ou", "o", "ha", "na", "kom", "hom", "at", "in", "a")
_ARTICLE = (
    "",
    "",
    "l",
    "l",
    "el",
    "lil",
    "b",
    "f",
    "w",
    "d",
    "dl",
    "fl",
    "bl",
    "mn l",
    "chi ",
    "had l",
)
_SPELT = (("3", "a"), ("7", "h"), ("9", "q"), ("9", "k"), ("kh", "5"), ("gh", "8"), ("ch", "sh"),
          ("ou", "o"), ("ou", "w"), ("ou", "u"), ("i", "e"), ("e", ""), ("k", "q"))  # fmt: skip


def _respelt(word: str, dice: random.Random) -> str:
    for old, new in _SPELT:
        if old in word and dice.random() < 0.2:
            word = word.replace(old, new)
    return word


def made_words(seeds: Mapping[str, Sequence[str]], count: int) -> list[str]:
    """So many words and short phrases of Darija in Latin letters, conjugated and spelt at random."""
    dice = random.Random(SEED)  # noqa: S311 - reproducible, no secret
    verbs = [v.split() for v in seeds["latin_verbs"] if len(v.split()) == 2]
    nouns = [n.split("|") for n in seeds["latin_nouns"]]
    small = [w for f in seeds["latin_function_words"] for w in f.split("|")]
    words = []
    for _ in range(count):
        kind = dice.random()
        if kind < 0.45:
            past, present = dice.choice(verbs)
            if dice.random() < 0.5:
                word = dice.choice(_PRESENT) + present + dice.choice(("", "", "ou", "i", "iw"))
            else:
                word = past + dice.choice(_PAST)
            word += dice.choice(_OBJECT)
            if dice.random() < 0.12:
                word = dice.choice(("ma", "ma ", "m")) + word + dice.choice(("ch", "sh", "x"))
        elif kind < 0.85:
            word = dice.choice(_ARTICLE) + dice.choice(dice.choice(nouns)) + dice.choice(_OF)
        else:
            word = dice.choice(small)
        words.append(_respelt(word, dice))
    return words


def _pieces(text: str, script: str, dice: random.Random) -> Iterator[list[str]]:
    """The words of a text, some runs of them, and the same without accents."""
    words = words_of(text, script)
    if not words:
        return
    yield words
    if len(words) > 3:
        n = dice.randint(1, 3)
        at = dice.randrange(len(words) - n)
        yield words[at : at + n]
    if script == "Latn" and len(words) < 6 and words[-1][-1] not in "sxz":
        yield [*words[:-1], f"{words[-1]}s"]  # labels are singular, titles often plural
    if script == "Latn" and (bare := words_of(fold(text), script)) != words:
        yield bare


def _weights(truth: NDArray[np.int64], classes: Sequence[str]) -> Floats:
    """The weight of each text: classes count alike, Darija less, as it is rarer in ads."""
    share = [DARIJA.get(code, 1.0) for code in classes]
    weights = np.array(share)[truth] * len(truth) / np.bincount(truth)[truth]
    return weights.astype(np.float32)


def train(texts: Sequence[Labelled]) -> bytes:
    """Weights (npz bytes) from (text, class) pairs; a class says its script."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    arrays: Row = {}
    for script, classes in CLASSES.items():
        dice = random.Random(SEED)  # noqa: S311 - reproducible, no secret
        columns: list[int] = []
        values: list[float] = []
        starts, truth = [0], []
        for text, code in texts:
            if code not in classes:
                continue
            for words in _pieces(text, script, dice):
                for word in words:
                    at = places_of(word)
                    columns += at
                    values += [len(at) ** -0.5] * len(at)
                starts.append(len(columns))
                truth.append(classes.index(code))
        table = csr_matrix((np.array(values, np.float32), columns, starts), (len(truth), PLACES))
        table.sum_duplicates()
        fitted = LogisticRegression(C=2.0, max_iter=150, tol=1e-3)
        fitted.fit(table, truth, sample_weight=_weights(np.array(truth), classes))
        weights, bias = fitted.coef_, fitted.intercept_
        if len(classes) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
        arrays |= {
            f"{script}_weights": weights.T.astype(np.float16),
            f"{script}_bias": bias.astype(np.float32),
        }
    return npz(**arrays)
