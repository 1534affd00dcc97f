"""How what is known of an ad's occupation is weighed, and how sure that makes of it (`weighing.yml`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.enrich.lexicon import Candidate


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Log-chances of a unit group from a title: nearness * log(sum over the group's concepts of
    exp(score / width)) + linear * margin."""

    width: float
    nearness: float
    linear: float


class Sureness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How likely the best group is the one that two readers give: a logistic function (Platt 1999) of the
    logit of its share among all groups, of how full the ad's text is (0 to 1), of Arabic letters, of an entry of
    the lexicon that is the whole title, of the cosine of the title with its nearest label, and of the title's
    words (logarithm of one more than their number)."""

    constant: float
    logit: float
    fullness: float
    arabic: float
    entry: float
    likeness: float
    words: float


class Weighing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How what is known is weighed; each number was fitted where its yml says, never on test sets.

    An ad's text adds `text` times its own log-chances and `profile` times the likeness of its words
    to the skills of the group's occupations. Shares of groups are taken of log-chances times `sharpness`.
    `entry` is what an entry of the lexicon that is the whole title adds to its group; `darija` is taken off the
    sureness of an ad in Darija, of which less was learnt.
    """

    fast: Tier
    slow: Tier
    text: float
    profile: float
    sharpness: float
    entry: float
    darija: float
    sureness: Sureness


@cache
def weighing() -> Weighing:
    """The shipped weights of the tiers."""
    return load_declaration(Path(__file__).with_name("weighing.yml"), Weighing)


def sure(ranked: Sequence[Candidate], signs: Sequence[float], *, darija: bool) -> list[Candidate]:
    """A ranking whose first score is the chance that it is right, by the `signs` of it; the others keep their
    shares of the rest."""
    constant, *weights = msgspec.structs.astuple(weighing().sureness)
    logit = constant + sum(weight * sign for weight, sign in zip(weights, signs, strict=True))
    logit -= weighing().darija if darija else 0.0
    first = 1 / (1 + math.exp(-logit))
    rest = (1 - first) / (1 - min(ranked[0].score, 1 - 1e-4))
    return [
        Candidate(c.code, round(min(first, c.score * rest) if i else first, 3), c.evidence)
        for i, c in enumerate(ranked)
    ]
