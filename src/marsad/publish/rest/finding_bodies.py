"""Answers of the API to words and to what a person says, as frozen types: hits, matches, pathways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from marsad.base.labels import Text


class Labelled(Struct, frozen=True):
    """A code with its label in the language that was chosen."""

    code: str
    name: str


class SearchHit(Struct, frozen=True):
    """One thing that answers words."""

    code: str
    name: str
    synthetic: bool
    href: str


class SearchHits(Struct, frozen=True):
    """A few things of each kind, best first."""

    q: str
    occupations: tuple[SearchHit, ...]
    areas: tuple[SearchHit, ...]
    skills: tuple[SearchHit, ...]
    trainings: tuple[SearchHit, ...]
    indicators: tuple[SearchHit, ...]
    ads: tuple[SearchHit, ...]


class MatchReason(Struct, frozen=True):
    """A reason for or against an ad, and the codes that it is about."""

    code: str
    name: str
    codes: tuple[str, ...]


class MatchedAd(Struct, frozen=True):
    """What is shown of an ad that fits; `isco08` is None where it has no occupation."""

    ad_key: str
    title: str
    company: str
    board: str
    url: str
    posted_on: dt.date | None
    deadline_on: dt.date | None
    isco08: str | None
    region: str
    province: str
    synthetic: bool
    occupation_name: str | None
    place_name: str
    href: str


class MatchBody(Struct, frozen=True):
    """An ad with its score, 0 to 1, and the reasons for it."""

    score: float
    reasons: tuple[MatchReason, ...]
    ad: MatchedAd


class MatchExplanation(Struct, frozen=True, rename={"words": "said"}):
    """The weights of a score, every reason in words, and what is weighed and kept."""

    weights: Mapping[str, int]
    reasons: Mapping[str, Text]
    words: Text


class MatchList(Struct, frozen=True):
    """Open ads that fit, best first, of `weighed` that are open."""

    matches: tuple[MatchBody, ...]
    weighed: int
    explanation: MatchExplanation


class PathwayPay(Struct, frozen=True):
    """Median monthly pay in dirhams of `ads` ads of the group `of`, with its 95 % bounds."""

    median_mad_month: float | None
    lower: float | None
    upper: float | None
    ads: int
    of: str


class PathwayBody(Struct, frozen=True):
    """An occupation that can be reached: its distance, skills had and lacking, demand and pay."""

    occupation: str
    name: str
    distance: float
    had: tuple[Labelled, ...]
    lacking: tuple[Labelled, ...]
    open_ads: int
    trainings: int
    pay: PathwayPay
    href: str


class PathwayList(Struct, frozen=True):
    """Occupations that can be reached, the nearest first."""

    pathways: tuple[PathwayBody, ...]
    synthetic: bool
    explanation: Text
