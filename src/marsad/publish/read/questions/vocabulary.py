"""The words by which people ask, as declared beside this file: what each phrase means.

A phrase is compared word for word (`spoken`), without linking words. A word that is none of ours, of a
place or of an occupation is read as ours where it is one of them with a letter that clings to it (Arabic
ب ف ل و, Darija l f b d), with one slip of the keyboard (two from nine letters; optimal string alignment),
or where it sounds so: words of Darija alone, three consonants at least (`products.occupations.sound`), in
the other script, or in the same one with most letters alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from marsad.base import areas
from marsad.base.declare import load_declaration
from marsad.base.labels import Text
from marsad.base.text import ARABIC, match_form
from marsad.products import declare
from marsad.products.occupations.search import titles
from marsad.products.occupations.sound import sound

Phrases = dict[str, list[str]]
"""Language (fr, ar, ary, en) -> words."""
INDICATOR, UNPUBLISHED, SERVICE, OCCUPATION = "indicator", "unpublished", "service", "occupation"
ACTIVITY, SIGNAL, STATE = "activity", "signal", "state"
_FEWEST_LETTERS = 4
_SPELLINGS = (
    ("ch", "S"), ("sh", "S"), ("kh", "5"), ("gh", "8"), ("7", "h"), ("9", "k"), ("q", "k"),
    ("3", ""), ("2", ""), ("ou", "u"), ("oo", "u"), ("w", "u"), ("e", ""),
)  # fmt: skip
_WRITTEN_ALIKE = ("هة", "يى", "ضظ", "ثت", "ذد", "سص", "طت", "اء", "قك", "وء")
_TWICE = re.compile(r"(.)\1+")
CLINGING = "فبلوكد"
_CLINGING = {True: CLINGING, False: "lfbdw"}
_ONE_SLIP, _TWO_SLIPS, _LEAST_SOUND, _SAME_SCRIPT = 5, 9, 3, 75


class _Wordings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fr: list[str]
    ar: list[str]
    ary: list[str]
    en: list[str]
    persons: str = ""
    state: list[str] = []

    @property
    def all(self) -> Iterator[str]:
        yield from (*self.fr, *self.ar, *self.ary, *self.en)


class Nearest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An indicator near to what is not published, and the part of the population told."""

    indicator: str
    age: str = ""
    sex: str = ""
    education: str = ""
    category: str = ""


class Unpublished(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people ask and nothing here answers: why, and what is nearest."""

    words: Phrases
    reason: Text
    nearest: tuple[Nearest, ...]


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people want to do here: the page that does it and its name."""

    path: str
    name: Text
    words: Phrases


class Activity(_Wordings, frozen=True, forbid_unknown_fields=True):
    """How an activity is named, and the unit groups of ISCO-08 that do it, by spaces."""

    groups: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: its class (INDICATOR, UNPUBLISHED, SERVICE, OCCUPATION, ACTIVITY, SIGNAL,
    STATE, a dimension, or a filter of ads) and the code within it."""

    group: str
    code: str


def _file(name: str) -> Path:
    return Path(__file__).with_name(name)


@cache
def indicators() -> Mapping[str, _Wordings]:
    """How each indicator is asked for."""
    return load_declaration(_file("indicators.yml"), dict[str, _Wordings])


@cache
def unpublished() -> Mapping[str, Unpublished]:
    """What is asked and not published, by its name."""
    return load_declaration(_file("unpublished.yml"), dict[str, Unpublished])


@cache
def services() -> Mapping[str, Service]:
    """What can be done here, by its name."""
    return load_declaration(_file("services.yml"), dict[str, Service])


@cache
def dimensions() -> Mapping[str, dict[str, _Wordings]]:
    """Dimension -> code -> how it is asked for."""
    return load_declaration(_file("groups.yml"), dict[str, dict[str, _Wordings]])


@cache
def ad_filters() -> Mapping[str, dict[str, Phrases]]:
    """Filter of ads -> code -> how it is asked for."""
    return load_declaration(_file("ads.yml"), dict[str, dict[str, Phrases]])


@cache
def places() -> Mapping[str, list[str]]:
    """Areas by names that people use in questions and no ad does."""
    return load_declaration(_file("places.yml"), dict[str, list[str]])


@cache
def place_nicknames() -> Mapping[str, str]:
    """Name (its `match_form`) -> area."""
    return {match_form(name): code for code, names in places().items() for name in names}


@cache
def official_places() -> Mapping[str, str]:
    """The official names of areas (their `match_form`): the largest area of a name."""
    named: dict[str, str] = {}
    for level in ("region", "province", "commune"):
        for area in areas.at_level(level):
            for name in area.name.values():
                named.setdefault(match_form(name), area.code)
    return named


@cache
def activities() -> Mapping[str, Activity]:
    """Activities and subjects of work, by the word under which they are looked up."""
    return load_declaration(_file("activities.yml"), dict[str, Activity])


@cache
def _signals() -> Mapping[str, _Wordings]:
    return load_declaration(_file("signals.yml"), dict[str, _Wordings])


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word for text in _signals()[name].all for word in forms(text))


@cache
def spoken(word: str) -> str:
    """A word (its match form) in one of the spellings that Latin letters give to it: khedma and khdma,
    ch7al and chhal are one. Arabic words as they are."""
    if ARABIC.match(word) or word.isdecimal() or len(word) < _FEWEST_LETTERS:
        return word
    for written, sounds in _SPELLINGS:
        word = word.replace(written, sounds)
    return _TWICE.sub(r"\1", word) or word


def forms(text: str) -> list[str]:
    """The words of a text in the form in which they are compared."""
    return [spoken(word) for word in match_form(text).split()]


def is_linking(word: str) -> bool:
    """Whether a word (one of `forms`) only joins others."""
    return word in _set("linking")


def is_idle(word: str) -> bool:
    """Whether a word (one of `forms`) says nothing of what is asked."""
    return word in _set("idle") or word in _set("linking")


def key(text: str) -> str:
    """The form in which phrases are compared: `forms` without linking words, or with them where
    nothing else is there."""
    parts = forms(text)
    return " ".join(w for w in parts if not is_linking(w)) or " ".join(parts)


def _declared() -> Iterator[tuple[Meaning, Iterable[str]]]:
    """Every phrase with its meaning; of two meanings of one phrase the first holds."""
    for name, gap in unpublished().items():
        yield Meaning(UNPUBLISHED, name), _flat(gap.words)
    for name, wordings in indicators().items():
        yield Meaning(INDICATOR, name), wordings.all
        yield Meaning(STATE, name), wordings.state
    for indicator in declare.indicators():
        yield Meaning(INDICATOR, indicator.id), indicator.title.values()
    for name, service in services().items():
        yield Meaning(SERVICE, name), _flat(service.words)
    for dimension, by_code in dimensions().items():
        for code, wordings in by_code.items():
            yield Meaning(dimension, code), wordings.all
    for name, by_filter in ad_filters().items():
        for code, texts in by_filter.items():
            yield Meaning(name, code), _flat(texts)
    for name, wordings in _signals().items():
        if name not in ("linking", "idle"):
            yield Meaning(SIGNAL, name), wordings.all
    for name, activity in activities().items():
        yield Meaning(ACTIVITY, name), (name, *activity.all)


def _flat(texts: Phrases) -> Iterator[str]:
    return (text for of_language in texts.values() for text in of_language)


@cache
def phrases() -> Mapping[str, tuple[Meaning, ...]]:
    """Phrase (its `key`) -> what it means; more than one meaning where files declare it twice."""
    meanings: dict[str, dict[Meaning, None]] = {}
    for meaning, texts in _declared():
        for text in texts:
            meanings.setdefault(key(text), {})[meaning] = None
    return {phrase: tuple(listed) for phrase, listed in meanings.items() if phrase}


@cache
def occupation_titles() -> frozenset[str]:
    """Titles in use and labels of unit groups, as `key`."""
    return frozenset(map(key, titles()))


@cache
def _ours() -> frozenset[str]:
    return frozenset(word for phrase in phrases() for word in phrase.split()) | _set("idle")


@cache
def _others() -> frozenset[str]:
    """Words of places and of occupations."""
    named = [name for area in areas.areas().values() for name in area.name.values()]
    other = [name for names in areas.aliases().values() for name in names]
    nicknames = [name for names in places().values() for name in names]
    return frozenset(w for t in (*named, *other, *nicknames, *titles()) for w in forms(t))


@cache
def _by_sound() -> Mapping[str, str]:
    """Sound -> the word of Darija that is written so first."""
    wordings = [*indicators().values(), *_signals().values(), *activities().values()]
    wordings += [a for by_code in dimensions().values() for a in by_code.values()]
    texts = [text for a in wordings for text in a.ary]
    texts += [t for gap in unpublished().values() for t in gap.words["ary"]]
    texts += [t for service in services().values() for t in service.words["ary"]]
    texts += [t for by in ad_filters().values() for words in by.values() for t in words["ary"]]
    heard: dict[str, str] = {}
    for text in texts:
        for word in match_form(text).split():
            if len(consonants := sound(word)) >= _LEAST_SOUND:
                heard.setdefault(consonants, word)
            bare = word[1:] if word.startswith("l") and len(word) > _ONE_SLIP else ""
            if len(consonants := sound(bare)) >= _LEAST_SOUND:
                heard.setdefault(consonants, word)
    return heard


def _heard(word: str) -> str:
    """The word of Darija that a word sounds like; empty for none."""
    like = _by_sound().get(sound(word), "")
    same_script = bool(ARABIC.match(word)) == bool(ARABIC.match(like)) if like else False
    return "" if same_script and fuzz.ratio(word, like) < _SAME_SCRIPT else like


@cache
def _long() -> tuple[str, ...]:
    """Our words of some length, as `match_form`."""
    texts = (text for _, phrase in _declared() for text in phrase)
    idle = (text for name in ("idle", "linking") for text in _signals()[name].all)
    every = {word for text in (*texts, *idle) for word in match_form(text).split()}
    return tuple(sorted(word for word in every if len(word) >= _ONE_SLIP))


def _is_slip(word: str, ours: str) -> bool:
    """Whether a near word is a slip of ours: in Arabic another letter is another root, unless the two
    are written for each other."""
    if not ARABIC.match(word) or len(word) != len(ours):
        return True
    swapped = {frozenset(pair) for pair in zip(word, ours) if pair[0] != pair[1]}
    return len(swapped) != 1 or any(swapped <= {frozenset(pair)} for pair in _WRITTEN_ALIKE)


def corrected(word: str) -> str:
    """A word of a question (its match form) as one of `forms` of ours, or as it is."""
    word_form = spoken(word)
    if word_form in _ours() or word_form in _others():
        return word_form
    clings = word[0] in _CLINGING[bool(ARABIC.match(word))]
    bare = spoken(match_form(word[1:])) if clings and len(word) > 2 else ""
    if (len(bare) >= 3 and bare in _ours()) or (bare and bare in _others()):
        return bare
    if len(word) >= _ONE_SLIP:
        slips = 2 if len(word) >= _TWO_SLIPS else 1
        near = process.extractOne(word, _long(), scorer=OSA.distance, score_cutoff=slips)
        if near is not None and near[0][0] == word[0] and _is_slip(word, str(near[0])):
            return spoken(str(near[0]))
    for spelt in (word, match_form(word[1:]) if clings else ""):
        if spelt and (heard := _heard(spelt)):
            return spoken(heard)
    return word_form


def town(code: str) -> str:
    """The province of a commune that bears its name: a town has one figure, whatever it is called."""
    area = areas.areas()[code]
    above = areas.areas().get(area.parent or "") if area.level == "commune" else None
    return above.code if above and above.name["fr"] == area.name["fr"] else code


@cache
def spoken_places() -> Mapping[str, str]:
    """The names of areas in the spelling that Latin letters share (`forms`), where one place is so
    named: «beni mlal» is Béni Mellal."""
    named: dict[str, set[str]] = {}
    for code, area in areas.areas().items():
        for name in (*area.name.values(), *areas.aliases().get(code, ())):
            named.setdefault(" ".join(forms(name)), set()).add(town(code))
    return {name: min(codes) for name, codes in named.items() if len(codes) == 1}


@cache
def _places_by_sound() -> Mapping[str, tuple[str, str]]:
    """Sound -> the name and code of the region, province or town that alone is named so."""
    heard: dict[str, dict[str, str]] = {}
    for code, area in areas.areas().items():
        names = [*area.name.values()] if area.level in ("region", "province") else []
        for name in (*names, *areas.aliases().get(code, ())):
            consonants = sound(match_form(name)).replace(" ", "")
            if len(consonants) >= _LEAST_SOUND:
                heard.setdefault(consonants, {}).setdefault(town(code), match_form(name))
    alone = ((c, [*named.items()]) for c, named in heard.items() if len(named) == 1)
    return {consonants: (named[0][1], named[0][0]) for consonants, named in alone}


def place_sounding(word: str) -> str:
    """The place that sounds like a word (its match form) that is none of ours; empty for none."""
    if all(spoken(part) in _ours() or spoken(part) in _others() for part in word.split()):
        return ""
    name, code = _places_by_sound().get(sound(word).replace(" ", ""), ("", ""))
    same_script = bool(ARABIC.match(word)) == bool(ARABIC.match(name)) if name else False
    return "" if same_script and fuzz.ratio(word, name) < _SAME_SCRIPT else code
