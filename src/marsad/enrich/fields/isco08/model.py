"""The linear tier of the occupation coder: words and letter groups speak for unit groups.

One weight per (feature, ISCO-08 unit group), kept where it matters, in 8 bits; the features are
those of the word vectors (`enrich/vectors.py`), so that a word is cut into its parts once.
Recipe, data and hash: card.yml; made by `marsad train isco08`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.enrich.vectors import Floats, RowCache, Space, Weights

_CACHED_WORDS = 20_000


class Linear:
    """Weights ready for use: for each feature place, the groups it speaks for and how strongly."""

    def __init__(self, path: Path, space: Space) -> None:
        self._space = space
        with Weights(path) as arrays:
            self.codes: list[str] = [str(code) for code in arrays["linear_codes"]]
            self._starts: NDArray[np.int64] = arrays["linear_starts"].astype(np.int64)
            self._classes: NDArray[np.uint16] = arrays["linear_classes"]
            self._weights: NDArray[np.int8] = arrays["linear_weights"]
            self._scale = float(arrays["linear_scale"])
            self._bias: Floats = arrays["linear_bias"].astype(np.float32)
        self._margins = RowCache(len(self.codes), self._word, _CACHED_WORDS)

    def _word(self, word: str) -> Floats:
        """What one word says for each unit group."""
        at = self._space.features(word)
        lengths = self._starts[at + 1] - self._starts[at]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        place = np.arange(total) + np.repeat(self._starts[at] - ends + lengths, lengths)
        summed = np.bincount(self._classes[place], self._weights[place], minlength=len(self.codes))
        margins: Floats = (summed * (self._scale / max(1, len(at)) ** 0.5)).astype(np.float32)
        return margins

    def scores(self, words: list[str]) -> Floats:
        """The margin of each unit group for a title."""
        if not words:
            return self._bias
        total: Floats = self._margins.rows(words).sum(axis=0) / np.float32(len(words) ** 0.5)
        return total + self._bias
