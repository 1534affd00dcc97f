"""Static word vectors: a word is the sum of vectors of itself and of its letter groups.

The vectors are learnt from the labels of a taxonomy in all its languages (`learn_vectors.py`), so
that labels of one concept come to lie near each other whatever their language, and a word never
seen before still gets the meaning of its parts. Bojanowski et al. (2017) for words as bags of
letter groups; one normalised sum stands for a phrase. No network at run time: a table look-up.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SHORTEST, LONGEST = 3, 5
_CACHED_WORDS = 60_000


def whole(word: str) -> int:
    """The feature of a whole word."""
    return zlib.crc32(b"w" + word.encode())


@lru_cache(maxsize=_CACHED_WORDS)
def grams(word: str) -> tuple[int, ...]:
    """The features of a word: hashes (CRC-32) of the word and of its groups of 3 to 5 letters."""
    padded = f"<{word}>"
    features = {whole(word)}
    for n in range(SHORTEST, LONGEST + 1):
        for i in range(len(padded) - n + 1):
            if n < len(padded):
                features.add(zlib.crc32(b"c" + padded[i : i + n].encode()))
    return tuple(sorted(features))


def unit(rows: Floats) -> Floats:
    """Rows scaled to length one; a zero row stays zero."""
    scaled: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-8)
    return scaled


def in_bytes(rows: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Rows in 8 bits, and the scale of each row that gives it back."""
    scale = np.maximum(np.abs(rows).max(axis=-1, keepdims=True), 1e-8) / 127
    return np.round(rows / scale).astype(np.int8), scale[..., 0].astype(np.float32)


def npz(**arrays: NDArray[np.generic]) -> bytes:
    """Arrays as the bytes of one npz file."""
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


class RowCache:
    """Rows worked out once a word and kept together, so that many words are read at once."""

    def __init__(
        self, width: int, make: Callable[[str], Floats], most: int = _CACHED_WORDS
    ) -> None:
        self._make, self._most = make, most
        self._at: dict[str, int] = {}
        self._rows: Floats = np.zeros((256, width), np.float32)

    def rows(self, words: Sequence[str]) -> Floats:
        """One row a word, in order."""
        at = self._at
        missing = [word for word in words if word not in at]
        if missing:
            if len(at) + len(missing) > self._most:
                at.clear()
                missing = list(words)
            for word in dict.fromkeys(missing):
                if len(at) == len(self._rows):
                    self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
                self._rows[len(at)] = self._make(word)
                at[word] = len(at)
        return self._rows[[at[word] for word in words]]


class Space:
    """A table of feature vectors ready for use; `hashes` ascend, one row of `rows` a hash."""

    def __init__(self, hashes: NDArray[np.uint32], rows: NDArray[np.int8], scale: Floats) -> None:
        self._hashes, self._rows, self._scale = hashes, rows, scale
        self._vectors = RowCache(rows.shape[1], self._vector)
        self._features: dict[str, NDArray[np.int64]] = {}

    @property
    def size(self) -> int:
        """Numbers in a vector."""
        return int(self._rows.shape[1])

    def features(self, word: str) -> NDArray[np.int64]:
        """Places in the table of the features of a word that the table holds."""
        places = self._features.get(word)
        if places is None:
            hashes = np.array(grams(word), np.uint32)
            at = np.searchsorted(self._hashes, hashes)
            at[at == len(self._hashes)] = 0
            places = at[self._hashes[at] == hashes]
            if len(self._features) >= _CACHED_WORDS:
                self._features.clear()
            self._features[word] = places
        return places

    def holds(self, word: str) -> bool:
        """Whether the word itself stood in the labels that were learnt."""
        at = int(np.searchsorted(self._hashes, np.uint32(whole(word))))
        return at < len(self._hashes) and int(self._hashes[at]) == whole(word)

    def knows(self, word: str) -> bool:
        """Whether at least half of what a word is made of is in the table."""
        return 2 * len(self.features(word)) >= len(grams(word))

    def _vector(self, word: str) -> Floats:
        at = self.features(word)
        vector: Floats = self._scale[at] @ self._rows[at].astype(np.float32)
        vector /= np.float32(max(1, len(at)) ** 0.5)
        return vector

    def word(self, word: str) -> Floats:
        """The vector of one word; zero when nothing of it is known. Its length is its weight."""
        vector: Floats = self._vectors.rows([word])[0]
        return vector

    def phrase(self, words: Sequence[str]) -> Floats:
        """The unit vector of a phrase; zero when no word of it is known."""
        if not words:
            return np.zeros(self.size, np.float32)
        return unit(self._vectors.rows(words).sum(axis=0))

    def windows(self, words: Sequence[str], longest: int) -> Floats:
        """Unit vectors of every run of 1 to `longest` words, then of the whole."""
        if not words:
            return np.zeros((1, self.size), np.float32)
        vectors = self._vectors.rows(words)
        summed = np.vstack([np.zeros((1, self.size), np.float32), np.cumsum(vectors, axis=0)])
        runs = [summed[n:] - summed[:-n] for n in range(1, min(longest, len(words)) + 1)]
        return unit(np.vstack([*runs, summed[-1:]]))
