"""Moving holidays of Morocco as regressors: how much of Ramadan or a feast a month or quarter holds.

X-13 knows Easter, not Ramadan. A regressor is the share of the holiday's days that fall in the
period, less the long-run mean share of that month or quarter (Census Bureau, *genhol*
documentation): what is fixed in the season stays in the seasonal factors, only the movement is a
calendar effect. Dates are those of Umm al-Qura (`hijridate`) plus `lag` days: in Morocco, where the
moon must be seen, most months begin one day later.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
from numpy.typing import NDArray

from marsad.base import periods
from marsad.base.errors import InputError

Array = NDArray[np.float64]
# name -> Hijri month, first day, number of days (0: the whole month).
HOLIDAYS = {
    "ramadan": (9, 1, 0),
    "fitr": (10, 1, 2),
    "adha": (12, 10, 2),
    "muharram": (1, 1, 1),
    "mawlid": (3, 12, 2),
}
TESTED = ("ramadan", "fitr", "adha")
"""Holidays long enough to move a month or a quarter: those that a model may take."""
CIVIL = {
    (1, 1): 0, (1, 11): 0, (1, 14): 2024, (5, 1): 0, (7, 30): 0, (8, 14): 0, (8, 20): 0, (8, 21): 0,
    (11, 6): 0, (11, 18): 0,
}  # fmt: skip
"""Month and day of a civil holiday -> the year from which it is one (the Amazigh new year of 14
January: royal decision of May 2023, first kept in 2024)."""
_FIRST, _LAST = dt.date(1925, 1, 1), dt.date(2076, 12, 31)
_MEAN_YEARS = range(1944, 2076)  # four turns of the lunar year through the solar one


@cache
def _days(name: str, lag: int) -> NDArray[np.bool_]:
    """For every day from 1925 to 2076: is it in the holiday?"""
    from hijridate import Hijri

    month, first, length = HOLIDAYS[name]
    in_holiday = np.zeros((_LAST - _FIRST).days + 1, dtype=bool)
    for year in range(1344, 1500):
        begin = Hijri(year, month, first)
        day = begin.to_gregorian().toordinal() - _FIRST.toordinal() + lag
        if day >= 0:
            in_holiday[day : day + (length or begin.month_length())] = True
    return in_holiday


def holiday_days(first: dt.date, n: int, name: str, lag: int = 1) -> NDArray[np.bool_]:
    """For n days from `first`: whether the day lies in the holiday `name`.

    InputError outside 1925-2076, or for a name not in HOLIDAYS.
    """
    if name not in HOLIDAYS:
        raise InputError(f"{name!r} is none of the holidays {', '.join(HOLIDAYS)}")
    begin = (first - _FIRST).days
    if begin < 0 or begin + n > (_LAST - _FIRST).days + 1:
        raise InputError("holidays are known from 1925 to 2076")
    return _days(name, lag)[begin : begin + n]


def civil_days(first: dt.date, n: int) -> NDArray[np.bool_]:
    """For n days from `first`: whether it is a civil holiday of Morocco with a fixed date."""
    days = (first + dt.timedelta(i) for i in range(n))
    return np.array([day.year >= CIVIL.get((day.month, day.day), 9999) for day in days])


def following(first: str, n: int) -> list[str]:
    """n periods in a row from `first` (months or quarters)."""
    kind = periods.frequency(first)
    size = {"M": 12, "Q": 4}.get(kind)
    if size is None:
        raise InputError(f"{first} is neither a month nor a quarter")
    begin = int(first[:4]) * size + int(first.rsplit("-", 1)[1].lstrip("Q")) - 1
    mark = "Q" if kind == "Q" else ""
    width = 1 if mark else 2
    return [f"{k // size:04d}-{mark}{k % size + 1:0{width}d}" for k in range(begin, begin + n)]


@cache
def _mean_share(name: str, size: int, lag: int) -> Array:
    first = f"{_MEAN_YEARS[0]}-{'01' if size == 12 else 'Q1'}"
    shares = _shares(following(first, size * len(_MEAN_YEARS)), name, lag)
    return np.asarray(shares.reshape(-1, size).mean(axis=0))


def _shares(names: list[str], holiday: str, lag: int) -> Array:
    bounds = [(periods.start(p), periods.end(p)) for p in names]
    length = HOLIDAYS[holiday][2] or 29.53
    days = [holiday_days(a, (b - a).days + 1, holiday, lag).sum() for a, b in bounds]
    return np.array(days, float) / length


def regressors(first: str, n: int, names: tuple[str, ...], lag: int = 1) -> Array:
    """(n, len(names)) array: share of each holiday that falls in the period, less its long-run mean.

    A coefficient is thus the effect of a holiday that falls wholly in the period. InputError as
    in `holiday_days` and `following`.
    """
    periods = following(first, n)
    size = 4 if "Q" in first else 12
    position = int(periods[0].rsplit("-", 1)[1].lstrip("Q")) - 1
    columns: list[NDArray[np.float64]] = []
    for name in names:
        mean = _mean_share(name, size, lag)
        columns.append(_shares(periods, name, lag) - mean[(position + np.arange(n)) % size])
    return np.column_stack(columns) if columns else np.empty((n, 0))
