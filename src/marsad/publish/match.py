"""Open ads of a release ranked for a person, by `products.matching.score`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from marsad.base import areas
from marsad.base.errors import InputError
from marsad.lake.mart import Mart
from marsad.products.matching.score import Match, Offer, Wanted, match
from marsad.publish.openings import openings

SHOWN = (
    "ad_key", "title", "company", "board", "url", "posted_on", "deadline_on", "isco08", "region",
    "province", "synthetic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One ad with its match; `ad` has the fields SHOWN."""

    ad: dict[str, Any]
    match: Match


def matches(mart: Mart, wanted: Wanted, realm: str, limit: int) -> tuple[list[Found], int]:
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
    scores = np.where(considered, held.scores(wanted), -1.0)
    if limit < len(scores):
        edge = np.partition(scores, -limit)[-limit]
        near = np.flatnonzero(scores >= edge)
    else:
        near = np.arange(len(scores))
    near = near[scores[near] > 0]
    best = near[np.argsort(-scores[near], kind="stable")][:limit]
    keys = held.keys.take(best).to_pylist() if len(best) else []
    return _found(mart, wanted, keys), int(considered.sum())


def _found(mart: Mart, wanted: Wanted, keys: list[str]) -> list[Found]:
    rows = mart.rows(
        "select ads.*, (select list(skill) from ad_skills s where s.ad_key = ads.ad_key) as named"
        " from ads where ad_key in (select unnest(?::varchar[]))",
        [keys],
    )
    by_key = {row["ad_key"]: row for row in rows}
    found = []
    for key in keys:
        row = by_key[key]
        places = frozenset(row[name] for name in ("region", "province", "commune") if row[name])
        offer = Offer(row["isco08"] or "", frozenset(row["named"] or ()), places)
        found.append(Found({name: row[name] for name in SHOWN}, match(wanted, offer)))
    return found
