"""Training of the kinds of posts (`enrich/posts`): from labelled posts to weights in 8 bits.

Multinomial logistic regression over hashed features. The posts are invented, written by people who did
not know the model; those that measure it were written by others. Needs scikit-learn, which is no part of
the run-time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from marsad.enrich.posts import KINDS, PLACES, features
from marsad.enrich.vectors import npz

FILE = Path(__file__).with_name("posts.jsonl")
SEED, STRENGTH = 7, 100.0
Labelled = tuple[str, str]


def labelled(path: Path = FILE) -> list[Labelled]:
    """(text, kind) of each post of a file."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [(str(row["text"]), str(row["kind"])) for row in rows]


def weights(posts: Sequence[Labelled]) -> bytes:
    """The weights that tell kinds apart, as the bytes of their file."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    places = [features(text) for text, _ in posts]
    starts = np.cumsum([0, *map(len, places)])
    values = np.concatenate([np.full(len(at), max(1, len(at)) ** -0.5) for at in places])
    matrix = csr_matrix((values, np.concatenate(places), starts), shape=(len(posts), PLACES))
    model = LogisticRegression(C=STRENGTH, max_iter=500, random_state=SEED, class_weight="balanced")
    model.fit(matrix, [KINDS.index(kind) for _, kind in posts])
    scale = np.abs(model.coef_).max() / 127
    packed = np.round(model.coef_ / scale).astype(np.int8)
    bias = model.intercept_.astype(np.float32)
    return npz(weights=packed, scale=np.array(scale, np.float32), bias=bias)
