"""Learning of word vectors (`vectors.py`) from labels of concepts: a command's work, not run-time.

Each concept has a prototype; a label's vector is to lie nearer its own concept's prototype than
others' (softmax over cosines, temperature 0.05; a fifth of the features dropped at each step).
Adam with a falling rate. Needs numpy and scipy only; the same rows and seed give the same vectors.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.enrich.vectors import Floats, grams, unit, whole

SIZE, BATCH, RATE, TEMPERATURE, DROPPED, SEED = 128, 512, 0.01, 0.05, 0.2, 7
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What learning gives: feature hashes (ascending), their vectors, and concept prototypes."""

    hashes: NDArray[np.uint32]
    rows: Floats
    prototypes: Floats


def known_features(forms: Sequence[str], least_words: int) -> NDArray[np.uint32]:
    """Hashes of the features that at least so many distinct words share, and of every word."""
    words = {word for form in forms for word in form.split()}
    seen: Counter[int] = Counter()
    for word in words:
        seen.update(grams(word))
    features = {h for h, n in seen.items() if n >= least_words}
    features |= {whole(word) for word in words}
    return np.array(sorted(features), np.uint32)


def matrix(forms: Sequence[str], hashes: NDArray[np.uint32]) -> Any:
    """Forms x features as a scipy CSR matrix: each word's features weigh 1 / sqrt(their number)."""
    from scipy.sparse import csr_matrix

    place = {int(h): i for i, h in enumerate(hashes)}
    cache: dict[str, list[int]] = {}
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for form in forms:
        for word in form.split():
            if word not in cache:
                cache[word] = [place[h] for h in grams(word) if h in place]
            at = cache[word]
            columns += at
            values += [len(at) ** -0.5] * len(at)
        starts.append(len(columns))
    shape = (len(forms), len(hashes))
    return csr_matrix((np.array(values, np.float32), columns, starts), shape=shape)


class _Adam:
    """Adam (Kingma and Ba 2015) that touches only the rows that a step used."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._mean, self._square = np.zeros_like(values), np.zeros_like(values)
        self._step = 0

    def step(self, rows: NDArray[np.int64], slope: Floats, rate: float) -> None:
        self._step += 1
        mean = self._mean[rows] * 0.9 + 0.1 * slope
        square = self._square[rows] * 0.999 + 0.001 * slope * slope
        self._mean[rows], self._square[rows] = mean, square
        first, second = 1 - 0.9**self._step, 1 - 0.999**self._step
        self.values[rows] -= rate * (mean / first) / (np.sqrt(square / second) + 1e-8)


def _slope(unit_rows: Floats, lengths: Floats, gradient: Floats) -> Floats:
    """Gradient through scaling to unit length."""
    along = (unit_rows * gradient).sum(axis=1, keepdims=True)
    through: Floats = (gradient - unit_rows * along) / lengths
    return through


def learn(
    forms: Sequence[str],
    owners: Sequence[int],
    concepts: int,
    *,
    least_words: int = 2,
    epochs: int = 8,
    rivals: int = 0,
) -> Learnt:
    """Vectors from (form, concept) rows.

    `rivals` > 0 compares each batch with so many random concepts instead of all of them (for large
    taxonomies).
    """
    random = np.random.default_rng(SEED)
    hashes = known_features(forms, least_words)
    table = matrix(forms, hashes)
    owner = np.asarray(owners, np.int64)
    rows = _Adam((random.standard_normal((len(hashes), SIZE)) * 0.05).astype(np.float32))
    goals = _Adam((random.standard_normal((concepts, SIZE)) / SIZE**0.5).astype(np.float32))
    size = min(BATCH, len(forms))
    steps = epochs * (len(forms) // size)
    done = 0
    for epoch in range(epochs):
        order = random.permutation(len(forms))
        loss = 0.0
        for start in range(0, len(forms) - size + 1, size):
            mine = order[start : start + size]
            rate = RATE * (1 - done / steps)
            loss += _train_batch(table[mine], owner[mine], rows, goals, rate, random, rivals)
            done += 1
        _log.info("epoch %d of %d: loss %.3f", epoch + 1, epochs, loss / (len(forms) // size))
    return Learnt(hashes, rows.values, unit(goals.values))


def _train_batch(
    batch: Any,
    owner: NDArray[np.int64],
    rows: _Adam,
    goals: _Adam,
    rate: float,
    random: np.random.Generator,
    rivals: int,
) -> float:
    """One step on a batch of forms; the mean loss before it."""
    batch = batch.copy()
    batch.data = batch.data * (random.random(len(batch.data)) >= DROPPED)
    used = np.arange(len(goals.values))
    if rivals:
        used = np.unique(np.concatenate([owner, random.integers(0, len(goals.values), rivals)]))
        owner = np.searchsorted(used, owner)
    vectors = batch @ rows.values
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    vectors = vectors / lengths
    raw = goals.values[used]
    goal_lengths = np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-6)
    goal = raw / goal_lengths
    scores = vectors @ goal.T / TEMPERATURE
    scores -= scores.max(axis=1, keepdims=True)
    share = np.exp(scores)
    share /= share.sum(axis=1, keepdims=True)
    at = np.arange(len(owner))
    loss = float(-np.log(share[at, owner] + 1e-9).mean())
    share[at, owner] -= 1
    share /= len(owner) * TEMPERATURE
    columns = np.unique(batch.indices)
    slope = _slope(vectors, lengths, share @ goal)
    rows.step(columns, np.asarray(batch[:, columns].T @ slope, np.float32), rate)
    goals.step(used, _slope(goal, goal_lengths, share.T @ vectors), rate)
    return loss
