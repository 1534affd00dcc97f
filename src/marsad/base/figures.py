"""Figures, days and periods as a reader in Morocco writes them, in the languages of LANGUAGES and in Amazigh.

Arabic as in Morocco (Western digits, decimal comma, ماي and غشت), French and English, by CLDR. Pages,
messages and text messages all write through here; what a page adds (narrow spaces, marks of direction)
is its own.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern

from marsad.base.declare import load_declaration
from marsad.base.labels import Text, pick
from marsad.base.periods import frequency, start

_CLDR = dict(ar="ar_MA", zgh="zgh_MA", fr="fr", en="en")
_DIRECTION = "\u200e"
_REMEMBERED = 8192
"""Figures that are remembered as they were written: pages show the same ones again and again."""
_WIDE = Context(prec=400)


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    quarter: Text
    week: Text


_WORDS = load_declaration(Path(__file__).with_name("figures.yml"), _Words)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_CLDR[language])


@cache
def _pattern(decimals: int, language: str, kind: str) -> NumberPattern:
    """How numbers are written: `grouped`, `plain` or a `share`, with so many decimals."""
    shown = f"0.{'0' * decimals}" if decimals else "0"
    if kind != "share":
        return parse_pattern(f"#,##{shown}" if kind == "grouped" else shown)
    pattern = str(_locale(language).percent_formats[None].pattern)
    return parse_pattern(pattern.replace("#,##0", f"#,##{shown}"))


@lru_cache(maxsize=_REMEMBERED)
def decimal(value: float, decimals: int, language: str, *, grouped: bool = True) -> str:
    """A figure with exactly `decimals` decimals, thousands marked where `grouped`; a plain minus."""
    pattern = _pattern(decimals, language, "grouped" if grouped else "plain")
    return str(pattern.apply(rounded(value, decimals), _locale(language))).replace(_DIRECTION, "")


def rounded(value: float, decimals: int) -> float:
    """A value as it is printed: to `decimals` decimals, ties to even as CLDR writes them."""
    if not math.isfinite(value):
        return value
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, _WIDE)
    return float(exact) + 0.0  # no minus before a zero


@lru_cache(maxsize=_REMEMBERED)
def share(value: float, decimals: int, language: str) -> str:
    """A share between 0 and 1 as a percentage, as CLDR spaces its sign."""
    return str(_pattern(decimals, language, "share").apply(value, _locale(language)))


@lru_cache(maxsize=_REMEMBERED)
def day(date: dt.date, language: str) -> str:
    """A day in full: 17 May 2024, 1er mai 2024."""
    text = str(format_date(date, "d MMMM y", _locale(language)))
    return f"1er{text[1:]}" if language == "fr" and date.day == 1 else text


@lru_cache(maxsize=_REMEMBERED)
def period(code: str, language: str) -> str:
    """A period by name: 2024, third quarter of 2024, May 2024, 17 May 2024; InputError for none."""
    kind, first = frequency(code), start(code)
    if kind == "A":
        return code
    if kind == "Q":
        return pick(_WORDS.quarter, language).format(quarter=code[-1], year=code[:4])
    if kind == "W":
        return pick(_WORDS.week, language).format(week=code[-2:], year=code[:4])
    if kind == "M":
        return str(format_date(first, "MMMM y", _locale(language)))
    return day(first, language)


def short_period(code: str, language: str) -> str:
    """A period in few letters: as `period`, but 05/2026 for a month, and weeks and days as they are."""
    kind = frequency(code)
    if kind == "M":
        return f"{code[5:]}/{code[:4]}"
    return code if kind in "WD" else period(code, language)
