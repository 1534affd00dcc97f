"""Answers of the API to words and to what a person says, as frozen types: hits, matches, pathways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

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
    it does not answer; a `computed` value is Marsad's, from the figures of its survey."""

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
    synthetic: bool
    computed: bool
    without: tuple[str, ...]
    href: str


class NotPublished(Struct, frozen=True):
    """Why no figure answers, and the nearest figures, each as what it is."""

    reason: str
    nearest: tuple[FigureBody, ...]


class WidenedBody(Struct, frozen=True):
    """What of a question was given up for a list (`of`: figures, trainings or ads): a dimension, the code
    given and the code used (empty: any)."""

    of: str
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
    contract: str
    experience_years: float | None
    href: str


class MatchBody(Struct, frozen=True):
    """An ad with its score, 0 to 1, and the reasons for it. For a person (POST): about how many
    kilometres it is away, and what it is outside of."""

    score: float
    reasons: tuple[MatchReason, ...]
    ad: MatchedAd
    km: int | None = None
    beyond: tuple[str, ...] = ()


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


class PersonQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """A person for whom openings are sought: what they write, in any language, and what narrows it.

    `job` names a trade, `occupation` is its code (ISCO-08; wins over words), `area` a code or a name,
    `experience` the years that an ad may ask at most (those said in the text where it is empty).
    """

    text: str = ""
    job: str = ""
    occupation: str = ""
    area: str = ""
    skills: tuple[str, ...] = ()
    contract: str = ""
    experience: Annotated[float, Meta(ge=0, le=50)] | None = None
    within_km: Annotated[int, Meta(ge=0, le=3000)] | None = None
    realm: Annotated[str, Meta(pattern="^(real|synthetic)?$")] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    lang: str = ""


class MeantOccupation(Struct, frozen=True):
    """A unit group that the words speak for: share of belief (0 to 1) and the words that do."""

    code: str
    name: str
    score: float
    evidence: tuple[str, ...]


class Understood(Struct, frozen=True):
    """What was read of a person; None where nothing is said. `notes`: what was left out because the text
    denies it (`denied`), which of several places is taken (`places`), and a place that stands for the
    one named (`around`), in words."""

    occupations: tuple[MeantOccupation, ...]
    skills: tuple[Labelled, ...]
    area: Labelled | None
    years: float | None
    level: Labelled | None
    language: str
    notes: tuple[Labelled, ...]


class PersonAnswer(Struct, frozen=True):
    """What was understood, openings of that trade with reasons, and what was given up to find them."""

    understood: Understood
    openings: tuple[MatchBody, ...]
    widened: tuple[Labelled, ...]
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
