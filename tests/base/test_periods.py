"""Periods in SDMX form."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.base.periods import end, frequency, month_of, start


@pytest.mark.parametrize(
    ("period", "freq", "first", "last"),
    [
        ("2024", "A", "2024-01-01", "2024-12-31"),
        ("2024-Q1", "Q", "2024-01-01", "2024-03-31"),
        ("2024-Q4", "Q", "2024-10-01", "2024-12-31"),
        ("2024-02", "M", "2024-02-01", "2024-02-29"),
        ("2023-02", "M", "2023-02-01", "2023-02-28"),
        ("2024-12", "M", "2024-12-01", "2024-12-31"),
        ("2024-05-17", "D", "2024-05-17", "2024-05-17"),
    ],
)
def test_frequency_and_bounds(period: str, freq: str, first: str, last: str) -> None:
    assert frequency(period) == freq
    assert start(period).isoformat() == first
    assert end(period).isoformat() == last


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-Q5", "2024-Q0", "2024-13", "2024-00", "2024-5", "mai 2024", "2024 ", "20245"],
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InputError, match="is not a period"):
        frequency(text)


@pytest.mark.parametrize("text", ["2024-02-30", "2023-02-29", "2024-99-99"])
def test_days_that_no_calendar_has(text: str) -> None:
    with pytest.raises(InputError, match="not a day or week of the calendar"):
        start(text)


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_a_day_lies_in_its_month_quarter_and_year(day: dt.date) -> None:
    quarter = f"{day.year}-Q{(day.month + 2) // 3}"
    for period in (month_of(day), quarter, str(day.year)):
        assert start(period) <= day <= end(period)
    assert end(month_of(day)) + dt.timedelta(days=1) == start(
        month_of(end(month_of(day)) + dt.timedelta(days=1))
    )
