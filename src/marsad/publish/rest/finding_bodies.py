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


class QuestionBody(Struct, frozen=True):
    """What words were read as. `kind` is figure, pay, unpublished, service, trainings, ads, occupations,
    skills, areas or words (no kind was read); `unread` holds the words that were not understood."""

    kind: str
    indicator: str
    dimensions: Mapping[str, str]
    occupations: tuple[Labelled, ...]
    area: str
    area_name: str
    period: str
    filters: Mapping[str, str]
    concept: str
    words: str
    unread: str


class FigureBody(Struct, frozen=True):
    """A published value that answers a question, or is near it: `without` names what of the question
    it does not answer."""

    indicator: str
    name: str
    area: str
    area_name: str
    period: str
    dimensions: Mapping[str, str]
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    survey: str
    survey_name: str
    source: str
    source_date: str
    reliability: str
    without: tuple[str, ...]
    href: str


class NotPublished(Struct, frozen=True):
    """Why no figure answers, and the nearest figures, each as what it is."""

    reason: str
    nearest: tuple[FigureBody, ...]


class WidenedBody(Struct, frozen=True):
    """What of a question was given up: a dimension, the code given and the code used (empty: any)."""

    dimension: str
    given: str
    used: str


class SearchHits(Struct, frozen=True):
    """What was understood, the figures that answer or why there are none, and a few things of each kind
    that answers, best first."""

    q: str
    understood: QuestionBody
    figures: tuple[FigureBody, ...]
    not_published: NotPublished | None
    widened: tuple[WidenedBody, ...]
    occupations: tuple[SearchHit, ...]
    areas: tuple[SearchHit, ...]
    skills: tuple[SearchHit, ...]
    trainings: tuple[SearchHit, ...]
    indicators: tuple[SearchHit, ...]
    services: tuple[SearchHit, ...]
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
