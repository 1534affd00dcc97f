"""Diploma asked for: the lowest rung of the Moroccan ladder that the ad names.

«Bac+2 à Bac+5» asks for at least Bac+2, so of several rungs the lowest one counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from marsad.base.codes import codelist
from marsad.base.declare import load_yaml
from marsad.base.text import match_form
from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate, Lexicon
from marsad.enrich.phrases import NOTHING


@cache
def _lexicon() -> Lexicon[str]:
    words = load_yaml(Path(__file__).with_name("words.yml"))
    return Lexicon((str(text), code) for code, texts in words.items() for text in texts)


# ISCED 2011. A vocational certificate without «technicien spécialisé» is upper secondary at most;
# «below bac» asks for some years of secondary school.
_ISCED = {
    "none": "0",
    "below_bac": "2",
    "vocational": "3",
    "bac": "3",
    "bac2": "5",
    "bac3": "6",
    "bac5": "7",
    "doctorate": "8",
}


def isced_level(diploma_code: str) -> str:
    """The level of ISCED 2011 (list `isced_level`) of a code of the list `diploma`, '' for none."""
    return _ISCED.get(diploma_code, "")


_DRIVING = re.compile(r"\bdriv(?:ing|ers?'?s?)\s+licen[cs]es?\b", re.I)


_LEVEL = re.compile(r"\bbac \+\s?\d")
_PLAIN = frozenset({"bac2", "bac3", "bac5", "doctorate"})
_GRADE = re.compile(
    r"\bing[ée]nieure?s? d[’' ][ée]tat\b", re.I
)  # in a title, a grade of the public service


_PLUS = re.compile(
    r"\b(?:niveau |مستوى )?(bac|باك)(?:calaur[ée]at)?\s*(?:\+|plus|زائد)\s*(\d)", re.I
)


def _named(words: str, score: float) -> Candidate | None:
    """The lowest diploma named in some words; far-apart rungs lower the score."""
    ladder = list(codelist("diploma"))
    form = match_form(_PLUS.sub(r"bac +\2", words))
    phrases_by_code = {m.payload: m.phrase for m in _lexicon().find(form) if m.payload != NOTHING}
    if len(phrases_by_code) > 1:
        phrases_by_code.pop("vocational", None)
    if not phrases_by_code:
        return None
    code = min(phrases_by_code, key=ladder.index)
    apart = max(map(ladder.index, phrases_by_code)) - ladder.index(code)
    return Candidate(code, round(score - 0.1 * max(0, apart - 1), 3), phrases_by_code[code])


def diploma_of(field: str, title: str, text: str) -> Candidate | None:
    """The lowest diploma named in the diploma field (0.95), else in title and text (0.75); None when none is
    named. A level after the baccalaureate that the ad's own words name stands before the board's field.
    """
    own = _named(_DRIVING.sub(" ", f"{_GRADE.sub(' ', title)}\n{text}"), 0.75)
    stated = _named(field, 0.95)
    if stated and own and own.code in _PLAIN and own.code != stated.code:
        return (
            own
            if _LEVEL.search(match_form(own.evidence)) or own.evidence.startswith("bac")
            else stated
        )
    return stated or own


def classify(ads: Sequence[AdWords]) -> Columns:
    """`diploma_of` for a batch of ads, and its level of ISCED 2011."""
    columns = coded("diploma", (diploma_of(ad.raw_diploma, ad.title, ad.text) for ad in ads))
    return {**columns, "isced_level": [isced_level(str(code)) for code in columns["diploma"]]}
