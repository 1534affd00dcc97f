"""A day as sources write it, in ar, fr and en: one function for every adapter.

Read are ISO 8601 with times and zones, every form of RFC 822 (years of two digits, no weekday, named
zones, no seconds), local forms with the names of months (Moroccan, Levantine, French, English), Arabic
digits, serial numbers of spreadsheets, epochs in seconds and milliseconds, Hijri days (Umm al-Qura
calendar, through hijridate) and words that count back from today. The day is the one that is written:
times and zones do not move it. Of two numbers below 13 the first is the day, unless the other days of
the column say that the month is (`forced_order`).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from hijridate import Hijri

from marsad.base.declare import load_declaration
from marsad.base.errors import InputError
from marsad.base.numbers import plain_digits
from marsad.base.text import fold

NO_DATE = frozenset({"", "nan", "none", "null", "n/a", "na", "-", "--", "nat"})
"""What stands for no date, in lower case."""
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # of a spreadsheet: 1954 to 2119
_SERIAL_ZERO = dt.date(1899, 12, 30)
_MILLI = 100_000_000_000  # from here an epoch is in milliseconds, and again in microseconds
_LONGEST = 120
_BACK, _AHEAD = 3653, 1096  # days: ten years, three years
_TIME = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?m\b\.?)?|\b\d{1,2}\s?h(?:\s?\d{2})?\b"
    r"|(?<=\s)[+-]\d{2}:?\d{2}\b|\bGMT[+-]\d+",
    re.I,
)
_BIG_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)")
_SMALL_FIRST = re.compile(
    r"(?<![\d/.-])(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?(?!\d)")
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,9})?")


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    months: list[list[str]]
    hijri_months: list[list[str]]
    today: list[str]
    yesterday: list[str]
    before_yesterday: list[str]
    spans: dict[str, dict[str, int]]
    ago: list[str]
    at_least: list[str]
    counts: dict[str, int]
    quarters: list[list[str]]
    weekdays: list[str]
    fillers: list[str]


@cache
def words() -> _Words:
    """The words of dates, as `dates.yml` has them."""
    return load_declaration(Path(__file__).with_name("dates.yml"), _Words)


@cache
def numbered(name: str) -> dict[str, int]:
    """Folded name -> its number, from 1: of `months`, `hijri_months` or `quarters`."""
    lists: list[list[str]] = getattr(words(), name)
    return {fold(word): n for n, named in enumerate(lists, 1) for word in named}


@cache
def fillers() -> frozenset[str]:
    """Folded words that may stand around a period and say nothing («année 2024»)."""
    return frozenset(map(fold, words().fillers))


@cache
def _names(name: str) -> re.Pattern[str]:
    """Any of these names as whole words of a folded text, longest first."""
    longest = sorted(numbered(name), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def named(text: str, name: str) -> tuple[int, str]:
    """(number of the one month or quarter that a folded text names, the text without it);
    (0, text) when it names none or several."""
    matches = {numbered(name)[match.group()] for match in _names(name).finditer(text)}
    if len(matches) != 1:
        return 0, text
    return matches.pop(), _names(name).sub(" ", text, count=1)


DAY_FIRST, MONTH_FIRST, NEITHER = "day first", "month first", "neither"
"""Which of two numbers below 13 is the day; with `NEITHER` such a pair is no day."""


def forced_order(values: Iterable[object]) -> str:
    """The order of day and month that the cells of a column have: the month is first where a cell has
    a second number above 12 and none has a first one; `NEITHER` where cells have both; else the
    country's, the day first."""
    orders = set()
    for value in values:
        if isinstance(value, str) and len(value) <= _LONGEST:
            text = _TIME.sub(" ", plain_digits(value))
            if not _BIG_FIRST.search(text):
                for first, second, _ in _SMALL_FIRST.findall(text):
                    orders |= {DAY_FIRST} if int(first) > 12 >= int(second) else set()
                    orders |= {MONTH_FIRST} if int(second) > 12 >= int(first) else set()
    return NEITHER if len(orders) == 2 else orders.pop() if orders else DAY_FIRST


def parse_date(value: object, *, today: dt.date, order: str = DAY_FIRST) -> dt.date | None:
    """The day that a cell or text says; None for an empty one. `order` is that of its column.
    InputError: it says none, or several."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _counted(value, str(value))
    if not isinstance(value, str):
        raise InputError(f"{str(value)[:60]!r} is not a date")
    text = plain_digits(value).strip()
    if text.lower() in NO_DATE:
        return None
    try:
        day = _text(text[:_LONGEST], today, order) if len(text) <= _LONGEST else None
    except (ValueError, OverflowError):  # of the calendars: a 31st of April, a year 0
        raise InputError(f"{value[:60]!r} is not a day of the calendar") from None
    if day is None:
        raise InputError(f"{value[:60]!r} is not a date")
    return day


def _counted(number: float, written: str) -> dt.date:
    """The day of a spreadsheet's serial number, of an epoch, or of digits like 20261001."""
    try:
        if match := _COMPACT.fullmatch(written):
            return dt.date(*map(int, match.groups()))
        if _FIRST_SERIAL <= number < _LAST_SERIAL:
            return _SERIAL_ZERO + dt.timedelta(int(number))
        for _ in range(2):
            number = number / 1000 if number >= _MILLI else number
        if 100_000_000 <= number < _MILLI:
            return dt.datetime.fromtimestamp(number, dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        pass
    raise InputError(f"{written[:60]} is not a date")


def _text(text: str, today: dt.date, order: str) -> dt.date | None:
    if _NUMBER.fullmatch(text):
        return _counted(float(text), text)
    timeless = _TIME.sub(" ", text)
    days = {_day(*map(int, match.groups())) for match in _BIG_FIRST.finditer(text)}
    if not days:
        if match := _COMPACT.search(text):
            return dt.date(*map(int, match.groups()))
        days = {_small_first(match, order) for match in _SMALL_FIRST.finditer(timeless)}
    if len(days) == 1:
        return days.pop()
    if days:
        return None
    return _worded(fold(timeless), text) or _relative(fold(text), text, today)


def _day(year: int, month: int, day: int) -> dt.date:
    """A day of our calendar, or of the Hijri one where its year says so."""
    if 1300 <= year < 1600:
        there = Hijri(year, month, day).to_gregorian()
        return dt.date(there.year, there.month, there.day)
    return dt.date(year, month, day)


def _year(digits: str) -> int:
    """A year; of two digits as RFC 2822 reads them."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)


def _small_first(match: re.Match[str], order: str) -> dt.date:
    first, second, year = match.groups()
    day, month = int(first), int(second)
    if order == NEITHER and day != month and max(day, month) <= 12:
        raise InputError(
            f"{first}/{second} is of a column where day and month stand in both orders"
        )
    if month > 12 >= day or (order == MONTH_FIRST and day <= 12):
        day, month = month, day
    return _day(_year(year), month, day)


def _worded(form: str, text: str) -> dt.date | None:
    """The day of a text that names a month."""
    first, _, after = form.partition(" ")
    if first in map(fold, words().weekdays) and named(after, "months")[0]:
        form = after  # «mar.» is a Tuesday before a month, else March
    for name in ("months", "hijri_months"):
        month, rest = named(form, name)
        if month:
            numbers = re.findall(r"(?<!\w)(\d{1,4})(?:er|st|nd|rd|th|ه)?(?!\w)", rest)
            days = [n for n in numbers if len(n) <= 2]
            years = [n for n in numbers if len(n) == 4] or days[1:2]
            if not days or len(years) != 1 or len(days) > 2:
                raise InputError(f"{text[:60]!r} is not a date")
            return _day(_year(years[0]), month, int(days[0]))
    return None


@cache
def _spans() -> dict[str, tuple[str, int]]:
    return {fold(w): (unit, n) for unit, forms in words().spans.items() for w, n in forms.items()}


def _says(form: str, phrases: list[str]) -> bool:
    """Whether a folded text holds one of the phrases, as whole words."""
    return any(f" {fold(phrase)} " in f" {form} " for phrase in phrases)


def _relative(form: str, text: str, today: dt.date) -> dt.date | None:
    """The day of words that count back from today; a span that is only a least one says no day."""
    for phrases, days in (
        (words().before_yesterday, 2),
        (words().yesterday, 1),
        (words().today, 0),
    ):
        if _says(form, phrases):
            return today - dt.timedelta(days)
    ago = _says(form, words().ago) or re.fullmatch(r"\d+ ?[a-z]+", form)
    if "+" in text or _says(form, words().at_least) or not ago:
        return None
    counts = {fold(word): n for word, n in words().counts.items()}
    parts = re.findall(r"\d+|[^\W\d]+", form)
    for place, word in enumerate(parts):
        if word in _spans() and (unit := _spans()[word]):
            before = parts[place - 1] if place else ""
            number = int(before) if before.isdecimal() else counts.get(before, 1)
            if before or unit[1] > 1:
                return _back(today, unit[0], number * unit[1])
    return None


def _back(today: dt.date, unit: str, number: int) -> dt.date:
    days = {"minute": 0, "hour": 0, "day": 1, "week": 7}
    if unit in days:
        return today - dt.timedelta(days[unit] * number)
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    first = dt.date(months // 12, months % 12 + 1, 1)
    return min(first + dt.timedelta(today.day - 1), _month_end(first))


def _month_end(first: dt.date) -> dt.date:
    return (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def impossible(
    day: dt.date, *, today: dt.date, earliest: dt.date | None = None, ahead: bool = False
) -> str:
    """Why a day of an ad cannot be, '' if it can: before `earliest` (ten years ago unless said), or
    later than tomorrow; a day that lies `ahead`, a last day to apply, later than in three years."""
    if earliest and day < earliest:
        return f"{day} is before {earliest}, the first day of the source"
    if not earliest and day < today - dt.timedelta(_BACK):
        return f"{day} is more than ten years ago"
    if ahead:
        return f"{day} is more than three years ahead" if day > today + dt.timedelta(_AHEAD) else ""
    return f"{day} is later than tomorrow" if day > today + dt.timedelta(1) else ""
