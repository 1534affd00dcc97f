"""Ranking of all ESCO skills for a sentence, by nearness of any run of its words.

A skill is asked for by a few words of a sentence, not by the whole of it: each run of one to seven
words and the whole sentence are compared with each skill's preferred label and prototype, and the
nearest run counts. The slow tier adds the sentence vector. What ships are vectors and codes, no
label text: made by `marsad train skills` from an ESCO release.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.enrich import sentence
from marsad.enrich.vectors import Floats, Space, Weights, unit

WEIGHTS = Path(__file__).with_name("vectors.npz")
NEEDS = Path(__file__).with_name("needs.npz")
LONGEST_RUN = 7
LONGEST_LABEL = 8
_LANGUAGES = ("fr", "en", "ar")
_MIX = np.uint64(0x9E3779B97F4A7C15)


def fingerprints(words: Sequence[str], longest: int = LONGEST_LABEL) -> list[NDArray[np.uint64]]:
    """64-bit marks of every run of 1, 2, ... `longest` words, in order of their first word."""
    marks = np.array([zlib.crc32(word.encode()) for word in words], np.uint64) * _MIX
    runs = [marks]
    for n in range(1, min(longest, len(words))):
        runs.append(runs[-1][:-1] * _MIX + marks[n:])
    return runs


def _standard(values: Floats) -> Floats:
    result: Floats = (values - values.mean()) / max(float(values.std()), 1e-6)
    return result


class Skills:
    """Everything the ranking needs, in memory."""

    def __init__(self, path: Path) -> None:
        with Weights(path) as arrays:
            self.space = Space(arrays["hashes"], arrays["rows"], arrays["rows_scale"])
            self.names = [str(uuid.UUID(bytes=bytes(row))) for row in arrays["names"]]
            self._goals: Floats = unit(arrays["goals"].astype(np.float32))
            self._preferred_rows: NDArray[np.int8] = arrays["preferred"]
            self._marks: NDArray[np.uint64] = arrays["marks"]
            self._marked: NDArray[np.uint16] = arrays["marked"]
            self._sentences: NDArray[np.int8] = arrays["sentences"]
            self._means: Floats = arrays["sentence_means"].astype(np.float32)
            self._axes: Floats = arrays["sentence_axes"].astype(np.float32)
        self.place = {name: i for i, name in enumerate(self.names)}

    @cached_property
    def _preferred(self) -> Floats:
        """The directions of preferred labels: only who codes sentences asks for them."""
        return unit(self._preferred_rows.astype(np.float32))

    def nearness(self, words: Sequence[str]) -> tuple[Floats, Floats]:
        """For each skill, the cosines of its preferred label and prototype with the nearest run."""
        runs = self.space.windows(words, LONGEST_RUN)
        return (self._preferred @ runs.T).max(axis=1), (self._goals @ runs.T).max(axis=1)

    def scores(
        self, words: Sequence[str], text: str = "", language: str = "en", *, slow: bool = False
    ) -> Floats:
        """A score for every skill: the higher, the likelier the sentence asks for it."""
        preferred, goal = self.nearness(words)
        whole = self._goals @ self.space.phrase(words)
        fast = _standard(preferred) + _standard(goal) + 0.5 * _standard(whole)
        scores: Floats = (
            np.float32(0.5) * fast + self._sentence_scores(text, language) if slow else fast
        )
        return scores

    def _sentence_scores(self, text: str, language: str) -> Floats:
        at = _LANGUAGES.index(language) if language in _LANGUAGES else 1
        vector = unit((sentence.embed([text])[0] - self._means[at]) @ self._axes)
        return _standard(unit(self._sentences.astype(np.float32)) @ vector)

    def directions(self) -> Floats:
        """The direction of each skill alone: its `profile`."""
        return unit(self._goals)

    def profile(self, needed: Sequence[tuple[int, bool]]) -> Floats | None:
        """The direction of some skills together, optional ones counting half; None for none."""
        if not needed:
            return None
        weights = np.array([1.0 if essential else 0.5 for _, essential in needed], np.float32)
        return unit(weights @ self._goals[[place for place, _ in needed]])

    def labelled(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """(skill, first word, words) of each run of words that is a label of one skill; longest
        first, none overlapping. A tool for measuring: the coder does not use it."""
        if not words:
            return []
        taken = [False] * len(words)
        labels = []
        for n, marks in reversed(list(enumerate(fingerprints(words), 1))):
            at = np.searchsorted(self._marks, marks)
            at[at == len(self._marks)] = 0
            for i in np.flatnonzero(self._marks[at] == marks).tolist():
                if not any(taken[i : i + n]):
                    taken[i : i + n] = [True] * n
                    labels.append((int(self._marked[at[i]]), i, n))
        return sorted(labels, key=lambda f: f[1])


@cache
def skills() -> Skills:
    """The shipped skills."""
    return Skills(WEIGHTS)


class Needs:
    """Which skills each ESCO occupation needs."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as arrays:
            self._at = {str(code): i for i, code in enumerate(arrays["occupations"])}
            self._starts: NDArray[np.uint32] = arrays["starts"]
            self._skills: NDArray[np.uint16] = arrays["skills"]
            self._optional: NDArray[np.bool_] = arrays["optional"]

    def of(self, occupation: str) -> list[tuple[int, bool]]:
        """(skill, essential?) of an ESCO occupation, essential ones first; none when unknown."""
        i = self._at.get(occupation)
        if i is None:
            return []
        span = slice(int(self._starts[i]), int(self._starts[i + 1]))
        return [(int(s), not o) for s, o in zip(self._skills[span], self._optional[span])]


@cache
def needs() -> Needs:
    """The shipped needs of occupations."""
    return Needs(NEEDS)
