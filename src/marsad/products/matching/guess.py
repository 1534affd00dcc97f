"""Which occupations a person's skills speak for.

Each thing said (a skill's code, or words) is a piece of evidence. Words are read softly: the ESCO
skills nearest to them share one unit of belief (softmax of cosines), so that a word never seen, a slip
or another language still counts. An ESCO occupation draws its skills from what ESCO says it needs
(essential 1, optional 0.7, scaled to one). A piece speaks for an occupation by how much more likely it
is there than in all occupations; half of it is taken for noise, so that unrelated skills cost little:

    likelihood of an occupation = product over pieces of (1/2 + 1/2 * sum over skills of
        belief(skill) * P(skill | occupation) / P(skill))

A unit group of ISCO-08 is as likely as its likeliest occupation. This is naive Bayes with a background
(a mixture, Zhai and Lafferty 2004); measured beside overlap and TF-IDF in `benchmarks/matching.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from marsad.base.text import match_form
from marsad.enrich.fields.esco_skills.classify import vocabulary
from marsad.enrich.fields.esco_skills.rank import Skills, needs, skills
from marsad.enrich.fields.isco08.concepts import concepts
from marsad.enrich.vectors import Floats

if TYPE_CHECKING:
    from scipy import sparse

OPTIONAL, NOISE, SHARPNESS, NEAREST = 0.7, 0.5, 25.0, 30
_SPEAKS = 1.5


@dataclass(frozen=True, slots=True)
class Person:
    """What someone says: skills by code, words of skills, an occupation (ISCO-08) and an area."""

    codes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    occupation: str = ""
    area: str = ""

    @property
    def says_skills(self) -> bool:
        return bool(self.codes or self.phrases)


@dataclass(frozen=True, slots=True)
class Likely:
    """A unit group that skills speak for: how likely beside the first (1 for the first; the mean over
    the pieces said), and the pieces (codes or words) that speak for it most."""

    code: str
    share: float
    because: tuple[str, ...] = field(default=())


class Occupations:
    """ESCO's occupations and what they need, as matrices over the skills of a model."""

    def __init__(self, model: Skills) -> None:
        from scipy import sparse  # 20 MB, of no use to who asks for no match

        self.model = model
        self.codes = [code for code in concepts().codes if "." in code and needs().of(code)]
        self.groups = np.array([code[:4] for code in self.codes])
        rows = [(i, s, e) for i, code in enumerate(self.codes) for s, e in needs().of(code)]
        at = ([i for i, _, _ in rows], [s for _, s, _ in rows])
        weights = np.array([1.0 if e else OPTIONAL for _, _, e in rows], np.float32)
        shape = (len(self.codes), len(model.names))
        self.needed = sparse.csr_matrix((weights, at), shape=shape)
        self.essential = sparse.csr_matrix(
            (np.array([float(e) for _, _, e in rows], np.float32), at), shape=shape
        )
        whole = np.asarray(self.needed.sum(axis=1)).ravel()
        share = sparse.diags(1 / whole) @ self.needed
        usual = np.asarray(share.mean(axis=0)).ravel() + 1e-9
        self.lift = (share @ sparse.diags(1 / usual)).T.tocsr().astype(np.float32)
        frequency = np.asarray((self.needed > 0).sum(axis=0)).ravel()
        rarity = np.log(1 + len(self.codes) / (1 + frequency)).astype(np.float32)
        self.weights = self.needed.multiply(rarity).tocsr().astype(np.float32)
        self.whole: Floats = np.asarray(self.weights.sum(axis=1), np.float32).ravel()

    @property
    def vectors(self) -> Floats:
        """The direction of each skill: worked out when asked for (a few ms, 7 MB)."""
        return self.model.directions()

    def of_group(self, group: str) -> NDArray[np.int64]:
        """The occupations (their places) of an ISCO-08 group of any length."""
        return np.flatnonzero(np.char.startswith(self.groups, group))

    def beliefs(
        self, codes: Sequence[str], phrases: Sequence[str]
    ) -> tuple[list[str], sparse.csr_matrix]:
        """The pieces of evidence, and for each its belief in every skill (rows sum to one)."""
        from scipy import sparse

        model = self.model
        pieces = [c for c in codes if c in model.place]
        exact = [(i, model.place[c], 1.0) for i, c in enumerate(pieces)]
        ours = [c for c in codes if c not in model.place and c in vocabulary()]
        texts = [*((c, _labels(c)) for c in ours), *((p, p) for p in phrases)]
        words = [(name, match_form(text).split()) for name, text in texts]
        words = [(name, parts) for name, parts in words if any(map(model.space.knows, parts))]
        if words:
            likeness = np.stack([model.space.phrase(parts) for _, parts in words]) @ self.vectors.T
            for row, (name, parts) in zip(likeness, words):
                i = len(pieces)
                pieces.append(name)
                whole = [s for s, _, n in model.labelled(parts) if n == len(parts)]
                near = np.array(whole) if whole else np.argpartition(-row, NEAREST)[:NEAREST]
                belief = np.exp(SHARPNESS * (row[near] - row[near].max()))
                exact += list(zip([i] * len(near), near.tolist(), (belief / belief.sum()).tolist()))
        at = ([i for i, _, _ in exact], [s for _, s, _ in exact])
        shape = (len(pieces), len(model.names))
        strengths = np.array([b for _, _, b in exact], np.float32)
        return pieces, sparse.csr_matrix((strengths, at), shape=shape)

    def chances(self, codes: Sequence[str], phrases: Sequence[str]) -> tuple[list[str], Floats]:
        """The pieces, and for each and every occupation how much more likely it is there."""
        pieces, belief = self.beliefs(codes, phrases)
        return pieces, np.asarray((belief @ self.lift).toarray(), np.float32)


def _labels(code: str) -> str:
    return " ".join(vocabulary()[code][k] for k in ("fr", "en", "ar"))


@cache
def occupations() -> Occupations:
    """The shipped occupations and needs."""
    return Occupations(skills())


def likely(person: Person, limit: int = 5, among: Occupations | None = None) -> list[Likely]:
    """The unit groups that what a person says speaks for, best first; none when nothing is known."""
    if not person.says_skills:
        return []
    every = among or occupations()
    pieces, lifts = every.chances(person.codes, person.phrases)
    if not pieces:
        return []
    scores = np.log(NOISE + (1 - NOISE) * lifts).sum(axis=0)
    ranked: list[Likely] = []
    seen: set[str] = set()
    best = float(scores.max())
    for i in np.argsort(-scores, kind="stable").tolist():
        group = str(every.groups[i])
        if group in seen or lifts[:, i].max() < 1:
            continue
        seen.add(group)
        order = np.argsort(-lifts[:, i], kind="stable")
        because = tuple(pieces[j] for j in order if lifts[j, i] >= _SPEAKS)
        share = float(np.exp((scores[i] - best) / len(pieces)))
        ranked.append(Likely(group, round(share, 4), because))
        if len(ranked) == limit:
            break
    return ranked
