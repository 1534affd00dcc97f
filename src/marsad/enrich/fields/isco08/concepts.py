"""Ranking of ESCO occupations and ISCO-08 groups for a title, by nearness of meaning.

A title's word vector (`enrich/vectors.py`) is compared with every concept's prototype, then with
the labels of the nearest concepts in all languages; a preferred label counts a little more. The
slow tier adds the sentence vectors of `enrich/sentence.py`. What ships are vectors and codes, no
label text: made by `marsad train isco08` from an ESCO release.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.enrich import sentence
from marsad.enrich.vectors import Floats, Space, Weights, unit

WEIGHTS = Path(__file__).with_name("vectors.npz")
SENTENCES = Path(__file__).with_name("sentences.npz")
LANGUAGES = ("fr", "en", "ar")
PREFERRED = 0.02  # what a preferred label's cosine gains over an alternative one's
NEAREST = 64  # concepts whose labels are compared


class Concepts:
    """Everything the ranking needs, in memory."""

    def __init__(self, path: Path) -> None:
        with Weights(path) as arrays:
            self.space = Space(arrays["hashes"], arrays["rows"], arrays["rows_scale"])
            self.codes: list[str] = [str(c) for c in arrays["codes"]]
            self.uris: list[str] = [str(c) for c in arrays["uris"]]
            self.groups: list[str] = [str(c) for c in arrays["groups"]]
            self.goals: Floats = unit(arrays["goals"].astype(np.float32))
            self._labels: NDArray[np.int8] = arrays["labels"]
            self._starts: NDArray[np.int64] = arrays["starts"].astype(np.int64)
            self._preferred: Floats = arrays["preferred"].astype(np.float32) * PREFERRED
            self._spread: Floats = arrays["spread"].astype(np.float32)
        self.is_group = np.array(["." not in code for code in self.codes])

    @property
    def spread_of_goals(self) -> float:
        """Usual spread over concepts of the prototypes' cosines."""
        return float(self._spread[1])

    def nearest(self, title: Floats, labels_of: NDArray[np.int64]) -> Floats:
        """The cosine of a title with the nearest label of each of these concepts."""
        starts, ends = self._starts[labels_of], self._starts[labels_of + 1]
        sizes = ends - starts
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        at = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes) + np.repeat(starts, sizes)
        cosines = unit(self._labels[at].astype(np.float32)) @ title + self._preferred[at]
        best: Floats = np.maximum.reduceat(cosines, offsets[:-1]) if len(at) else cosines
        return best

    def scores(
        self, words: list[str], title: str = "", language: str = "", *, slow: bool = False
    ) -> tuple[NDArray[np.int64], Floats]:
        """(concepts, their scores, best first) of the nearest concepts; none when no word is known.

        A score counts in spreads: the label's cosine over its spread, and parts of the others'.
        """
        if not any(self.space.knows(word) for word in words):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        vector = self.space.phrase(words)
        goals = self.goals @ vector
        most = 2 * NEAREST if slow else NEAREST
        near = np.argpartition(-goals, most)[:most].astype(np.int64)
        meant: Floats | None = None
        if slow:
            meant = _sentences().cosines(title, language)
            also = np.argpartition(-meant, NEAREST)[:NEAREST]
            near = np.union1d(near, also).astype(np.int64)
        label, goal = (float(s) for s in self._spread)
        score = self.nearest(vector, near) / label + 0.2 * goals[near] / goal
        if meant is not None:
            score = score + 0.5 * meant[near]
        score = score - self.is_group[near]
        order = np.argsort(-score, kind="stable")
        return near[order], score[order].astype(np.float32)


class _Sentences:
    """Sentence vectors of every concept in each language: preferred label, and mean of labels."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as arrays:
            self._means: Floats = arrays["sentence_means"].astype(np.float32)
            self._axes: Floats = arrays["sentence_axes"].astype(np.float32)
            self._vectors: Floats = unit(arrays["sentences"].astype(np.float32))
            self._spread = float(arrays["sentence_spread"])

    def cosines(self, title: str, language: str) -> Floats:
        """For each concept, in spreads, the cosine of a title with its preferred label or with the
        mean of its labels, whichever is nearer, in the title's language."""
        at = LANGUAGES.index(language) if language in LANGUAGES else 0
        vector = unit((sentence.embed([title.lower()])[0] - self._means[at]) @ self._axes)
        best: Floats = (self._vectors[at] @ vector).max(axis=0) / self._spread
        return best


@cache
def _sentences() -> _Sentences:
    return _Sentences(SENTENCES)


@cache
def concepts() -> Concepts:
    """The shipped concepts."""
    return Concepts(WEIGHTS)
