"""What a published value is good for: whether it may head a page, a message or a ranking."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from marsad.base.periods import end
from marsad.products.declare import Indicator
from marsad.products.reliability import FAIR, FEW, FEWEST, LOW
from marsad.publish.read.model import DataQuery, Value

if TYPE_CHECKING:
    from marsad.publish.read.reader import Reader

OF_ADS = ("ADS", "ADS_SYNTHETIC")
WEAK_LETTERS = (LOW, FEW)
"""Letters of values that may move by chance alone."""
MOST_UNITS = {FEW: FEWEST, LOW: 100, FAIR: 1000}
"""Letter -> the most units of a sample that it stands for."""
_OF_PERSONS = ("ENE", "RGPH2014", "RGPH2024")
_OFFICIAL = (*_OF_PERSONS, "EE2024")
AS_PUBLISHED = ("as_published", "overlap")
"""Categories of a computed indicator that hold what the producer published."""
RECKONED = "reckoned_error"
"""Caveat of an indicator of which Marsad reckons the sampling errors of a survey."""
_ADJUSTED = ("S", "Y", "T")
_FIRM, _SAMPLES = ("A", "B"), ("ENE",)


def rests_on_few(indicator: Indicator, row: Value) -> bool:
    """Whether a value rests on so few ads, persons or establishments that it heads no page and no
    ranking. Of official figures FEWEST units are needed, of ads what the indicator declares."""
    if row.n is None or indicator.summary:
        return False
    if row.survey in OF_ADS:
        return row.n < indicator.disclosure.minimum
    return row.survey in _OFFICIAL and row.n < FEWEST


def of_persons(row: Value) -> bool:
    """Whether the units behind a value are persons who were asked or counted."""
    return row.survey in _OF_PERSONS


def fails_yardstick(row: Value) -> bool:
    """Whether a seasonally adjusted value comes from an adjustment that fails its own diagnostics."""
    return row.adjustment in _ADJUSTED and row.reliability in ("C", "D")


def is_firm(row: Value) -> bool:
    """Whether the letter of a value without an interval lets it be compared as it stands; no value of
    a sample whose producer publishes no error is."""
    return row.reliability in _FIRM and row.survey not in _SAMPLES


def is_computed(indicator: Indicator, row: Value) -> bool:
    """Whether a value is Marsad's own, from its producer's figures, and not published by the producer."""
    estimated = row.obs_status in ("E", "F") and of_persons(row)
    return estimated or (indicator.computed and row.category not in AS_PUBLISHED)


def is_reckoned(indicator: Indicator, row: Value) -> bool:
    """Whether the bounds of a survey's value are Marsad's, for its producer publishes none."""
    return RECKONED in indicator.caveats and row.survey in _SAMPLES and row.lower is not None


def is_over(indicator: Indicator, row: Value, today: dt.date) -> bool:
    """Whether a value of an indicator of the future tells of a period that is over."""
    return indicator.forecast and end(row.period) < today


def visible_share(reader: Reader) -> tuple[Value, float, float, float] | None:
    """The newest share of hiring that ads show (indicator visible_share), with its value, least and most in
    percent; None where no survey of firms tells it."""
    for row in reader.data(DataQuery("visible_share", latest=True)).rows:
        if row.value is not None and row.lower is not None and row.upper is not None:
            return row, row.value, row.lower, row.upper
    return None
