"""Figures, days and periods in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.base.figures import day, decimal, period, rounded, share, short_period


def test_figures_have_the_signs_of_their_language() -> None:
    assert decimal(1234567.25, 1, "en") == "1,234,567.2"
    assert decimal(13.3, 1, "fr") == decimal(13.3, 1, "ar") == "13,3"
    assert decimal(-1234.5, 1, "ar", grouped=False) == "-1234,5"
    assert decimal(12345, 0, "fr", grouped=False) == "12345"
    assert share(0.133, 1, "en") == "13.3%"


def test_days_and_periods_are_named() -> None:
    assert day(dt.date(2024, 5, 1), "fr") == "1er mai 2024"
    assert [period("2024-Q3", la) for la in ("ar", "fr", "en")] == [
        "الفصل 3 من 2024",
        "T3 2024",
        "Q3 2024",
    ]
    assert period("2024-W20", "fr") == "semaine 20 de 2024"
    assert period("2024-05", "ar") == "ماي 2024"
    assert [short_period(p, "fr") for p in ("2024", "2024-Q3", "2026-05", "2024-05-17")] == [
        "2024",
        "T3 2024",
        "05/2026",
        "2024-05-17",
    ]
    with pytest.raises(InputError, match="not a period"):
        period("yesterday", "en")


@given(st.floats(-1e15, 1e15), st.integers(0, 4))
def test_what_is_rounded_is_what_is_printed(value: float, decimals: int) -> None:
    """Against the text itself, so that a difference of rounded values is one of printed figures."""
    shown = rounded(value, decimals)
    assert float(decimal(value, decimals, "en", grouped=False)) == shown
    assert abs(shown - value) <= 0.5 * 10**-decimals + 1e-9 * abs(value)
    assert not decimal(-1e-9, decimals, "en").startswith("-")


def test_ties_are_rounded_as_they_are_printed() -> None:
    """Binary rounding gives 2.67 for 2.675 and 12.8 for 12.85; the printed figure decides."""
    assert rounded(2.675, 2) == 2.68
    assert rounded(12.85, 1) == 12.8
    assert rounded(12.95, 1) == 13.0
    assert rounded(float("inf"), 1) == float("inf")
