"""A person read from what they write: a free sentence, the name of a trade, a place. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from marsad.base import areas
from marsad.base.codes import codelist
from marsad.base.declare import load_declaration
from marsad.base.distances import located
from marsad.base.errors import InputError
from marsad.base.labels import Text, pick
from marsad.base.refusals import refused
from marsad.base.text import ARABIC, fold, words
from marsad.products.matching import sentence
from marsad.products.matching.clauses import parted
from marsad.products.matching.sentence import MOST_TEXT, Meant, Sentence
from marsad.products.matching.tasks import telling
from marsad.publish.read.lookups import places
from marsad.publish.read.questions.place import place_named

__all__ = [
    "DENIED",
    "MOST_TEXT",
    "Meant",
    "Note",
    "Sentence",
    "Statement",
    "known_codes",
    "place_of",
    "says_work",
    "statement",
]

NOTED = load_declaration(Path(sentence.__file__).with_name("noted.yml"), dict[str, Text])
"""What is told of how a sentence was read -> its words."""
DENIED = "denied"
_MOST_PLACES = 4
_PREPOSITIONS = ("ب", "ف", "ل")


class Note(NamedTuple):
    """Something told of how a sentence was read: code of NOTED, the words, the areas they were read as."""

    code: str
    words: str
    areas: tuple[str, ...] = ()

    def text(self, language: str) -> str:
        """The note in a language."""
        join = "، " if language == "ar" else ", "
        names = join.join(areas.areas()[code].label(language) for code in self.areas)
        return pick(NOTED[self.code], language).format(words=self.words, areas=names)


@dataclass(frozen=True, slots=True)
class Statement:
    """What was read of a person: trade, years, diploma and language (`Sentence`), and the area said in
    the text or beside it (empty for none or the whole country). `held` is the text without what it
    denies, `notes` what its reader has to be told (code of `noted.yml`, words, area or empty)."""

    read: Sentence
    area: str
    held: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def occupation(self) -> str:
        """The unit group that the words speak for most; empty for none."""
        return self.read.occupations[0].code if self.read.occupations else ""


def place_of(named: str) -> str:
    """The area of a code or a name in any language, among other words or with a slip; empty for no words
    or the whole country. InputError for a place nobody knows or a group of regions."""
    named = named.strip()
    code = named if named in areas.areas() else places().named(named)
    if named and not code:
        code = place_named(_detached(named))[0] or places().named(re.sub(r"ه\b", "ة", named))
    if named and not code and " " not in named:
        code = next(iter(places().like(named, 1)), "")
    if named and not code:
        raise InputError(refused("no_place_named", name=named[:40]))
    if code and areas.areas()[code].level == "region_group":
        raise InputError(refused("group_of_regions", code=code))
    return "" if code == areas.COUNTRY else code


def _detached(text: str) -> str:
    """A text in which a place stands apart from the preposition that Arabic writes on it («بفاس»)."""

    def apart(word: str) -> str:
        if word.endswith("ه"):  # «القنيطره»
            bare = word.removeprefix("ب").removeprefix("ف")
            word = f"{word[:-1]}ة" if places().named(f"{bare[:-1]}ة") else word
        place = word[1:] if word[:1] in _PREPOSITIONS else ""
        return f"{word[0]} {place}" if len(place) > 2 and places().named(place) else word

    return " ".join(map(apart, text.split()))


def statement(text: str, job: str = "", area: str = "") -> Statement:
    """What a person says, with a place said beside the text (a code or a name) winning over one in it.
    What the text denies gives neither trade, place nor years, and is told. InputError for a text of more
    than MOST_TEXT letters or an unknown area."""
    if len(text) > MOST_TEXT or len(job) > MOST_TEXT:
        raise InputError(refused("text_long", most=f"{MOST_TEXT:,}"))
    parts = parted(_detached(text))
    named = _places(parts.held)
    chosen = place_of(area) or (named[0].area if named else "")
    read = sentence.read(_without(text, _detached(text), named), job)
    notes = [Note(DENIED, words) for words in parts.denied]
    if named and not area.strip():
        notes += _of_places(named)
    return Statement(read, chosen, parts.held, tuple(notes))


class _Place(NamedTuple):
    area: str
    words: tuple[str, ...]  # with what links them to others


def _places(whole: str) -> list[_Place]:
    """The places named in a text in their order, each but the longest written as it is called; a place
    within the first goes before it."""
    named: list[_Place] = []
    left_over = whole
    for _ in range(_MOST_PLACES):
        code, rest = place_named(left_over)
        terms, left = words(left_over), words(rest)
        first = next(
            (i for i, pair in enumerate(zip(terms, left)) if pair[0] != pair[1]), len(left)
        )
        gone = tuple(terms[first : first + len(terms) - len(left)])
        exact = any(places().named(" ".join(gone[i:])) == code for i in range(len(gone)))
        if not code or (named and not exact):
            break
        if not _is_other_word(code, gone, exact):
            named.append(_Place(code, gone))
        left_over = rest
    ordered = sorted(named, key=lambda place: whole.find(place.words[-1]))
    return sorted(ordered, key=lambda place: not place.area.startswith(ordered[0].area))


def _is_other_word(code: str, gone: tuple[str, ...], exact: bool) -> bool:
    """Whether a word of Arabic without a preposition only sounds like a place («أصلح» and Assilah), or is
    joined by «و» to others and called like a commune («والحمام»)."""
    if len(gone) > 1 or not ARABIC.search(gone[0]):
        return False
    small = areas.areas()[code].level not in ("region", "province")
    return not exact or (small and gone[0].startswith("و"))


def _without(text: str, detached: str, named: Sequence[_Place]) -> str:
    """A text without the first place named in it, its stops left where they are."""
    if not named:
        return text
    return re.sub(r"\W+".join(map(re.escape, named[0].words)), " ", detached, count=1)


def _of_places(named: Sequence[_Place]) -> list[Note]:
    """What is told of places: that one of several was taken, or that a larger one than was named is."""
    notes, (code, gone) = [], named[0]
    around = located(code)
    names = [fold(name) for name in areas.areas()[around].name.values()] if around else []
    spoken = next(
        (w for w in (" ".join(gone[i:]) for i in range(len(gone))) if places().named(w)), ""
    )
    if (
        around
        and spoken
        and not any(fold(spoken) in name or name in fold(spoken) for name in names)
    ):
        notes.append(Note("around", spoken, (around,)))
    others = tuple(dict.fromkeys(p.area for p in named if not _related(p.area, code)))
    if others:
        notes.append(Note("places", areas.areas()[code].code, (code, *others)))
    return notes


def _related(one: str, other: str) -> bool:
    """Whether an area is another or within it."""
    return one.startswith(other) or other.startswith(one)


def says_work(piece: str) -> bool:
    """Whether a piece of what was typed says more than a place, a number of years, or nothing."""
    rest = telling(place_named(_detached(piece))[1])
    return bool(rest) and not places().named(" ".join(rest))


def known_codes(codes: Iterable[str], name: str, list_name: str) -> None:
    """InputError for a code that a list does not hold."""
    held = codelist(list_name)
    if unknown := next((code for code in codes if code and code not in held), ""):
        raise InputError(refused("no_code_in", name=name, code=unknown, list=list_name))
