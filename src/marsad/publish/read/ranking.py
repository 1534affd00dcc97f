"""Open ads of a release ranked for a person, by `products.matching.score`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.base import areas
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.products.matching.score import Match, Offer, Seeker, match
from marsad.publish.read.openings import Openings, openings


@dataclass(frozen=True, slots=True)
class RankedAd:
    """One ad with its match; `ad` has the fields `openings.SHOWN`."""

    ad: Row
    match: Match


def matches(mart: Mart, criteria: Seeker, realm: str, limit: int) -> tuple[list[RankedAd], int]:
    """The open ads that fit best, best and newest first, and how many were weighed (all that are open).

    Ads with nothing in common are left out. InputError when nothing is said; NotFoundError for an
    unknown area.
    """
    if not (criteria.occupation or criteria.skills or criteria.area):
        raise InputError(refused("person_empty"))
    if realm not in ("", "real", "synthetic"):
        raise InputError(refused("no_realm", code=realm, known="real, synthetic"))
    if criteria.area:
        areas.area(criteria.area)
    ads = openings(mart)
    considered = ads.realm(realm)
    scores = np.where(considered, ads.scores(criteria), 0).astype(np.float32)
    best = ads.best(scores, limit)
    return _ranked(ads, criteria, best), int(considered.sum())


def _ranked(ads: Openings, criteria: Seeker, best: list[int]) -> list[RankedAd]:
    ranked = []
    for ad, row in zip(best, ads.shown.take(best).to_pylist() if best else ()):
        offer = Offer(row["isco08"], ads.skills_of(ad), ads.where(ad))
        ranked.append(RankedAd({**row, "isco08": row["isco08"] or None}, match(criteria, offer)))
    return ranked
