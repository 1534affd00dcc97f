"""Static word vectors: a word is the sum of vectors of itself and of its letter groups.

The vectors are learnt from the labels of a taxonomy in all its languages (`learn_vectors.py`), so
that labels of one concept come to lie near each other whatever their language, and a word never
seen before still gets the meaning of its parts. Bojanowski et al. (2017) for words as bags of
letter groups; one normalised sum stands for a phrase. No network at run time: a table look-up.
"""

from __future__ import annotations

import io
import threading
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SHORTEST, LONGEST = 3, 5
_CACHED_WORDS = 60_000
_remembered = _CACHED_WORDS
_LEAST_MAPPED, _LOCAL_HEADER = 65_536, 30


def whole(word: str) -> int:
    """The feature of a whole word."""
    return zlib.crc32(b"w" + word.encode())


def remember(words: int) -> None:
    """Let each space remember at most so many words: few where visitors ask, many where ads are coded."""
    global _remembered
    _remembered = words


@lru_cache(maxsize=1_024)
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
    """Arrays as the bytes of one npz file, not packed: weights hardly shrink, and so can be mapped."""
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    return out.getvalue()


class Weights:
    """The arrays of an npz file by name, mapped from the file: read when touched, and one copy for all
    processes. Those of a packed file, small ones, and those that do not lie at a
    multiple of their size are read."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, zipfile.ZipFile(path)

    def __enter__(self) -> Weights:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getitem__(self, name: str) -> NDArray[Any]:
        entry = self._file.getinfo(f"{name}.npy")
        with self._file.open(entry) as member:
            version = np.lib.format.read_magic(member)
            read = getattr(np.lib.format, f"read_array_header_{version[0]}_{version[1]}")
            shape, by_column, kind = read(member)
            begun = member.tell()
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size < _LEAST_MAPPED:
                member.seek(0)
                array: NDArray[Any] = np.lib.format.read_array(member, allow_pickle=False)
                return array
        with self._path.open("rb") as file:
            file.seek(entry.header_offset)
            header = file.read(_LOCAL_HEADER)
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        at = entry.header_offset + _LOCAL_HEADER + names + begun
        order: Literal["C", "F"] = "F" if by_column else "C"
        mapped: NDArray[Any] = np.asarray(np.memmap(self._path, kind, "r", at, shape, order))
        return mapped if mapped.flags.aligned else mapped.copy()  # else copied by each search


class RowCache:
    """Rows worked out once a word and kept together, so that many words are read at once."""

    def __init__(
        self, width: int, make: Callable[[str], Floats], most: int = _CACHED_WORDS
    ) -> None:
        self._make, self._most, self._lock = make, most, threading.Lock()
        self._at: dict[str, int] = {}
        self._rows: Floats = np.zeros((256, width), np.float32)

    def rows(self, words: Sequence[str]) -> Floats:
        """One row a word, in order."""
        with self._lock:  # another thread may make room meanwhile
            at = self._at
            missing = [word for word in words if word not in at]
            if missing:
                if len(at) + len(missing) > min(self._most, _remembered):
                    at.clear()
                    missing = list(words)
                for word in dict.fromkeys(missing):
                    if len(at) == len(self._rows):
                        self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
                    self._rows[len(at)] = self._make(word)
                    at[word] = len(at)
            rows: Floats = self._rows[[at[word] for word in words]]
            return rows


class Space:
    """A table of feature vectors ready for use; `hashes` ascend, one row of `rows` a hash."""

    def __init__(self, hashes: NDArray[np.uint32], rows: NDArray[np.int8], scale: Floats) -> None:
        self._hashes, self._rows, self._scale = hashes, rows, scale
        self._vectors = RowCache(rows.shape[1], self._vector)
        self._features: dict[str, NDArray[np.int64]] = {}
        self._known: dict[str, bool] = {}

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
            if len(self._features) >= _remembered:
                self._features.clear()
                self._known.clear()
            self._features[word] = places
        return places

    def holds(self, word: str) -> bool:
        """Whether the word itself stood in the labels that were learnt."""
        at = int(np.searchsorted(self._hashes, np.uint32(whole(word))))
        return at < len(self._hashes) and int(self._hashes[at]) == whole(word)

    def knows(self, word: str) -> bool:
        """Whether at least half of what a word is made of is in the table."""
        known = self._known.get(word)
        if known is None:
            known = 2 * len(self.features(word)) >= len(grams(word))
            self._known[word] = known
        return known

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
