"""What is published, as types: values, ads, sources, releases, and the queries for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from marsad.publish.read.questions.read import Question

PAGE_VALUES, MOST_VALUES = 10_000, 1_000_000
"""Values in one answer: on a page of those that are read page by page; at most."""
MOST_ADS, MOST_CHANGES = 100, 500
"""Ads and changes in one answer, at most."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release: all tables as published together at one moment; and the edition of the ads beside it."""

    id: str
    published_at: dt.datetime
    reference_on: dt.date
    values: int
    ads_real: int
    ads_synthetic: int
    edition: str = ""
    edition_at: dt.datetime | None = None

    @property
    def tag(self) -> str:
        """The name of what is served: answers change with the release and with the edition."""
        return f"{self.id}+{self.edition}" if self.edition else self.id

    @property
    def figures(self) -> str:
        """The name of what figures are read of: an edition leaves it as it is. Every page says whether
        ads are real or synthetic, so that is part of it."""
        kinds = zip(("real", "synthetic"), (self.ads_real, self.ads_synthetic))
        return "+".join([self.id, *(kind for kind, ads in kinds if ads)])


@dataclass(frozen=True, slots=True)
class DataQuery:
    """Which values of one indicator are wanted; an empty filter means every code.

    `filters` maps a dimension to the codes wanted; `level` and `parent` choose areas (`parent`
    includes all areas below it, at any depth); `latest` keeps each series' last period only.
    """

    indicator: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level: str = ""
    parent: str = ""
    start: str = ""
    end: str = ""
    latest: bool = False
    vintage: str = "current"
    as_of: dt.datetime | None = None  # the versions known then
    history: bool = False  # every version, by valid_from
    limit: int = PAGE_VALUES
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """One published value. `value` is None when it is missing or suppressed: see `obs_status`.

    `lower` and `upper` bound it at 95 % where an interval can be computed; `reliability` is
    a letter of statistical precision (see `products/reliability.py`), `verification` says how the
    transcription was checked: two different things.
    """

    indicator: str
    freq: str
    period: str
    area: str
    survey: str
    sex: str
    age: str
    urbanisation: str
    education: str
    occupation: str
    category: str
    adjustment: str
    vintage: str
    value: float | None
    unit: str
    obs_status: str
    conf_status: str
    lower: float | None
    upper: float | None
    reliability: str
    verification: str
    n: int | None
    source: str
    source_date: str
    note: str
    synthetic: bool
    valid_from: dt.datetime
    valid_to: dt.datetime | None  # None for the current version


@dataclass(frozen=True, slots=True)
class DataResult:
    """The values of one page of an answer, and how many there are in all."""

    query: DataQuery
    rows: tuple[Value, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AdQuery:
    """Search for ads: words in any language, and codes; `page` counts from 1.

    `filters` maps the filters that the fields of an ad declare (region, occupation, skill ...) to a
    code; an empty code chooses nothing.
    """

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    realm: str = ""  # "real", "synthetic" or both
    page: int = 1
    size: int = 20
    among: tuple[str, ...] | None = None  # only these ads


@dataclass(frozen=True, slots=True)
class Change:
    """One change in the order of all changes: an ad (`new`, `changed`, `closed`) or a `release`.

    `ad` is the ad as it is published now; None for a closed ad, a release, or an ad that has gone
    since.
    """

    seq: int
    changed_at: dt.datetime
    kind: str
    subject: str
    release: str
    ad: Ad | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """A code given to an ad by a classifier, with its score (0-1) and the words it rests on."""

    code: str
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay as an ad offers it; `low` or `high` is None when only the other end is said.

    `currency` (ISO 4217), `period` and `basis` (lists salary_period and salary_basis) are empty or
    `unknown` when not said; the month is in dirhams, and None when it cannot be worked out.
    """

    low: float | None
    high: float | None
    currency: str
    period: str
    basis: str
    month_low_mad: float | None
    month_high_mad: float | None
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to check in an ad: a code of the list integrity_flag, and what it rests on."""

    code: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Ad:
    """One ad as published: duplicates folded (`copies` counts them), personal data removed.

    `text` is untrusted plain text. `state` is open, closed or unknown on the reference day of the
    release. `codes` holds every coded property that the fields of an ad
    declare, by its name in the API; None where the coder abstained.
    """

    key: str
    title: str
    company: str
    place_text: str
    text: str
    board: str
    url: str
    posted_on: dt.date | None
    deadline_on: dt.date | None
    last_seen_on: dt.date | None
    state: str
    esco: str
    copies: int
    synthetic: bool
    codes: Mapping[str, Coded | None]
    skills: tuple[Coded, ...] = ()
    experience_years: Coded | None = None
    pay: Pay | None = None
    positions: int | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def area(self) -> str:
        """The code of the smallest place that is known of the ad; empty for none."""
        place = self.codes["commune"] or self.codes["province"] or self.codes["region"]
        return place.code if place else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an opening stands or stood: an ad of it on a board, with its own state and last day seen."""

    board: str
    url: str
    state: str
    last_seen_on: dt.date | None


@dataclass(frozen=True, slots=True)
class AdDetail(Ad):
    """One ad with what ESCO holds essential for its occupation and the ad does not say, and every place where
    its opening stands, those that are open first."""

    usual_skills: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Widened:
    """What of a question was given up because nothing answered it whole: a `dimension` (area, words, or
    a filter), the code `given` and the code `used` instead (empty: any; for words: of the occupation that
    is answered for, for `field` of the field of education)."""

    dimension: str
    given: str
    used: str


@dataclass(frozen=True, slots=True)
class AdPage:
    """One page of search results with the count of all and, per facet, code -> count. `question` is
    what the words were read as, None without words; `widened` what of it was given up."""

    query: AdQuery
    ads: tuple[Ad, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    question: Question | None = None
    widened: tuple[Widened, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the register: the right by which a source is collected, and what came of it."""

    id: str
    title: Mapping[str, str]
    kind: str  # observations, ads, courses
    publisher: str
    homepage: str
    licence: str
    legal_basis: Mapping[str, str]
    robots: Mapping[str, str]
    terms: Mapping[str, str]
    personal_data: Mapping[str, str]
    retention_days: int | None
    last_refusal: Mapping[str, str]
    frequency: str
    synthetic: bool
    records: int
    last_run: dt.datetime | None
    last_status: str  # "ok", "warning", "failed", "never"
    last_message: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """Whether a source is fetched now, and what the last look at it gave."""

    id: str
    state: str  # of the code list source_state
    reason: str  # of the code list source_reason, '' for none
    note: str  # what its host answered, or the person who resumed it
    since: str
    checked_on: dt.date | None  # when a person last read robots.txt and terms
    last_look: dt.datetime | None
    next_look: dt.datetime | None
    how: str  # "complete", "cut", "later", "refused", "failed", "" before the first look
    alarm: str
    ads: int
    added: int
    changed: int
    closed: int


@dataclass(frozen=True, slots=True)
class Break:
    """A series break: values before and after `period` are not comparable."""

    survey: str
    period: str
    indicator: str  # "*" for all
    reason: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """Measured accuracy of one classifier in one language on one evaluation set.

    `low` and `high` bound the accuracy at 95 %; `calibration_error` is the mean gap between the
    score given and the share right (0 is best). None where it was not measured.
    """

    classifier: str
    title: Mapping[str, str]
    language: str
    data: str
    n: int
    accuracy: float  # right among those answered, 0-1
    answered: float  # share answered (not abstained), 0-1
    low: float | None = None
    high: float | None = None
    calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """One case that a person should look at: an unsure code, or a pair of ads.

    `reason` is a code of the list review_reason; `ads` counts the ads that the answer bears on;
    `ad_key` is empty when the ad has no page.
    """

    scheme: str
    subject: str
    rank: int
    reason: str
    value: str
    score: float
    ads: int
    priority: float
    title: str
    title_b: str
    board: str
    ad_key: str
    synthetic: bool
