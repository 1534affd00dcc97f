"""Periods in SDMX form: 2024 (A), 2024-Q3 (Q), 2024-05 (M), 2024-W20 (W), 2024-05-17 (D)."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from marsad.base.dates import fillers, named
from marsad.base.errors import InputError
from marsad.base.numbers import plain_digits
from marsad.base.refusals import refused
from marsad.base.text import fold

_SDMX = re.compile(r"(\d{4})-?([AQMW])(\d{1,2})")
_EXAMPLES = "2024, 2024-Q3, 2024-05, 2024-W20, 2024-05-17"
_FORMS = {
    "A": re.compile(r"\d{4}"),
    "Q": re.compile(r"\d{4}-Q[1-4]"),
    "M": re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
    "W": re.compile(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])"),
    "D": re.compile(r"\d{4}-\d{2}-\d{2}"),
}


def plain_period(text: str) -> str:
    """A period as values have it, of what SDMX clients also write: 2024-A1, 2024-M01, 2024M01, 2024Q3."""
    match = _SDMX.fullmatch(text)
    if match is None:
        return text
    year, letter, number = match[1], match[2], match[3]
    return {"A": year, "M": f"{year}-{number.zfill(2)}"}.get(letter, f"{year}-{letter}{number}")


@lru_cache(maxsize=4096)
def frequency(period: str) -> str:
    """A, Q, M, W or D; InputError when the text is no period."""
    for code, form in _FORMS.items():
        if form.fullmatch(period):
            return code
    raise InputError(refused("no_period", text=period[:60], example=_EXAMPLES))


def parse_period(text: str) -> str:
    """The year, quarter or month that a heading says, in ar, fr or en (2024, T1 2026, 2026-Q1,
    «الفصل الأول 2026», 2026M05, mai 2026, 05/2026), as a period; InputError when it says none."""
    form = plain_digits(text).strip()
    if match := re.fullmatch(r"(\d{4})[-/ ]?[Mm]?(0[1-9]|1[0-2])|(0[1-9]|1[0-2])[-/](\d{4})", form):
        return f"{match[1] or match[4]}-{match[2] or match[3]}"
    form = re.sub(r"(?<!\w)(?:([1-4]) ?([tq])|([tq]) ?([1-4]))(?![a-z])", r" \2\3\1\4 ", fold(form))
    form = re.sub(r"(?<=\d{4})(?=[tq])", " ", form)
    for name, made in (("quarters", "{}-Q{}"), ("months", "{}-{:02d}")):
        part, rest = named(form, name)
        year = [word for word in rest.split() if word not in fillers()]
        if part and len(year) == 1 and re.fullmatch(r"\d\d|(?:19|20)\d\d", year[0]):
            return made.format(year[0] if len(year[0]) == 4 else f"20{year[0]}", part)
    year = [word for word in form.split() if word not in fillers()]
    if len(year) == 1 and re.fullmatch(r"(?:19|20)\d{2}", year[0]):
        return year[0]
    raise InputError(f"{text[:60]!r} is not a year, quarter or month")


@lru_cache(maxsize=4096)
def start(period: str) -> dt.date:
    """The first day of a period."""
    kind = frequency(period)
    try:
        if kind in "WD":  # a week begins on Monday (ISO 8601)
            return dt.date.fromisoformat(period)
    except ValueError:
        raise InputError(f"{period!r} is not a day or week of the calendar") from None
    year = int(period[:4])
    if kind == "Q":
        return dt.date(year, 3 * int(period[-1]) - 2, 1)
    return dt.date(year, int(period[5:]) if kind == "M" else 1, 1)


@lru_cache(maxsize=4096)
def end(period: str) -> dt.date:
    """The last day of a period."""
    first, kind = start(period), frequency(period)
    if kind in "WD":
        return first + dt.timedelta(days=6 if kind == "W" else 0)
    months = {"A": 12, "Q": 3, "M": 1}[kind]
    year, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + year, month + 1, 1) - dt.timedelta(days=1)


def following(period: str, n: int) -> list[str]:
    """A year, quarter or month and the n - 1 after it."""
    kind = frequency(period)
    size = {"A": 1, "Q": 4, "M": 12}[kind]
    place = int(period[:4]) * size + (start(period).month - 1) * size // 12
    spans = [divmod(place + i, size) for i in range(n)]
    made = {"A": "{0:04d}", "Q": "{0:04d}-Q{1}", "M": "{0:04d}-{1:02d}"}[kind]
    return [made.format(year, part + 1) for year, part in spans]


def month_of(day: dt.date) -> str:
    """The month a day lies in, as a period."""
    return f"{day.year:04d}-{day.month:02d}"


def instant(text: str) -> dt.datetime | None:
    """A day (its end) or a time, UTC when no zone is said; None for nothing. InputError else."""
    if not text:
        return None
    try:
        if len(text) == 10:
            day = dt.date.fromisoformat(text)
            return dt.datetime.combine(day, dt.time(23, 59, 59, 999999), dt.UTC)
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(refused("no_time", text=text[:60], example="2024-12-31")) from None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
