"""Open ads of a release ranked for a person, by `products.matching.score`, and by stages that say what
they give up.

`matches` weighs every open ad. `openings_for` answers a person whose trade is known: ads of the unit
group first, the nearest places before others; only where no ad answers all that was asked are place,
experience and contract given up, in this order; and only where fewer than FEWEST are left are ads of the
same minor group put behind. Whatever was given up is told (`score.WIDENED`); other trades are never
shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marsad.base import areas
from marsad.base.codes import codelist
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.products.matching.score import WIDENED, Match, Offer, Seeker, match
from marsad.publish.read.openings import Openings, openings

FEWEST, CLOSE_KM, REGION_KM, LEAST_SKILLS = 5, 40, 120, 0.3
"""Openings of a trade under which near trades are put behind; kilometres of two rings around a place;
the share of an ad's skills from which it answers a person without a trade."""
_GIVING = ((), ("place",), ("place", "experience"), ("place", "experience", "contract"))
_UNIT = 4
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RankedAd:
    """One ad with its match; `ad` has the fields `openings.SHOWN`. `km`: about how far it is from the
    place asked (None where either is unknown); `beyond`: what it is outside of (codes of WIDENED)."""

    ad: Row
    match: Match
    km: int | None = None
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What narrows openings; what is empty does not. `experience`: years that an ad may ask at most."""

    within_km: int | None = None
    contract: str = ""
    experience: float | None = None


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Openings, best first, of `weighed` that are open, and what was given up (codes of WIDENED)."""

    ads: tuple[RankedAd, ...]
    weighed: int
    widened: tuple[str, ...]


def checked(criteria: Seeker, realm: str) -> None:
    """InputError when nothing is said or for an unknown occupation or realm; NotFoundError for an
    unknown area."""
    if not (criteria.occupation or criteria.skills or criteria.area):
        raise InputError(refused("person_empty"))
    if realm not in ("", "real", "synthetic"):
        raise InputError(refused("no_realm", code=realm, known="real, synthetic"))
    if criteria.occupation and criteria.occupation not in codelist("isco08"):
        raise InputError(
            refused("no_code_in", name="occupation", code=criteria.occupation, list="isco08")
        )
    if criteria.area:
        areas.area(criteria.area)


def matches(mart: Mart, criteria: Seeker, realm: str, limit: int) -> tuple[list[RankedAd], int]:
    """The open ads that fit best, best and newest first, and how many were weighed (all that are open).

    Ads with nothing in common are left out. Errors as `checked`.
    """
    checked(criteria, realm)
    ads = openings(mart)
    considered = ads.realm(realm)
    scores = np.where(considered, ads.scores(criteria), 0).astype(np.float32)
    best = ads.best(scores, limit)
    return _ranked(ads, criteria, best), int(considered.sum())


class _Stages:
    """The open ads of a realm as masks of what a person asks."""

    def __init__(self, ads: Openings, criteria: Seeker, wishes: Wishes, realm: str) -> None:
        every = np.ones(len(ads.keys), np.bool_)
        self.realm = ads.realm(realm)
        self.km = ads.km(criteria.area) if criteria.area else np.zeros(len(every))
        inside = ads.inside(criteria.area) if criteria.area else every
        near = inside | (self.km <= wishes.within_km) if wishes.within_km is not None else every
        self.within: dict[str, Mask] = {
            "place": near,
            "contract": ads.of_contract(wishes.contract) if wishes.contract else every,
            "experience": every
            if wishes.experience is None
            else ads.experience <= wishes.experience,
        }
        self.met: dict[str, Mask] = self.within | {
            "place": near if wishes.within_km is not None else inside
        }
        self.scores = ads.scores(criteria)
        self.ring = np.where(inside, 0, np.digitize(self.km, (CLOSE_KM, REGION_KM), right=True) + 1)

    def of(
        self, trade: Mask, stages: Sequence[tuple[str, ...]] = _GIVING
    ) -> tuple[list[int], tuple[str, ...]]:
        """The ads of a trade, nearest ring first, then by score and newest, under the fewest things
        given up; and these."""
        for giving in stages:
            mask = trade & self.realm
            for name, within in self.within.items():
                if name not in giving:
                    mask = mask & within
            chosen = np.flatnonzero(mask)
            if len(chosen):
                order = np.lexsort((chosen, -self.scores[chosen], self.ring[chosen]))
                return chosen[order].tolist(), giving
        return [], ()

    def beyond(self, ad: int, trade: bool) -> tuple[str, ...]:
        """What an ad is outside of."""
        outside = {name for name, mask in self.met.items() if not mask[ad]}
        return tuple(name for name in WIDENED if name in outside or (name == "trade" and not trade))


def openings_for(mart: Mart, criteria: Seeker, wishes: Wishes, realm: str, limit: int) -> Shortlist:
    """Openings for a person, of their trade first (see above). Without a trade, ads of which the person
    has at least LEAST_SKILLS of the skills, or those of the place. Errors as `checked`."""
    checked(criteria, realm)
    ads = openings(mart)
    stages = _Stages(ads, criteria, wishes, realm)
    trade = ads.in_group(criteria.occupation)
    if not criteria.occupation:
        own = Seeker(skills=criteria.skills)
        trade = ads.scores(own) >= LEAST_SKILLS if criteria.skills else stages.met["place"]
    best, giving = stages.of(trade)
    best = best[:limit]
    if len(best) < min(FEWEST, limit) and len(criteria.occupation) == _UNIT:
        near_trades = ads.in_group(criteria.occupation[:3]) & ~trade
        near, _ = stages.of(near_trades, _GIVING[: _GIVING.index(giving) + 1] if best else _GIVING)
        best += near[: min(FEWEST, limit) - len(best)]
    ranked = [
        replace(
            row,
            km=_km(stages.km[at]) if criteria.area else None,
            beyond=stages.beyond(at, bool(trade[at])),
        )
        for at, row in zip(best, _ranked(ads, criteria, best))
    ]
    widened = tuple(name for name in WIDENED if any(name in row.beyond for row in ranked))
    return Shortlist(tuple(ranked), int(stages.realm.sum()), widened)


def _km(away: float) -> int | None:
    return int(away) if math.isfinite(away) else None


def _ranked(ads: Openings, criteria: Seeker, best: list[int]) -> list[RankedAd]:
    ranked = []
    for ad, row in zip(best, ads.shown.take(best).to_pylist() if best else ()):
        offer = Offer(row["isco08"], ads.skills_of(ad), ads.where(ad))
        ranked.append(RankedAd({**row, "isco08": row["isco08"] or None}, match(criteria, offer)))
    return ranked
