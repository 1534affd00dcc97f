"""Training of the occupation coder: word vectors, linear weights and how the two are weighed.

From the labels of an ESCO release, the titles of ISCO-08, and our own titles of Morocco. How the
tiers are weighed (`weighing.yml`) was fitted once, apart: on our titles by models that had not seen
them, and on the development part of the gold. Needs scikit-learn, which is no part of the run-time. Same input and seed, same weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.base.text import match_form
from marsad.enrich import sentence
from marsad.enrich.fields.isco08.concepts import LANGUAGES, PREFERRED
from marsad.enrich.fields.isco08.titles import form_of
from marsad.enrich.vectors import Floats, in_bytes, npz, unit
from marsad.training.vectors import Learnt, learn, matrix

SEED = 7
WEIGHTS_PER_CLASS = 2800
WORDS_OF_DESCRIPTION = 40
LABELS_READ = 5  # of each concept and language, by the sentence reader
AXES = 192


@dataclass(frozen=True, slots=True)
class Known:
    """A concept as training takes it: its codes and its labels by language, preferred one first."""

    code: str
    uri: str
    group: str
    labels: Mapping[str, Sequence[str]]
    descriptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One label in comparison form: the concept it belongs to, and whether it is preferred."""

    form: str
    concept: int
    preferred: bool


def label_rows(concepts: Sequence[Known]) -> list[Row]:
    """Every distinct label of every concept; a preferred one also by its masculine half alone."""
    rows: dict[tuple[str, int], bool] = {}
    for i, concept in enumerate(concepts):
        for labels in concept.labels.values():
            for rank, label in enumerate(labels):
                forms = {form_of(label)}
                if rank == 0:
                    forms.add(form_of(label.split("/")[0]))
                for form in forms - {""}:
                    rows[form, i] = rows.get((form, i), False) or rank == 0
    return [Row(form, i, preferred) for (form, i), preferred in sorted(rows.items())]


def our_rows(titles: Sequence[tuple[str, str, str]], concepts: Sequence[Known]) -> list[Row]:
    """Our (title, ISCO group, ESCO code or empty) as rows of the same concepts."""
    place = {concept.code: i for i, concept in enumerate(concepts)}
    pairs = {
        (form_of(title), place.get(esco) or place[group])
        for title, group, esco in titles
        if (place.get(esco) or place.get(group)) is not None
    }
    return [Row(form, i, False) for form, i in sorted(pairs) if form]


def _described(concepts: Sequence[Known]) -> list[tuple[str, int]]:
    return [
        (match_form(" ".join(text.split()[:WORDS_OF_DESCRIPTION])), i)
        for i, concept in enumerate(concepts)
        for _, text in sorted(concept.descriptions.items())
    ]


def learn_words(concepts: Sequence[Known], rows: Sequence[Row]) -> Learnt:
    """Word vectors and prototypes from labels and descriptions."""
    pairs = [(row.form, row.concept) for row in rows] + _described(concepts)
    forms, owners = zip(*pairs)
    return learn(forms, owners, len(concepts))


def learn_linear(
    learnt: Learnt, rows: Sequence[Row], concepts: Sequence[Known]
) -> tuple[Any, list[str]]:
    """A linear support-vector machine from label features to unit groups, and its groups."""
    from sklearn.svm import LinearSVC

    mine = [row for row in rows if len(concepts[row.concept].group) == 4]
    table = _unit_rows(matrix([row.form for row in mine], learnt.hashes), mine)
    fitted = LinearSVC(C=1.0, tol=1e-3, random_state=SEED, max_iter=200)
    fitted.fit(table, [concepts[row.concept].group for row in mine])
    return fitted, [str(code) for code in fitted.classes_]


def _unit_rows(table: Any, rows: Sequence[Row]) -> Any:
    from scipy.sparse import diags

    return diags([len(row.form.split()) ** -0.5 for row in rows]).astype(np.float32) @ table


def _pruned(weights: Floats) -> dict[str, Any]:
    """The strongest weights of each class, by feature place, in 8 bits."""
    strongest_by_class: list[NDArray[np.int64]] = []
    for row in weights:
        strongest = np.argpartition(-np.abs(row), WEIGHTS_PER_CLASS)[:WEIGHTS_PER_CLASS]
        strongest_by_class.append(strongest[np.abs(row[strongest]) > 1e-3])
    classes = np.concatenate([np.full(len(k), i) for i, k in enumerate(strongest_by_class)])
    places = np.concatenate(strongest_by_class)
    order = np.lexsort((classes, places))
    classes, places = classes[order], places[order]
    values, scale = in_bytes(weights[classes, places][None])
    return {
        "linear_starts": np.searchsorted(places, np.arange(weights.shape[1] + 1)).astype(np.uint32),
        "linear_classes": classes.astype(np.uint16),
        "linear_weights": values[0],
        "linear_scale": scale[0],
    }


def pack(
    concepts: Sequence[Known], rows: Sequence[Row], learnt: Learnt, linear: Any, groups: list[str]
) -> bytes:
    """The weights of the fast tier as one npz file."""
    ordered = sorted(rows, key=lambda row: (row.concept, row.form))
    vectors = unit(matrix([row.form for row in ordered], learnt.hashes) @ learnt.rows)
    labels, _ = in_bytes(vectors)
    owners = np.array([row.concept for row in ordered])
    features, scale = in_bytes(learnt.rows)
    goals, _ = in_bytes(learnt.prototypes)
    return npz(
        hashes=learnt.hashes,
        rows=features,
        rows_scale=scale,
        codes=np.array([c.code for c in concepts]),
        uris=np.array([c.uri for c in concepts]),
        groups=np.array([c.group for c in concepts]),
        goals=goals,
        labels=labels,
        starts=np.searchsorted(owners, np.arange(len(concepts) + 1)).astype(np.uint32),
        preferred=np.array([row.preferred for row in ordered]),
        spread=_spread(vectors, owners, np.array([r.preferred for r in ordered]), learnt),
        linear_codes=np.array(groups),
        linear_bias=linear.intercept_.astype(np.float32),
        **_pruned(linear.coef_.astype(np.float32)),
    )


def _spread(
    labels: Floats, owners: NDArray[np.int64], preferred: NDArray[np.bool_], learnt: Learnt
) -> Floats:
    """Usual spread over concepts of the nearest label's cosine and of the prototype's."""
    sample = labels[:: max(1, len(labels) // 300)]
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    cosines = sample @ labels.T + PREFERRED * preferred
    nearest = np.maximum.reduceat(cosines, starts, axis=1).std(axis=1).mean()
    goal = (sample @ learnt.prototypes.T).std(axis=1).mean()
    return np.array([nearest, goal], np.float32)


def pack_sentences(concepts: Sequence[Known]) -> bytes:
    """The sentence vectors of the slow tier: each concept's preferred label and the mean of its
    first labels, by language, centred and on their main axes."""
    read: dict[str, tuple[Floats, Floats]] = {}
    means = np.zeros((len(LANGUAGES), sentence.SIZE), np.float32)
    for at, language in enumerate(LANGUAGES):
        labels = [c.labels.get(language, ())[:LABELS_READ] for c in concepts]
        flat = [label.lower() for texts in labels for label in texts]
        vectors = sentence.embed(flat)
        means[at] = vectors.mean(axis=0)
        vectors = unit(vectors - means[at])
        first = np.zeros((len(concepts), sentence.SIZE), np.float32)
        middle = np.zeros_like(first)
        start = 0
        for i, texts in enumerate(labels):
            if texts:
                first[i] = vectors[start]
                middle[i] = vectors[start : start + len(texts)].mean(axis=0)
            start += len(texts)
        read[language] = first, unit(middle)
    every = np.concatenate([middle for _, middle in read.values()])
    _, axes = np.linalg.eigh(every.T @ every)
    axes = axes[:, ::-1][:, :AXES].astype(np.float32)
    projected = np.array([[unit(part @ axes) for part in read[language]] for language in LANGUAGES])
    projected_bytes, _ = in_bytes(projected)
    sample = projected[0, 0, :: max(1, len(concepts) // 200)]
    spread = np.array([(projected[0] @ q).max(axis=0).std() for q in sample if q.any()]).mean()
    return npz(
        sentences=projected_bytes,
        sentence_means=means,
        sentence_axes=axes.astype(np.float16),
        sentence_spread=np.array(spread, np.float32),
    )
