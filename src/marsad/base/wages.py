"""The legal minimum wage (SMIG) by day, and the legal month into which other periods are turned."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A legal minimum from a day on, gross dirhams an hour; `verified` once read in the gazette."""

    since: dt.date
    mad_per_hour: float
    verified: bool
    note: str


class Wages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The legal month and the minimum wages, oldest first."""

    hours_per_month: float
    days_per_month: float
    weeks_per_month: float
    steps: tuple[Step, ...]


@cache
def wages() -> Wages:
    """The declaration `wages.yml`."""
    return load_declaration(Path(__file__).with_name("wages.yml"), Wages)


def minimum(day: dt.date | None) -> Step | None:
    """The minimum in force on a day, the latest one when no day is given; None before the first."""
    steps = wages().steps
    if day is None:
        return steps[-1]
    return next((step for step in reversed(steps) if step.since <= day), None)


def minimum_month_mad(day: dt.date | None) -> float | None:
    """The minimum in force on a day as gross dirhams a month of legal hours."""
    step = minimum(day)
    return round(step.mad_per_hour * wages().hours_per_month, 2) if step else None


def month_mad(amount: float, period: str) -> float | None:
    """An amount a period as an amount a legal month (191 hours, 26 days, two fortnights); None for no period."""
    legal = wages()
    per_month = {
        "hour": legal.hours_per_month,
        "day": legal.days_per_month,
        "week": legal.weeks_per_month,
        "fortnight": 2.0,  # half a month (article 363 of the labour code: paid twice a month)
        "month": 1.0,
        "year": 1 / 12,
    }.get(period)
    return round(amount * per_month, 2) if per_month else None
