"""Currencies as ads and feeds name them: ISO 4217 codes in capitals, words and signs of `money.yml`.

The named currency always; a word that several countries share («dinar», «franc», «$») by the ad's
country; the currency of the country only for amounts that name none. Unknown is ''.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
from babel.core import get_global

from marsad.base.declare import load_declaration

_PLAIN = {ord("٠") + i: str(i) for i in range(10)} | {ord("۰") + i: str(i) for i in range(10)}
_PLAIN |= {ord(c): " " for c in "\u00a0\u2007\u2009\u202f"} | {ord("٬"): ",", ord("٫"): "."}
_ISO = "¤"  # before a code that stands in capitals, when the text has become small letters
_ESCAPED = re.compile(r"\\(?=[-+.,()/–])")  # «5,000.00DH \- 8,000.00DH», as Markdown writes it
_CAPITALS = re.compile(r"(?<![^\W\d_])[A-Z]{2,3}(?![^\W\d_])")


class _Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of several currencies, by country."""

    words: tuple[str, ...]
    codes: dict[str, str]
    otherwise: str = msgspec.field(name="else")


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, tuple[str, ...]]
    capitals: dict[str, str]
    by_country: tuple[_Shared, ...]
    scale: dict[float, tuple[str, ...]]


@cache
def _words() -> _Words:
    return load_declaration(Path(__file__).with_suffix(".yml"), _Words)


@cache
def _tender() -> dict[str, tuple[str, ...]]:
    """Country -> the currencies that are its legal tender today (CLDR)."""
    return {
        str(country): tuple(str(c[0]) for c in entries if c[3] and c[2] is None)
        for country, entries in get_global("territory_currencies").items()
    }


@cache
def codes() -> frozenset[str]:
    """The ISO 4217 codes that are legal tender somewhere."""
    return frozenset(code for every in _tender().values() for code in every)


def local_currency(country: str) -> str:
    """The one currency of a country (ISO 3166-1); '' for an unknown country or one of several."""
    tender = _tender().get(country, ())
    return tender[0] if len(tender) == 1 else ""


@cache
def _meanings() -> dict[str, str | _Shared]:
    meanings: dict[str, str | _Shared] = {w: c for c, ws in _words().words.items() for w in ws}
    for shared in _words().by_country:
        meanings |= dict.fromkeys(shared.words, shared)
    return meanings


@cache
def pattern() -> str:
    """A regular expression of every way to name a currency, for texts made plain by `plain`."""
    every = "|".join(map(re.escape, sorted(_meanings(), key=len, reverse=True)))
    return rf"(?:{_ISO}[a-z]{{2,3}}|{every})"


def plain(text: str) -> str:
    """A text in small letters, Western digits and plain spaces, without Markdown's escapes; codes in capitals
    stay known."""
    marked = _CAPITALS.sub(_marked, _ESCAPED.sub("", text.translate(_PLAIN)))
    return marked.lower().translate(_PLAIN)


def _marked(match: re.Match[str]) -> str:
    code = match.group()
    known = code in _words().capitals or (code in codes() and code.lower() not in _meanings())
    return f"{_ISO}{code}" if known else code


def without_marks(words: str) -> str:
    """Words of a plain text as people wrote them, in small letters."""
    return words.replace(_ISO, "")


def currency_code(symbol: str, country: str = "") -> str:
    """The ISO 4217 code of a word, sign or code of a plain text; '' when unknown."""
    if symbol.startswith(_ISO):
        code = symbol[1:].upper()
        return _words().capitals.get(code, code)
    if symbol.upper() in codes() and symbol not in _meanings():
        return symbol.upper()
    meaning = _meanings().get(symbol, "")
    return meaning if isinstance(meaning, str) else meaning.codes.get(country, meaning.otherwise)


@cache
def scale(currency: str) -> float:
    """Roughly how many times larger than in dirhams the numbers of a month's pay are."""
    return next((times for times, every in _words().scale.items() if currency in every), 1.0)
