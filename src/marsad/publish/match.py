"""Open ads of a release ranked for a person, by `products.matching.score`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marsad.base import areas
from marsad.base.errors import InputError
from marsad.lake.mart import Mart
from marsad.products.matching.score import Match, Offer, Wanted, match

CONSIDERED = 2_000
"""Ads that are scored: those with most in common by a rough order."""
SHOWN = (
    "ad_key", "title", "company", "board", "url", "posted_on", "deadline_on", "isco08", "region",
    "province", "synthetic",
)  # fmt: skip
_OPEN = """
with last as (select synthetic as realm_of, max(last_seen_on) as day from ads group by all),
shared as (select ad_key as hit, count(*) as n from ad_skills
  where skill in (select unnest(?::varchar[])) group by all)
select ads.*, coalesce(shared.n, 0) as n_shared from ads
  join last on ads.synthetic = last.realm_of left join shared on ads.ad_key = shared.hit
where (last_seen_on is null or last_seen_on >= last.day - interval 7 day)
  and (deadline_on is null or deadline_on >= last.day) and (? = '' or realm = ?)
  and ((? <> '' and left(isco08, 1) = left(?, 1)) or n_shared > 0 or (? <> '' and region = ?))
order by (case when ? = '' then 0 when starts_with(isco08, ?) then 4
  when left(isco08, 3) = left(?, 3) then 2 when left(isco08, 1) = left(?, 1) then 1 else 0 end)
  + least(n_shared, 3) + (region = ?)::int desc, posted_on desc nulls last, ad_key
limit ?"""


@dataclass(frozen=True, slots=True)
class Found:
    """One ad with its match; `ad` has the fields SHOWN."""

    ad: dict[str, Any]
    match: Match


def matches(mart: Mart, wanted: Wanted, realm: str, limit: int) -> tuple[list[Found], int]:
    """The open ads that fit best, best first, and how many were weighed (at most CONSIDERED).

    Open: seen within a week of the last day on which any ad of its realm was, and not past its last
    day to apply. InputError when nothing is said; NotFoundError for an unknown area.
    """
    if not (wanted.occupation or wanted.skills or wanted.area):
        raise InputError("say at least an occupation, skills or an area")
    if realm not in ("", "real", "synthetic"):
        raise InputError(f"{realm!r} is not a realm (real, synthetic)")
    region = (areas.region_of(areas.area(wanted.area).code) or "") if wanted.area else ""
    job = wanted.occupation
    given = [sorted(wanted.skills), realm, realm, job, job, region, region, job, job, job, job]
    rows = mart.rows(_OPEN, [*given, region, CONSIDERED])
    skills = _skills(mart, [row["ad_key"] for row in rows])
    found = []
    for row in rows:
        places = frozenset(row[name] for name in ("region", "province", "commune") if row[name])
        offer = Offer(row["isco08"], skills.get(row["ad_key"], frozenset()), places)
        found.append(Found({name: row[name] for name in SHOWN}, match(wanted, offer)))
    found.sort(key=lambda one: (-one.match.score, one.ad["ad_key"]))
    return found[:limit], len(rows)


def _skills(mart: Mart, ads: list[str]) -> dict[str, frozenset[str]]:
    rows = mart.rows(
        "select ad_key, list(skill) as skills from ad_skills"
        " where ad_key in (select unnest(?::varchar[])) group by all",
        [ads],
    )
    return {row["ad_key"]: frozenset(row["skills"]) for row in rows}
