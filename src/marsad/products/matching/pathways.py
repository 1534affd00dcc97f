"""Occupations reachable from where a person stands, and how far each is.

Distance: the share of what an occupation usually needs that the person lacks, from 0 (all is there) to
1 (nothing is), each skill weighted by 1 where ESCO holds it essential and 0.7 where optional, times how
few occupations need it (log of the inverse share: what everyone needs tells nothing).

    distance(occupation) = 1 - sum of weight * has / sum of weight

A person has a skill (has = 1) that they name; has a part of one that is near it in meaning (cosine 0.7
to 1 taken as 0 to 1); and is taken to have what ESCO holds essential for the occupation of their unit group that their skills speak for most
(the share of its occupations that hold it essential, where they name no skill). A unit group is as far as its nearest ESCO
occupation. Not symmetric, as in life. The method is the comparison of ESCO skill sets of Kanders,
Djumalieva, Sleeman and Orlik (2020, «Mapping career causeways», Nesta), which also weighs essential
skills more and lets near skills stand in for each other; the idea of distance as skills not shared is
of Gathmann and Schönberg (2010) and Nedelkoska, Neffke and Wiederhold (2015). It says what skills say:
not diplomas that the law asks, strength, or what employers prefer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from marsad.enrich.vectors import Floats
from marsad.products.matching.guess import NOISE, Occupations, Person, likely, occupations
from marsad.products.matching.near import near

NEAR_FROM = 0.7
_ASSUMED = 0.5


@dataclass(frozen=True, slots=True)
class Path:
    """A unit group with its distance (0 to 1), the ESCO occupation nearest in it, and the codes of its
    needs that are had and that are lacking, the weightiest first."""

    code: str
    distance: float
    esco: str
    had: tuple[str, ...]
    lacking: tuple[str, ...]


def mastery(person: Person, every: Occupations) -> Floats:
    """For each skill, how far the person has it (0 to 1), near skills included."""
    _, belief = every.beliefs(person.codes, person.phrases)
    has = np.zeros(len(every.model.names), np.float32)
    if belief.shape[0]:
        has = np.asarray(belief.max(axis=0).toarray(), np.float32).ravel()
    own = every.of_group(person.occupation) if person.occupation else ()
    if len(own):
        assumed = np.asarray(every.essential[own].mean(axis=0), np.float32).ravel()
        if belief.shape[0]:
            lifts = np.asarray((belief @ every.lift[:, own]).toarray())
            likeliest = own[int(np.log(NOISE + (1 - NOISE) * lifts).sum(axis=0).argmax())]
            assumed = every.essential[int(likeliest)].toarray().ravel()
        has = np.maximum(has, assumed)
    sources = np.flatnonzero(has >= _ASSUMED)
    if not len(sources):
        return has
    directions = every.vectors
    likeness = (directions @ directions[sources].T) * has[sources]
    near = np.clip((likeness.max(axis=1) - NEAR_FROM) / (1 - NEAR_FROM), 0, 1)
    mastered: Floats = np.maximum(has, near)
    return mastered


def paths(
    person: Person, limit: int = 10, groups: Collection[str] = (), every: Occupations | None = None
) -> list[Path]:
    """Unit groups of ISCO-08 (those of `groups` when given) that are near the person's own
    (`near.near`; their own is the one named, else the one that their skills speak for most), the
    least lacking first; none without skills or occupation, and none where nothing is near."""
    if not (person.says_skills or person.occupation):
        return []
    every = every or occupations()
    has = mastery(person, every)
    far = 1 - (every.weights @ has) / every.whole
    reachable = _near(person, every)
    nearest: list[Path] = []
    seen: set[str] = set()
    for i in np.argsort(far, kind="stable").tolist():
        group = str(every.groups[i])
        own = person.occupation and group.startswith(person.occupation)
        if group in seen or own or group not in reachable or (groups and group not in groups):
            continue
        seen.add(group)
        nearest.append(_path(every, i, float(far[i]), has))
        if len(nearest) == limit:
            break
    return nearest


def _near(person: Person, every: Occupations) -> set[str]:
    """The unit groups near those of the person."""
    own = {
        code
        for code in every.groups.tolist()
        if person.occupation and code.startswith(person.occupation)
    }
    if not own:
        own = {occupation.code for occupation in likely(person, 1, every)}
    return {group.code for code in own for group in near(code)} - own


def _path(every: Occupations, i: int, far: float, has: Floats) -> Path:
    row = every.weights[i]
    order = row.indices[np.argsort(-row.data, kind="stable")]
    names = every.model.names
    had = tuple(names[s] for s in order if has[s] >= _ASSUMED)
    lacking = tuple(names[s] for s in order if has[s] < _ASSUMED)
    distance = round(min(1.0, max(0.0, far)), 4)
    return Path(str(every.groups[i]), distance, every.codes[i], had, lacking)
