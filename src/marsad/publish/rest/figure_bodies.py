"""Answers of the API about figures, as frozen types: one number, revisions, counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, get_type_hints

import msgspec
from msgspec import UNSET, Struct, UnsetType

from marsad.products.declare import DIMENSIONS
from marsad.publish.read.cube import SERIES
from marsad.publish.read.model import Value
from marsad.publish.rest.bodies import Link

OF_VERSION = ("valid_from", "valid_to", "value", "lower", "upper", "reliability", "verification", "n",
               "obs_status", "conf_status", "vintage", "source", "source_date", "note")  # fmt: skip
"""What differs from one version of a number to the next."""
_VALUE = get_type_hints(Value)
_LACKING = "Where no version is in force, `value` is None and its other properties are not there."

if TYPE_CHECKING:
    ValueVersion: TypeAlias = Struct
    ValueDetail: TypeAlias = Struct
    SeriesRevisions: TypeAlias = Struct
else:
    ValueVersion = msgspec.defstruct(
        "ValueVersion",
        [(name, _VALUE[name]) for name in OF_VERSION],
        frozen=True,
        namespace={"__doc__": "One version of a number, from when to when it held."},
    )
    ValueDetail = msgspec.defstruct(
        "ValueDetail",
        [
            ("key", str),
            *((name, _VALUE[name]) for name in (*SERIES, "period", "unit", "synthetic")),
            ("title", str),
            ("labels", dict[str, str]),
            *(
                (name, _VALUE[name]) if name == "value" else (name, _VALUE[name] | UnsetType, UNSET)
                for name in OF_VERSION
            ),
            ("versions", tuple[ValueVersion, ...]),
            ("source_said", str),
            ("method", str),
            ("recompute", str),
        ],
        frozen=True,
        kw_only=True,
        namespace={"__doc__": f"One number with every version of it. {_LACKING}"},
    )


class RevisionSummary(Struct, frozen=True):
    """First publication against the latest, of `n` periods, in the unit of the series: `relative` is the
    mean absolute revision over the mean absolute latest value; `p` tests a mean revision of 0."""

    n: int
    mean: float | None
    mean_absolute: float | None
    largest: float | None
    largest_period: str
    relative: float | None
    error: float | None
    p: float | None


if not TYPE_CHECKING:
    SeriesRevisions = msgspec.defstruct(
        "SeriesRevisions",
        [
            *((name, str) for name in DIMENSIONS),
            ("periods", tuple[str, ...]),
            ("known_from", tuple[dt.datetime, ...]),
            ("values", tuple[tuple[float | None, ...], ...]),
            ("summary", RevisionSummary | None),
        ],
        frozen=True,
        namespace={
            "__doc__": "One series: `values[i][j]` is period i as known from time j on; the summary is"
            " None where no period has two versions."
        },
    )


class RevisionList(Struct, frozen=True):
    """One page of series with how they were revised."""

    indicator: str
    series: tuple[SeriesRevisions, ...]
    total: int
    next: Link


class CountList(Struct, frozen=True):
    """One page of counts: each cell has the code of every dimension of `by`, and its exact `count`."""

    by: tuple[str, ...]
    realm: str
    counts: tuple[Mapping[str, str | int], ...]
    total: int
    next: Link
