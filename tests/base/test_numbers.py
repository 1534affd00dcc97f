"""Numbers as tables write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.base.numbers import decimal_sign, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("17,4", 17.4),
        ("17.4", 17.4),
        ("-0,5", -0.5),
        ("−3", -3.0),
        ("2 450,75", 2450.75),
        ("2\u202f450", 2450.0),
        ("2'450.5", 2450.5),
        ("2.450,75", 2450.75),
        ("2,450.75", 2450.75),
        ("1.250.000", 1_250_000.0),
        ("8,1 %", 8.1),
        ("٨٫١٪", 8.1),
        ("١٢٬٥٠٠", 12_500.0),
        ("۴۲", 42.0),
        (".75", 0.75),
        ("3e2", 300.0),
    ],
)
def test_a_number(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "douze", "1,2,3", "12 34", "1..2", "1,23,456", "--1", "1e999", "12,3*", "9" * 500 + "x"])  # fmt: skip
def test_no_number(text: str) -> None:
    with pytest.raises(InputError, match="is not a number"):
        parse_number(text)


def test_three_digits_after_a_comma_are_read_as_the_table_does() -> None:
    assert decimal_sign(["11,250", "9,875.5"]) == "."
    assert decimal_sign(["11,250", "9,8"]) == ","
    assert decimal_sign(["11,250", "10,300"]) == "."
    assert decimal_sign(["9,8", "9.8"]) == ""
    assert parse_number("11,250", ".") == 11_250
    assert parse_number("11,250", ",") == 11.25
    assert parse_number("0,250", ".") == 0.25


@given(st.integers(-(10**9), 10**9), st.sampled_from(["", " ", ".", "\u202f"]))
def test_thousands_of_any_kind(number: int, sign: str) -> None:
    written = f"{number:,}".replace(",", sign)
    assert parse_number(f"{written},5".replace("..", ".")) == (abs(number) + 0.5) * (
        -1 if number < 0 else 1
    )


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        parse_number(text)
