"""Conditions put to candidates that have nothing to do with the work: sex, age, looks, family, money.

Each rule reads the same cues (`integrity_words.yml`) in the comparison form of a title or a text and
the words around them, and gives the words it rests on, or ''.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.lexicon import Lexicon, Match

_WORDS = Path(__file__).with_name("integrity_words.yml")
_CUE_KINDS = (
    "female", "male", "age", "appearance", "looks", "handicap", "origin", "marital", "fee", "too_good", "abroad", "private_data",
    "messaging", "other_contact", "no_experience", phrases.NOTHING,
)  # fmt: skip
_BRACKETS = re.compile(r"[(\[/]\s*([^()\[\]/]{2,24}?)\s*[)\]]")
_MOST = 100  # cues read of one text; more are a list of keywords
_ADULT = 18  # a minimum of 18 years is the law's, not the employer's
_NO = frozenset({"aucun", "aucune", "sans", "pas", "no", "without", "بدون", "دون", "بلا"})
_MONTHS = frozenset({"mois", "moi", "month", "شهر", "اشهر"})


@dataclass(frozen=True, slots=True)
class Read:
    """A text in comparison form: its words and the cues found in them."""

    words: Sequence[str]
    matches: Sequence[Match[str]]


@cache
def _cues() -> Lexicon[str]:
    forms_by_kind = phrases.phrases(_WORDS)
    entries = [(form, kind) for kind in _CUE_KINDS for form in forms_by_kind[kind]]
    joined = [(f"و{form}", kind) for form, kind in entries if form[:1] > "\u0600"]  # «and», joined
    return Lexicon([*entries, *joined])


def read(text: str) -> Read:
    """The cues of a text."""
    form = match_form(text)
    matches = [m for m in _cues().find(form) if m.payload != phrases.NOTHING][:_MOST]
    return Read(form.split() if matches else (), matches)


@cache
def _role(name: str) -> frozenset[str]:
    return frozenset(phrases.phrases(_WORDS)[name])


def _around(read: Read, match: Match[str], reach: int) -> set[str]:
    return {*phrases.before(read.words, match, reach), *phrases.after(read.words, match, reach)}


def _phrase(read: Read, match: Match[str], reach_before: int, reach_after: int) -> str:
    start = max(0, match.start - reach_before)
    return " ".join(read.words[start : match.start + match.length + reach_after])


def _inclusive(read: Read, match: Match[str]) -> bool:
    """Both sexes are named, or equality is spoken of, or it is about customers and goods."""
    other = "male" if match.payload == "female" else "female"
    near = (m for m in read.matches if m.payload == other and abs(m.start - match.start) <= 6)
    around = f" {_phrase(read, match, 8, 8)} "
    return any(near) or any(f" {word} " in around for word in _role("equality"))


def _sexes(read: Read) -> list[Match[str]]:
    matches = [m for m in read.matches if m.payload in {"female", "male"}]
    return [m for m in matches if not _inclusive(read, m)] if matches else []


def gender(read: Read) -> str:
    """A sex asked for in running text."""
    demand = _role("demand")
    for match in _sexes(read):
        if demand & {*phrases.before(read.words, match, 3), *phrases.after(read.words, match, 2)}:
            return _phrase(read, match, 2, 1)
        if match.phrase in _role("plain"):
            return match.phrase
    return ""


def gender_of_title(read: Read, title: str) -> str:
    """A sex asked for in a title: as in running text, or in brackets, or as its last words."""
    for match in _sexes(read):
        last = match.start + match.length == len(read.words) and match.start > 0
        bracketed = any(match_form(b) == match.phrase for b in _BRACKETS.findall(title))
        if last or bracketed:
            return match.phrase
    return gender(read)


def _years(words: Sequence[str]) -> list[int]:
    return [
        int(w) for w in words if len(w) == 2 and w.isascii() and w.isdigit() and "14" < w < "71"
    ]


def age(read: Read) -> str:
    """An age asked for: a word for age with one or two ages right after it."""
    for match in read.matches:
        if match.payload != "age":
            continue
        back = 6 if match.phrase.startswith("year") else 0
        span = [*phrases.before(read.words, match, back), *phrases.after(read.words, match, 8)]
        years = _years(span)
        about = {*phrases.before(read.words, match, 5), *span}
        if not years or about & _MONTHS or about & _role("not_age"):
            continue
        if years[:1] != [_ADULT] or len(years) > 1:
            end = max(i for i, w in enumerate(span) if w in {str(y) for y in years}) + 1
            return _phrase(read, match, back, max(0, end - back))
    return ""


def appearance(read: Read) -> str:
    """Looks or a photograph asked for, not the looks of goods or shops; a word for beauty only beside
    a word for a person."""
    for match in read.matches:
        if match.payload == "appearance" and not _role("duty") & {
            *phrases.before(read.words, match, 4)
        }:
            return match.phrase
        if match.payload == "looks" and _role("person") & _around(read, match, 3):
            return _phrase(read, match, 1, 1)
    return ""


def disability(read: Read) -> str:
    """Health without handicap asked for."""
    return next((m.phrase for m in read.matches if m.payload == "handicap"), "")


def origin(read: Read) -> str:
    """An origin, colour or religion asked for, not that of a firm or of goods."""
    for match in read.matches:
        before = {*phrases.before(read.words, match, 3)}
        if match.payload == "origin" and not before & _role("not_origin"):
            return _phrase(read, match, 0, 2)
    return ""


def marital(read: Read) -> str:
    """A family situation asked for."""
    for match in read.matches:
        if match.payload == "marital":
            return match.phrase
    return ""


def fee(read: Read) -> str:
    """Money asked from the candidate, not a fee that the post deals with."""
    for match in read.matches:
        if match.payload != "fee":
            continue
        around = _around(read, match, 8)
        if _NO & {*phrases.before(read.words, match, 2)}:
            continue
        if around & _role("pays") and not around & _role("not_pays"):
            return _phrase(read, match, 3, 4)
    return ""
