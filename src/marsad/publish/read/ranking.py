"""Open ads of a release ranked for a person, by `products.matching.score`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from marsad.base import areas
from marsad.base.errors import InputError
from marsad.lake.mart import Mart
from marsad.products.matching.score import Match, Offer, Seeker, match
from marsad.publish.read.openings import Openings, openings


@dataclass(frozen=True, slots=True)
class Found:
    """One ad with its match; `ad` has the fields `openings.SHOWN`."""

    ad: dict[str, Any]
    match: Match


def matches(mart: Mart, wanted: Seeker, realm: str, limit: int) -> tuple[list[Found], int]:
    """The open ads that fit best, best and newest first, and how many were weighed (all that are open).

    Ads with nothing in common are left out. InputError when nothing is said; NotFoundError for an
    unknown area.
    """
    if not (wanted.occupation or wanted.skills or wanted.area):
        raise InputError("say at least an occupation, skills or an area")
    if realm not in ("", "real", "synthetic"):
        raise InputError(f"{realm!r} is not a realm (real, synthetic)")
    if wanted.area:
        areas.area(wanted.area)
    held = openings(mart)
    considered = held.realm(realm)
    scores = np.where(considered, held.scores(wanted), 0).astype(np.float32)
    best = held.best(scores, limit)
    return _found(held, wanted, best), int(considered.sum())


def _found(held: Openings, wanted: Seeker, best: list[int]) -> list[Found]:
    found = []
    for ad, row in zip(best, held.shown.take(best).to_pylist() if best else ()):
        offer = Offer(row["isco08"], held.skills_of(ad), held.where(ad))
        found.append(Found({**row, "isco08": row["isco08"] or None}, match(wanted, offer)))
    return found
