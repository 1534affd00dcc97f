"""The records that flow between rooms: an ad as a source gave it, a course, a statistical value.

`raw_` fields are the source's own words; codes appear only after `enrich`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import msgspec

from marsad.base.codes import TOTAL

Row = dict[str, Any]
"""One row inside a room: column -> cell. Between rooms go records, Arrow tables and frozen types."""


class Broken(NamedTuple):
    """A row, line or item that cannot be read: the rule it breaks, and what stands there."""

    rule: str
    content: object


class JobAd(msgspec.Struct, frozen=True, kw_only=True):
    """One sighting of a job ad on one board, in the source's own words.

    `ad_id` is the board's identifier (or a hash of board, link and title when it gives none);
    the same `ad_id` seen again is the same ad. Days are days of Morocco.
    """

    source_id: str
    board: str
    ad_id: str
    raw_title: str
    raw_text: str = ""
    raw_company: str = ""
    raw_place: str = ""
    raw_contract: str = ""
    raw_experience: str = ""
    raw_diploma: str = ""
    raw_salary: str = ""
    raw_sector: str = ""
    url: str = ""
    posted_on: dt.date | None = None
    deadline_on: dt.date | None = None
    seen_first_on: dt.date | None = None
    seen_last_on: dt.date | None = None
    positions: int | None = None
    country: str = ""
    synthetic: bool = False


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One training on offer at one place, in the source's own words; `places` are seats a year,
    `leavers` those who left it with its diploma in the year before."""

    source_id: str
    course_id: str
    raw_title: str
    raw_text: str = ""
    raw_provider: str = ""
    raw_place: str = ""
    raw_field: str = ""
    raw_level: str = ""
    raw_outlets: str = ""
    raw_conditions: str = ""
    raw_fees: str = ""
    raw_outcomes: str = ""
    mode: str = ""
    places: int | None = None
    hours: int | None = None
    months: int | None = None
    year: int | None = None
    leavers: int | None = None
    url: str = ""
    synthetic: bool = False


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One statistical value with everything that says which value it is.

    The key is every field down to `vintage` and `source_id`; the survey is part of it. `value`
    None means published as missing: `obs_status` says why (SDMX CL_OBS_STATUS).
    """

    indicator: str
    freq: str
    period: str
    area: str
    survey: str
    sex: str = TOTAL
    age: str = "Y_GE15"
    urbanisation: str = TOTAL
    education: str = TOTAL
    category: str = TOTAL
    vintage: str = "current"
    source_id: str
    value: float | None
    unit: str
    obs_status: str = "A"
    source: str = ""
    source_date: str = ""
    verification: str = ""
    n_sources: int = 1
    verified_by: str = ""
    note: str = ""
    synthetic: bool = False


class SeriesBreak(msgspec.Struct, frozen=True, kw_only=True):
    """A change of method after which values of a survey cannot be compared with earlier ones."""

    survey: str
    period: str
    indicator: str
    reason_ar: str
    reason_fr: str
    reason_en: str
    source: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A payload as it was received: bytes by hash, where and when from, under what licence."""

    source_id: str
    sha256: str
    name: str
    size_bytes: int
    received_at: dt.datetime
    licence: str
    expires_on: dt.date | None = None


Record = JobAd | Course | Observation
"""What a source gives."""
