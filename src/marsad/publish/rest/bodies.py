"""Answers of the API as frozen types: they are encoded as they stand, and OpenAPI describes them.
Here lists and what stands in them; figures and what is found by words have modules of their own.

Types of the read path stand in them as they are; what is declared elsewhere (the fields of an ad, the
dimensions of a value) is made from its declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from msgspec import Struct

from marsad.base.areas import Area
from marsad.base.labels import Text
from marsad.products.declare import Indicator
from marsad.publish.http.bodies import PublishedAd, body_of
from marsad.publish.read.ad_filters import filters
from marsad.publish.read.model import AdQuery, Card, ReviewCase, SourceRow
from marsad.publish.rest.finding_bodies import QuestionBody, WidenedBody

Link = str | None
"""The address of the page after this one; None on the last."""


class IndicatorList(Struct, frozen=True):
    """Every indicator."""

    indicators: tuple[Indicator, ...]


class IndicatorDetail(Indicator, frozen=True, kw_only=True):
    """One indicator, with the codes of its dimensions that have values."""

    codes: dict[str, tuple[str, ...]]


if TYPE_CHECKING:
    UnderstoodQuery: TypeAlias = Struct
else:
    UnderstoodQuery = msgspec.defstruct(
        "UnderstoodQuery",
        [
            ("text", str),
            *((name, str) for name in filters()),
            ("realm", str),
            ("page", int),
            ("size", int),
            ("among", tuple[str, ...] | None),
        ],
        frozen=True,
        kw_only=True,
        namespace={"__doc__": "A question for ads, as it was understood."},
    )


def query_body(query: AdQuery) -> UnderstoodQuery:
    """A question for ads with each of its filters by its name."""
    plain = {name: getattr(query, name) for name in ("text", "realm", "page", "size", "among")}
    return body_of(UnderstoodQuery, {**dict.fromkeys(filters(), ""), **query.filters, **plain})


class AdList(Struct, frozen=True):
    """One page of ads, how many there are in all, and per facet the count of each code. `understood` is
    what the words were read as (null without words), `widened` what of it was given up."""

    query: UnderstoodQuery
    understood: QuestionBody | None
    widened: tuple[WidenedBody, ...]
    ads: tuple[PublishedAd, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    next: Link


class SourceList(Struct, frozen=True):
    """The register of sources."""

    sources: tuple[SourceRow, ...]


class CardList(Struct, frozen=True):
    """The measured accuracy of every classifier."""

    cards: tuple[Card, ...]


class ReviewList(Struct, frozen=True):
    """What a person should look at first."""

    review: tuple[ReviewCase, ...]


class AreaList(Struct, frozen=True):
    """Areas with their names."""

    areas: tuple[Area, ...]


class CodeListNames(Struct, frozen=True):
    """Names of the code lists."""

    lists: tuple[str, ...]


class CodeList(Struct, frozen=True):
    """One code list: code -> its labels."""

    list: str
    codes: Mapping[str, Text]


class Named(Struct, frozen=True):
    """A code with its labels."""

    code: str
    name: Text


class NamedLevel(Struct, frozen=True):
    """An area or a group of occupations: its code, level and labels."""

    code: str
    level: str
    name: Text


class AreaIndicator(Struct, frozen=True):
    """An indicator in an area: how many values, and their first and last period."""

    indicator: str
    values: int
    first: str | None
    last: str | None


class AreaDetail(NamedLevel, frozen=True):
    """One area, what it lies in and what lies in it, and the indicators with values there."""

    hcp_code: str
    population_2024: int | None
    parent: NamedLevel | None
    children: tuple[NamedLevel, ...]
    indicators: tuple[AreaIndicator, ...]


class RealmCounts(Struct, frozen=True):
    """How many ads are real and how many synthetic."""

    real: int
    synthetic: int


class SkillShare(Struct, frozen=True):
    """The share of the ads of an occupation that ask for a skill, in per cent, with its 95 % bounds."""

    category: str
    name: Text
    share: float | None
    lower: float | None
    upper: float | None
    unit: str
    period: str
    survey: str
    synthetic: bool


class OccupationShare(Struct, frozen=True):
    """The share of the ads of an occupation that ask for one skill, as SkillShare."""

    occupation: str
    name: Text
    share: float | None
    lower: float | None
    upper: float | None
    unit: str
    period: str
    survey: str
    synthetic: bool


class EssentialSkill(Named, frozen=True):
    """A skill that ESCO holds essential, with the codes of its occupations that it is so for."""

    esco: tuple[str, ...]


class OccupationDetail(NamedLevel, frozen=True):
    """One group of occupations: groups above and below it, its ads, the skills asked and essential."""

    parents: tuple[NamedLevel, ...]
    children: tuple[NamedLevel, ...]
    ads: RealmCounts
    skills_asked: tuple[SkillShare, ...]
    essential_skills: tuple[EssentialSkill, ...]


class OccupationList(Struct, frozen=True):
    """One page of groups of occupations."""

    occupations: tuple[NamedLevel, ...]
    total: int
    next: Link


class SkillDetail(Named, frozen=True):
    """One skill: the ads that name it, the occupations it is essential for and those that ask for it."""

    ads: RealmCounts
    essential_for: tuple[str, ...]
    asked_in: tuple[OccupationShare, ...]


class SkillList(Struct, frozen=True):
    """One page of skills."""

    skills: tuple[Named, ...]
    total: int
    next: Link


class TrainingBody(Struct, frozen=True):
    """One training with its field (ISCED-F), occupation (ISCO-08) and place; a code that a coder
    abstained from is empty, its score None."""

    training: str
    title: str
    provider: str
    level: str
    mode: str
    places: int | None
    hours: int | None
    months: int | None
    year: int | None
    conditions: str | None
    fees: str | None
    leavers: int | None
    outcomes: str | None
    url: str
    isced_f: str
    isced_f_score: float | None
    isced_f_evidence: str
    isco08: str
    isco08_score: float | None
    isco08_evidence: str
    region: str
    province: str
    place_evidence: str
    source_id: str
    synthetic: bool


class TrainingDetail(TrainingBody, frozen=True):
    """One training with the names of its codes; empty where it has none."""

    field_name: Text
    occupation_name: Text
    place_name: Text


class Caveats(Struct, frozen=True):
    """What must be known of a list."""

    synthetic: str


class TrainingList(Struct, frozen=True):
    """One page of trainings; `understood` and `widened` as those of ads."""

    caveats: Caveats
    understood: QuestionBody | None
    widened: tuple[WidenedBody, ...]
    trainings: tuple[TrainingBody, ...]
    total: int
    next: Link
