"""The trained tier of the occupation coder: a linear model over words and letter groups of a title.

One weight per (feature, ISCO-08 unit group), kept where it matters, in 8 bits. A feature is a word,
a pair of words or a group of 3 to 5 letters, hashed to 2**18 places (FNV-1a). Recipe, data and
hash: card.yml; made by `marsad train isco08`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.enrich.lexicon import Candidate

PLACES = 1 << 18
WEIGHTS = Path(__file__).with_name("weights.npz")


def _hash(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value % PLACES


@lru_cache(maxsize=200_000)
def _word_features(word: str) -> tuple[int, ...]:
    padded = f"<{word}>"
    groups = {padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)}
    return tuple(sorted({_hash(f"w{word}"), *(_hash(f"c{g}") for g in groups if g != padded)}))


def features(words: list[str]) -> Iterator[tuple[int, int]]:
    """(word position, feature place) of a title in comparison form."""
    for i, word in enumerate(words):
        for place in _word_features(word):
            yield i, place
        if i:
            yield i, _hash(f"b{words[i - 1]} {word}")


class Model:
    """Weights ready for use: for each feature place, the classes it speaks for and how strongly."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as kept:
            self.codes: list[str] = [str(code) for code in kept["codes"]]
            self._starts: NDArray[np.int64] = kept["starts"].astype(np.int64)
            self._classes: NDArray[np.int64] = kept["classes"].astype(np.int64)
            self._weights: NDArray[np.float32] = kept["weights"].astype(np.float32) * float(
                kept["scale"]
            )
            self._bias: NDArray[np.float32] = kept["bias"].astype(np.float32)
            self._slope, self._offset = (float(x) for x in kept["calibration"])

    def rank(self, form: str, most: int = 5) -> list[Candidate]:
        """The likeliest unit groups of a title in comparison form, with calibrated scores.

        The evidence is the words that speak most for the group. Empty when no word is known.
        """
        words = form.split()
        pairs = list(features(words))
        if not pairs:
            return []
        positions = np.fromiter((p for p, _ in pairs), np.int64, len(pairs))
        places = np.fromiter((f for _, f in pairs), np.int64, len(pairs))
        lengths = self._starts[places + 1] - self._starts[places]
        total = int(lengths.sum())
        if not total:
            return []
        ends = np.cumsum(lengths)
        index = (
            np.arange(total)
            - np.repeat(ends - lengths, lengths)
            + np.repeat(self._starts[places], lengths)
        )
        classes, weights = self._classes[index], self._weights[index] / math.sqrt(len(pairs))
        scores = np.bincount(classes, weights, minlength=len(self.codes)) + self._bias
        best = np.argsort(-scores)[: most + 1]
        owners = np.repeat(positions, lengths)
        found = []
        for rank, k in enumerate(best[:most]):
            gap = float(scores[k] - scores[best[rank + 1]]) if rank + 1 < len(best) else 0.0
            score = 1 / (1 + math.exp(-(self._slope * (float(scores[k]) + gap) + self._offset)))
            mine = classes == k
            said = np.bincount(owners[mine], weights[mine], minlength=len(words))
            telling = [w for w, s in zip(words, said) if s > 0.25 * said.max() and s > 0]
            found.append(Candidate(self.codes[int(k)], round(score, 3), " ".join(telling)))
        return found


@cache
def model() -> Model | None:
    """The shipped model; None in a checkout without weights (the lexicon then works alone)."""
    return Model(WEIGHTS) if WEIGHTS.exists() else None
