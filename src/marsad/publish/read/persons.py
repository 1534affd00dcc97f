"""A person read from what they write: a free sentence, the name of a trade, a place. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from marsad.base import areas
from marsad.base.codes import codelist
from marsad.base.errors import InputError
from marsad.products.matching import sentence
from marsad.products.matching.sentence import MOST_TEXT, Meant, Sentence
from marsad.products.matching.tasks import telling
from marsad.publish.read.lookups import places
from marsad.publish.read.questions.read import place_named

__all__ = [
    "MOST_TEXT",
    "Meant",
    "Sentence",
    "Statement",
    "known_codes",
    "place_of",
    "says_work",
    "statement",
]

_PREPOSITIONS = ("ب", "ف", "ل")


@dataclass(frozen=True, slots=True)
class Statement:
    """What was read of a person: trade, years, diploma and language (`Sentence`), and the area said in
    the text or beside it (empty for none or the whole country)."""

    read: Sentence
    area: str

    @property
    def occupation(self) -> str:
        """The unit group that the words speak for most; empty for none."""
        return self.read.occupations[0].code if self.read.occupations else ""


def place_of(words: str) -> str:
    """The area of a code or a name in any language, among other words or with a slip; empty for no words
    or the whole country. InputError for a place nobody knows or a group of regions."""
    words = words.strip()
    code = words if words in areas.areas() else places().named(words)
    if words and not code:
        code = place_named(_detached(words))[0] or places().named(re.sub(r"ه\b", "ة", words))
    if words and not code and " " not in words:
        code = next(iter(places().like(words, 1)), "")
    if words and not code:
        raise InputError(f"area: no region, province or commune is called {words[:40]!r}")
    if code and areas.areas()[code].level == "region_group":
        raise InputError(f"area: {code} is a group of regions; name one of them")
    return "" if code == areas.COUNTRY else code


def _detached(text: str) -> str:
    """A text in which a place stands apart from the preposition that Arabic writes on it («بفاس»)."""

    def apart(word: str) -> str:
        place = word[1:] if word[:1] in _PREPOSITIONS else ""
        return f"{word[0]} {place}" if len(place) > 2 and places().named(place) else word

    return " ".join(map(apart, text.split()))


def statement(text: str, job: str = "", area: str = "") -> Statement:
    """What a person says, with a place said beside the text (a code or a name) winning over one in it.
    InputError for a text of more than MOST_TEXT letters or an unknown area."""
    if len(text) > MOST_TEXT or len(job) > MOST_TEXT:
        raise InputError(f"text: at most {MOST_TEXT:,} letters")
    named, rest = place_named(_detached(text))
    chosen = place_of(area) or named
    return Statement(sentence.read(rest or text, job), chosen)


def says_work(words: str) -> bool:
    """Whether a piece of what was typed says more than a place, a number of years, or nothing."""
    rest = telling(place_named(_detached(words))[1])
    return bool(rest) and not places().named(" ".join(rest))


def known_codes(codes: Iterable[str], name: str, list_name: str) -> None:
    """InputError for a code that a list does not hold."""
    held = codelist(list_name)
    if unknown := next((code for code in codes if code and code not in held), ""):
        raise InputError(f"{name}: {unknown!r} is not a code of {list_name}")
