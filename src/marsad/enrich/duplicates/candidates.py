"""How near texts are, by sketches of their words.

Texts are cut into runs of three words; a text's sketch is the least mark of its runs in each of 32
buckets (one-permutation hashing: Li, Owen and Zhang 2012), and texts that share two buckets of a
band meet in a block (`marsad.enrich.duplicates.blocks`).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Marks = NDArray[np.uint64]
BUCKETS, PER_BAND, RUN = 32, 2, 3
Sketches = NDArray[np.uint32]
EMPTY = np.uint32(0xFFFFFFFF)
_CHUNK = 2_000
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


class _Marked(dict[str, int]):
    """Words and their marks, worked out once a word."""

    def __missing__(self, word: str) -> int:
        self[word] = mark = zlib.crc32(word.encode())
        return mark


def mark(*parts: str) -> int:
    """A 64-bit mark of some words."""
    data = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def sketches(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Texts x 32 buckets; a text of fewer than three words has an empty sketch."""
    sketched = np.full((len(texts), BUCKETS), EMPTY, np.uint32)
    marks = _Marked()
    for start in range(0, len(texts), _CHUNK):
        if len(marks) > 1_000_000:
            marks.clear()
        words = [list(map(marks.__getitem__, t.split())) for t in texts[start : start + _CHUNK]]
        _fill(sketched[start : start + _CHUNK], words)
    return sketched


def _fill(rows: NDArray[np.uint32], words: list[list[int]]) -> None:
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    flat = np.fromiter(chain.from_iterable(words), np.uint64, int(lengths.sum()))
    if len(flat) < RUN:
        return
    owner = np.repeat(np.arange(len(words)), lengths)
    runs = flat[:-2] * MIX[0] + flat[1:-1] * MIX[1] + flat[2:] * MIX[2]
    runs = (runs ^ (runs >> np.uint64(31))) * MIX[0]
    whole = owner[:-2] == owner[2:]
    runs, owner = runs[whole], owner[:-2][whole]
    bucket = (runs & np.uint64(BUCKETS - 1)).astype(np.int64)
    place = (owner * BUCKETS + bucket).astype(np.uint64)
    ordered = np.sort((place << np.uint64(32)) | (runs >> np.uint64(32)))
    at = ordered >> np.uint64(32)
    first = np.r_[True, at[1:] != at[:-1]] if len(at) else np.zeros(0, np.bool_)
    rows.reshape(-1)[at[first].astype(np.int64)] = ordered[first].astype(np.uint32)


def alike(sketched: NDArray[np.uint32], pairs: Ints) -> NDArray[np.float32]:
    """The share of buckets that each pair of sketches has in common: their likeness (Jaccard)."""
    result = np.zeros(len(pairs), np.float32)
    for start in range(0, len(pairs), 100_000):
        part = pairs[start : start + 100_000]
        a, b = sketched[part[:, 0]], sketched[part[:, 1]]
        filled = np.maximum(((a != EMPTY) | (b != EMPTY)).sum(axis=1), 1)
        result[start : start + 100_000] = ((a == b) & (a != EMPTY)).sum(axis=1) / filled
    return result
