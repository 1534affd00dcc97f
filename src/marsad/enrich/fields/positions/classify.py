"""Posts to fill: how many an ad offers, in its title or text, when the source does not say.

A number counts only beside a word for posts («5 postes», «عدد المناصب : 5») or right after a verb
of hiring («recrutement de 5 techniciens»), and not when it counts years, hours or clients.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from marsad.base.text import fold, match_form
from marsad.enrich import phrases
from marsad.enrich.fields import AdWords, Columns
from marsad.enrich.lexicon import Candidate, Lexicon, Match

_WORDS = Path(__file__).with_name("words.yml")
_KINDS = ("label", "unit", "verb", phrases.NOTHING)
_MOST = 900  # more posts than this in one ad is a number of something else
_TO = frozenset({"a", "et", "to", "or", "ou", "الي"})
_NOT_BEFORE = frozenset({"+", "bac", "baccalaureat", "echelle", "groupe", "poste", "position"})


@cache
def _lexicon() -> Lexicon[str]:
    forms_by_kind = phrases.phrases(_WORDS)
    return Lexicon((form, kind) for kind in _KINDS for form in forms_by_kind[kind])


@cache
def _numbers() -> dict[str, int]:
    return {
        form: int(code.removeprefix("numbers_"))
        for code, forms in phrases.phrases(_WORDS).items()
        if code.startswith("numbers_")
        for form in forms
    }


def _number(words: Sequence[str]) -> int | None:
    """One number written in digits or words, 1 to 900."""
    number = " ".join(words)
    plain = number.isascii() and number.isdigit() and len(number) <= 3
    count = int(number) if plain else _numbers().get(number, 0)
    return count if 1 <= count <= _MOST else None


def _before(words: list[str], unit: Match[str], as_written: str) -> tuple[int, str] | None:
    for reach in (2, 1):
        start = unit.start - reach
        if start < 0 or not (count := _number(words[start : unit.start])):
            continue
        last = unit.start + unit.length - 1
        single = as_written.split()[last] in phrases.phrases(_WORDS)["single"]
        if (start and words[start - 1] in _NOT_BEFORE) or (single and count > 1):
            return None
        return count, " ".join(words[start : last + 1])
    return None


def _after(words: list[str], cue: Match[str]) -> tuple[int, str] | None:
    end = cue.start + cue.length
    for reach in (2, 1):
        count = _number(words[end : end + reach])
        counted = words[end + reach : end + reach + 1]
        if not count:
            continue
        if counted and (counted[0] in _TO or _number(counted)):  # «3 à 5 ans»: what comes last
            counted = words[end + reach + 1 : end + reach + 3]
        if any(word in phrases.phrases(_WORDS)["not_after"] for word in counted):
            return None
        if cue.payload == "verb" and (not counted or words[max(0, cue.start - 1)] == "profil"):
            return None
        return count, " ".join(words[cue.start : end + reach])
    return None


def _named(written: str) -> tuple[int, str] | None:
    form = match_form(written)
    matches = [m for m in _lexicon().find(form) if m.payload != phrases.NOTHING]
    if not matches:
        return None
    words = form.split()
    for match in sorted(matches, key=lambda m: _KINDS.index(m.payload)):
        if match.payload == "unit":
            named = _before(words, match, fold(written))
        else:
            named = _after(words, match)
        if named:
            return named
    return None


def positions_of(title: str, text: str) -> Candidate | None:
    """The number of posts, in `code`, named in the title (0.9) or the text (0.75), or None."""
    for written, score in ((title, 0.9), (text, 0.75)):
        if named := _named(written):
            return Candidate(str(named[0]), score, named[1])
    return None


def _stated(ad: AdWords) -> int | None:
    """The posts to fill: what the source gives stands, the ad's words fill what is missing."""
    if ad.positions is not None:
        return ad.positions
    positions = positions_of(ad.title, ad.text)
    return int(positions.code) if positions else None


def classify(ads: Sequence[AdWords]) -> Columns:
    """The posts to fill for a batch of ads."""
    return {"positions": [_stated(ad) for ad in ads]}
