"""Training of the occupation coder's linear tier from labelled titles (ESCO, ISCO, our own).

Needs scikit-learn, which is no part of the run-time. Same titles and seed give the same weights.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.base.text import match_form
from marsad.enrich.classify.isco08.classify import plain_title
from marsad.enrich.classify.isco08.model import PLACES, features

SEED = 7
KEPT_PER_CLASS = 3500
HELD_OUT = 0.1


def _matrix(forms: Sequence[str]) -> object:
    from scipy.sparse import csr_matrix

    indices: list[int] = []
    starts, values = [0], []
    for form in forms:
        places = [place for _, place in features(form.split())]
        indices += places
        values += [1 / max(1, len(places)) ** 0.5] * len(places)
        starts.append(len(indices))
    return csr_matrix((np.array(values, np.float32), indices, starts), shape=(len(forms), PLACES))


def _calibration(scores: NDArray[np.float32], truth: NDArray[np.int64]) -> tuple[float, float]:
    """Slope and offset of a logistic curve: top score plus its lead -> chance of being right."""
    from sklearn.linear_model import LogisticRegression

    top = np.sort(scores, axis=1)
    margin = (2 * top[:, -1] - top[:, -2]).reshape(-1, 1)
    right = scores.argmax(axis=1) == truth
    fitted = LogisticRegression(C=100.0).fit(margin, right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _pruned(weights: NDArray[np.float32]) -> dict[str, Any]:
    """The strongest weights of each class, by feature place, in 8 bits."""
    kept: list[NDArray[np.int64]] = []
    for row in weights:
        strongest = np.argpartition(-np.abs(row), KEPT_PER_CLASS)[:KEPT_PER_CLASS]
        kept.append(strongest[np.abs(row[strongest]) > 1e-3])
    classes = np.concatenate([np.full(len(k), i) for i, k in enumerate(kept)])
    places = np.concatenate(kept)
    order = np.lexsort((classes, places))
    classes, places = classes[order], places[order]
    values = weights[classes, places]
    scale = float(np.abs(values).max()) / 127
    return {
        "starts": np.searchsorted(places, np.arange(PLACES + 1)).astype(np.uint32),
        "classes": classes.astype(np.uint16),
        "weights": np.round(values / scale).astype(np.int8),
        "scale": np.array(scale),
    }


def train(titles: Sequence[tuple[str, str]]) -> tuple[bytes, dict[str, object]]:
    """Weights (npz bytes) and facts for the card, from (title, ISCO-08 unit group) pairs.

    A tenth of the titles, by hash, is held out of training to calibrate scores.
    """
    from sklearn.svm import LinearSVC

    pairs = sorted({(match_form(plain_title(t)), code) for t, code in titles} - {("", "")})
    codes = sorted({code for _, code in pairs})
    number = {code: i for i, code in enumerate(codes)}
    held = np.array([_held_out(form) for form, _ in pairs])
    truth = np.array([number[code] for _, code in pairs])
    matrix = _matrix([form for form, _ in pairs])
    fitted = LinearSVC(C=1.0, loss="squared_hinge", tol=1e-3, random_state=SEED, max_iter=300)
    fitted.fit(matrix[~held], truth[~held])  # type: ignore[index]
    arrays = _pruned(fitted.coef_.astype(np.float32))
    scores = fitted.decision_function(matrix[held]).astype(np.float32)  # type: ignore[index]
    slope, offset = _calibration(scores, truth[held])
    out = io.BytesIO()
    np.savez_compressed(
        out,
        codes=np.array(codes),
        bias=fitted.intercept_.astype(np.float32),
        calibration=np.array([slope, offset]),
        **arrays,
    )
    data = out.getvalue()
    facts: dict[str, object] = {
        "titles": len(pairs),
        "classes": len(codes),
        "held_out_accuracy": round(float((scores.argmax(axis=1) == truth[held]).mean()), 4),
        "seed": SEED,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return data, facts


def _held_out(form: str) -> bool:
    return hashlib.sha256(form.encode()).digest()[0] < 256 * HELD_OUT
