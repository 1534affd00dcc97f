"""Which unit groups are near one, and none where likeness means nothing.

Likeness of two unit groups adds up what they share, each part 0 to 1:

- **skills**: cosine of what their ESCO occupations need (essential 1, optional 1/2, mean over the
  occupations of a group), each skill weighed by how few groups need it (log of the inverse share);
- **names**: cosine of the mean directions of their titles (vectors of the occupation coder, without
  what all groups have in common);
- **tasks**: cosine of the words of their tasks and titles (`tasks.py`), rare words weighing more;
- **classification**: 1/2 for the same minor group of ISCO-08, 1/4 for the same sub-major group, 1/10
  for the same major group; and 1/10 less for each skill level of ISCO-08 between them.

Near is from LEAST on, one skill level apart at most, and only with something in common beside the
classification (the rule of `_shares`). Rule and numbers were chosen on 25 trades common in Morocco and
read by hand on 25 others: `benchmarks/persons.py --near` prints both lists. The result rests on weights and
words of the package alone, so it ships (`near.py`), and is written anew when weights are trained.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from marsad.enrich.fields.isco08.concepts import concepts
from marsad.enrich.vectors import Floats, unit
from marsad.products.matching.guess import occupations
from marsad.products.matching.tasks import tasks

LEAST, PER_LEVEL, MOST_NEAR = 0.85, 0.1, 6
REGULATED = (
    "1111",
    "1112",
    "2211",
    "2212",
    "2250",
    "2261",
    "2262",
    "2611",
    "2612",
    "3152",
    "3153",
    "3154",
    "8311",
)
"""Groups that one enters by election, nomination or a diploma or licence that the law asks (health, law, ship,
aircraft, train): near to those of their own minor group alone."""
_OPTIONAL = 0.5
_SAME = {1: 0.1, 2: 0.15, 3: 0.25}  # digits in common -> what each adds
_LEVELS = {"0": 2, "1": 4, "2": 4, "3": 3, "9": 1}  # major group -> skill level; 2 for the others


def _skills(codes: list[str]) -> Floats:
    every = occupations()
    weights = every.needed.copy()
    weights.data = np.where(weights.data == 1.0, 1.0, _OPTIONAL).astype(np.float32)
    members = sparse.csr_matrix(
        np.array([every.groups == code for code in codes], np.float32)
    )  # groups x occupations
    sizes = np.maximum(np.asarray(members.sum(axis=1)).ravel(), 1)
    profiles = np.asarray((sparse.diags(1 / sizes) @ members @ weights).toarray(), np.float32)
    spread = (profiles > 0).sum(axis=0)
    return _cosines(profiles * np.log((1 + len(codes)) / (1 + spread)))


def _names(codes: list[str]) -> Floats:
    model, place = concepts(), {code: i for i, code in enumerate(codes)}
    directions = np.zeros((len(codes), model.goals.shape[1]), np.float32)
    for group, goal in zip(model.groups, model.goals):
        if group in place:
            directions[place[group]] += goal
    directions = unit(directions)
    return np.maximum(_cosines(directions - directions.mean(axis=0)), 0)


def _cosines(rows: NDArray[np.floating]) -> Floats:
    directions = unit(rows.astype(np.float32))
    alike: Floats = directions @ directions.T
    return alike


def _classified(codes: list[str]) -> Floats:
    """What the classification adds, and takes for skill levels apart; -inf from two levels on."""
    levels = np.array([_LEVELS.get(code[0], 2) for code in codes])
    apart = np.abs(levels[:, None] - levels[None, :])
    added = np.where(apart > 1, -np.inf, -PER_LEVEL * apart)
    for digits, weight in _SAME.items():
        begins = np.array([code[:digits] for code in codes])
        added = added + weight * (begins[:, None] == begins[None, :])
    result: Floats = added.astype(np.float32)
    return result


def _shares(skills: Floats, names: Floats, words: Floats) -> NDArray[np.bool_]:
    """Whether two groups have something in common beside the classification."""
    return (skills >= 0.15) | (words >= 0.3) | (names >= 0.4) | ((skills >= 0.1) & (names >= 0.3))


def _alike() -> tuple[dict[str, int], Floats]:
    """The place of each unit group, and the likeness of each two; 0 where it means nothing."""
    codes = tasks().codes
    skills, names, words = _skills(codes), _names(codes), _cosines(tasks().profiles())
    alike = skills + names + words + _classified(codes)
    alike[(alike < LEAST) | ~_shares(skills, names, words)] = 0
    np.fill_diagonal(alike, 0)
    for i in (codes.index(code) for code in REGULATED):
        alike[[code[:3] != codes[i][:3] for code in codes], i] = 0
    return {code: i for i, code in enumerate(codes)}, alike


def lists() -> bytes:
    """The unit groups near each unit group, the most alike first, as `near.csv` holds them."""
    place, alike = _alike()
    codes, lines = list(place), ["isco08,near,alike"]
    for code, row in zip(codes, alike):
        order = np.argsort(-row, kind="stable")[:MOST_NEAR]
        lines += [f"{code},{codes[i]},{float(row[i]):.3f}" for i in order if row[i] > 0]
    return ("\n".join(lines) + "\n").encode()
