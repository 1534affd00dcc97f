"""Training of the skill coder's weights from an ESCO release: vectors of words and skills, label
fingerprints, sentence vectors, and which skills each occupation needs.

What ships are vectors, fingerprints and codes, no label text. Same release and seed, same weights.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.records import Row
from marsad.base.text import match_form
from marsad.enrich import sentence
from marsad.enrich.fields.esco_skills.rank import LONGEST_LABEL, fingerprints
from marsad.enrich.vectors import Floats, in_bytes, npz, unit
from marsad.training.vectors import learn, matrix

WORDS_OF_DESCRIPTION = 40
LEAST_WORDS = 4  # distinct words that must share a letter group for it to be kept
RIVALS = 2500
EPOCHS = 6
AXES = 192
LANGUAGES = ("fr", "en", "ar")


@dataclass(frozen=True, slots=True)
class KnownSkill:
    """A skill as training takes it: its id and its labels by language, preferred one first."""

    name: str
    labels: Mapping[str, Sequence[str]]
    descriptions: Mapping[str, str]


def pack(skills: Sequence[KnownSkill], ours: Sequence[tuple[str, str]]) -> bytes:
    """The weights of the skill coder as one npz file.

    `ours` are (form, skill name) of our own vocabulary, learnt beside the labels of ESCO.
    """
    place = {skill.name: i for i, skill in enumerate(skills)}
    labels = {
        (match_form(label), i)
        for i, skill in enumerate(skills)
        for texts in skill.labels.values()
        for label in texts
    } | {(match_form(form), place[name]) for form, name in ours if name in place}
    labels = {(form, i) for form, i in labels if form}
    described = [
        (match_form(" ".join(text.split()[:WORDS_OF_DESCRIPTION])), i)
        for i, skill in enumerate(skills)
        for _, text in sorted(skill.descriptions.items())
    ]
    pairs = [*sorted(labels), *described]
    forms, owners = zip(*pairs)
    learnt = learn(
        forms, owners, len(skills), least_words=LEAST_WORDS, epochs=EPOCHS, rivals=RIVALS
    )
    first = [match_form(_preferred(skill)) for skill in skills]
    rows, scale = in_bytes(learnt.rows)
    return npz(
        hashes=learnt.hashes,
        rows=rows,
        rows_scale=scale,
        names=np.array([list(uuid.UUID(skill.name).bytes) for skill in skills], np.uint8),
        goals=in_bytes(learnt.prototypes)[0],
        preferred=in_bytes(unit(matrix(first, learnt.hashes) @ learnt.rows))[0],
        **_fingerprints(labels),
        **_sentences(skills),
    )


def _preferred(skill: KnownSkill) -> str:
    for language in ("en", "fr", "ar"):
        if skill.labels.get(language):
            return skill.labels[language][0]
    return ""


def _fingerprints(labels: set[tuple[str, int]]) -> Row:
    """Fingerprints of labels that stand for one skill, ascending, and their skills."""
    owners: dict[int, set[int]] = {}
    for form, i in labels:
        if len(words := form.split()) <= LONGEST_LABEL:
            owners.setdefault(int(fingerprints(words)[-1][0]), set()).add(i)
    single = sorted((mark, next(iter(who))) for mark, who in owners.items() if len(who) == 1)
    return {
        "marks": np.array([mark for mark, _ in single], np.uint64),
        "marked": np.array([i for _, i in single], np.uint16),
    }


def _sentences(skills: Sequence[KnownSkill]) -> Row:
    """Sentence vectors of preferred labels, centred and on their main axes, and each language's
    centre."""
    vectors = sentence.embed([_preferred(skill) for skill in skills])
    centre = vectors.mean(axis=0)
    _, axes = np.linalg.eigh((vectors - centre).T @ (vectors - centre))
    axes = axes[:, ::-1][:, :AXES].astype(np.float32)
    means = np.array([_centre(skills, language, centre) for language in LANGUAGES], np.float32)
    return {
        "sentences": in_bytes(unit((vectors - centre) @ axes))[0],
        "sentence_means": means,
        "sentence_axes": axes.astype(np.float16),
    }


def _centre(skills: Sequence[KnownSkill], language: str, usual: Floats) -> Floats:
    labels = [skill.labels[language][0] for skill in skills if skill.labels.get(language)]
    if language == "en" or not labels:
        return usual
    mean: Floats = sentence.embed(labels[:: max(1, len(labels) // 1000)]).mean(axis=0)
    return mean


def pack_needs(
    occupations: Sequence[str],
    skills: Sequence[KnownSkill],
    relations: Sequence[tuple[str, str, str]],
) -> bytes:
    """Which skills each occupation needs, as places: (occupation code, skill, essential?).

    `relations` are (occupation code, skill name, essential or optional).
    """
    at = {code: i for i, code in enumerate(occupations)}
    place = {skill.name: i for i, skill in enumerate(skills)}
    rows = sorted(
        (at[code], relation != "essential", place[name])
        for code, name, relation in relations
        if code in at and name in place
    )
    table: NDArray[np.int64] = np.array(rows, np.int64).reshape(-1, 3)
    return npz(
        occupations=np.array(list(occupations)),
        starts=np.searchsorted(table[:, 0], np.arange(len(occupations) + 1)).astype(np.uint32),
        skills=table[:, 2].astype(np.uint16),
        optional=table[:, 1].astype(np.bool_),
    )
