"""Periods and moments as SDMX REST queries write them, as days and times in UTC.

Periods: 2024, 2024-A1, 2024-S1, 2024-T1, 2024-Q1, 2024-M01, 2024-01, 2024-W05, 2024-D032, a date,
a date-time, each with or without an offset (SDMX 2.1, section 6, 4.2). Periods are calendar days,
whatever their offset.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from marsad.publish.sdmx.errors import SdmxError

_FORM = re.compile(r"(\d{4})(?:-([ASTQMWD])?(\d{1,3}))?")
_ZONE = re.compile(r"(?<=\d)(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)$")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?")
_MONTHS = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}
_DIGITS = {"A": 1, "S": 1, "T": 1, "Q": 1, "M": 2, "W": 2, "D": 3}


def days(period: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a period; SdmxError 400 when it is none."""
    try:
        return _days(period)
    except ValueError:
        raise SdmxError(400, "sdmx_no_period", value=period) from None


def _days(period: str) -> tuple[dt.date, dt.date]:
    text = _ZONE.sub("", period.replace(" ", "+"))
    match = _FORM.fullmatch(text)
    if match is None:
        if not (date_match := _DAY.fullmatch(text)):
            raise ValueError
        day = dt.date.fromisoformat(date_match[1])
        return day, day
    year, letter, number = int(match[1]), match[2], match[3]
    if letter is None:
        letter, number = ("M", number) if number else ("A", "1")
    place = int(number)
    if len(number) != _DIGITS[letter] or not place:
        raise ValueError
    if letter == "W":
        day = dt.date.fromisocalendar(year, place, 1)
        return day, day + dt.timedelta(6)
    if letter == "D":
        day = dt.date(year, 1, 1) + dt.timedelta(place - 1)
        if day.year != year:
            raise ValueError
        return day, day
    last = place * _MONTHS[letter]
    first = dt.date(year, last - _MONTHS[letter] + 1, 1)
    return first, dt.date(year, last, calendar.monthrange(year, last)[1])


def plain(period: str) -> str:
    """A period in the form that values have: 2024-A1 is 2024, 2024-M01 is 2024-01."""
    days(period)
    period = _ZONE.sub("", period.replace(" ", "+"))
    if match := re.fullmatch(r"(\d{4})-(A1|M(\d\d))", period):
        return match[1] if match[3] is None else f"{match[1]}-{match[3]}"
    if match := re.fullmatch(r"(\d{4})-D\d{3}", period):
        return days(period)[0].isoformat()
    return period


def moment(text: str) -> dt.datetime:
    """A date-time, or the start of a date; UTC where no offset is told. SdmxError 400 otherwise."""
    iso = text.replace(" ", "+")
    try:
        if not _DAY.fullmatch(_ZONE.sub("", iso)):
            raise ValueError
        parsed = dt.datetime.fromisoformat(iso)
    except ValueError:
        raise SdmxError(400, "sdmx_no_moment", value=text) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)


def known_at(text: str) -> dt.datetime:
    """A date-time, or the end of a date, as elsewhere: what was published on a day was known on it."""
    instant = moment(text)
    whole_day = len(text.strip()) == len("2026-11-30")
    return instant + dt.timedelta(days=1, microseconds=-1) if whole_day else instant
