"""The place that words name: the longest name, a country last, and what sounds like one."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.base import areas
from marsad.base.areas import COUNTRY
from marsad.base.text import fold, match_form, words
from marsad.publish.read import lookups
from marsad.publish.read.questions.vocabulary import (
    CLINGING,
    forms,
    is_linking,
    official_places,
    place_nicknames,
    place_sounding,
    spoken_places,
    town,
)

_LONGEST_PLACE, _SHORT = 4, 5


def place_named(text: str) -> tuple[str, str]:
    """The place named in a text of several words, by its longest name, and the text without it;
    ("", text) where none is, or nothing else is left."""
    terms = words(text)
    at = place(terms, frozenset())
    if at[0] == COUNTRY:
        at = place(terms, frozenset(range(at[1], at[2])))
    rest = [*terms[: at[1]], *terms[at[2] :]]
    while rest and at[1] <= len(rest) and at[1] > 0 and is_linking(match_form(rest[at[1] - 1])):
        rest.pop(at[1] - 1)
        at = (at[0], at[1] - 1, at[2])
    return (at[0], " ".join(rest)) if at[0] and rest else ("", text)


def place(terms: Sequence[str], taken: frozenset[int]) -> tuple[str, int, int]:
    """The place of the longest name among words that are not taken: its code, first and last word."""
    country = ("", 0, 0)
    for length in range(min(_LONGEST_PLACE, len(terms)), 0, -1):
        for start in range(len(terms) - length, -1, -1):
            if length == 1 and start in taken:
                continue
            part = match_form(" ".join(terms[start : start + length]))
            bare = part[1:] if part[:1] in CLINGING else ""
            for name in filter(None, (part, match_form(bare))):
                code = place_nicknames().get(name, "") or official_places().get(name, "")
                code = code or (lookups.places().named(name) if len(name) >= 3 else "")
                if not code and len(name) > _SHORT:
                    code = spoken_places().get(" ".join(forms(name)), "")
                if code and not (length == 1 and _is_plural(terms[start], name, code)):
                    if code != COUNTRY:
                        return town(code), start, start + length
                    country = code, start, start + length
    for length in (2, 1):
        for start in range(len(terms) - length, -1, -1):
            heard = match_form(" ".join(terms[start : start + length]))
            free = not taken.intersection(range(start, start + length))
            if free and (code := place_sounding(heard)):
                return code, start, start + length
    return country


def _is_plural(word: str, name: str, code: str) -> bool:
    """Whether a short name of a place is a word without its ending: «sales» is no plural of Salé."""
    if len(name) > _SHORT or not name.isascii() or name == fold(word):
        return False
    names = (*areas.areas()[code].name.values(), *areas.aliases().get(code, ()))
    return fold(word) not in map(fold, names)
