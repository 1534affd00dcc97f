"""What tells of a person's home and life: households, flats, births, ages, who signs.

A family's name counts as a person's where a household or a house stands beside it, not where a firm
or a quarter bears it. Finders read the shadow of a text (`privacy_shadow.py`) and yield spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from marsad.enrich.privacy_names import (
    Word,
    any_of,
    name_at,
    name_before,
    named_after,
    run_of,
    word_set,
)
from marsad.enrich.privacy_shadow import Rule, Span

_END = r"(?![^\W_])"
_START = r"(?<![^\W_])"
_LOOKED_AT = 70  # letters before a flat or a host that may hold the street
_ANY_NAME = 1
_KNOWN_NAME = 9
_NISBA = 5  # letters of an Arabic family name with article


@cache
def _household() -> re.Pattern[str]:
    """A household, the first group where nothing but a family follows."""
    return re.compile(
        rf"{_START}(?:({any_of('hosts')})|[ولب]?(?:{any_of('households')})){_END}[ ]{{1,2}}", re.I
    )


def _families(run: list[Word]) -> int:
    """How many Arabic words are family names: «بنـ...», or with article and ending, two at most."""
    count = 0
    for word in run[:2]:
        article = len(word.form) >= _NISBA and word.form[:2] == "ال" and word.form[-1] == "ي"
        if not word.arabic or word.given or not (word.surname or article):
            break
        count += 1
    return count


def _households(shadow: str) -> Iterator[Span]:
    """Names of families after a word for their household."""
    for match in _household().finditer(shadow):
        run = run_of(shadow, match.end())
        if not run or named_after(shadow, match.start()):
            continue
        least = _ANY_NAME if match[1] else _KNOWN_NAME
        if count := _families(run):
            yield run[0].start, run[count - 1].end
        elif span := name_at(shadow, match.end(), least=least, bold=False):
            yield span


@cache
def _host() -> re.Pattern[str]:
    return re.compile(rf"{_START}(?:{any_of('at_home_of')}){_END}[ ]{{1,2}}", re.I)


@cache
def _house() -> re.Pattern[str]:
    """A street or house with its number."""
    return re.compile(rf"{_START}(?:{any_of('houses')})(?![^\W\d_])[^\n;:\[]{{0,60}}?\d", re.I)


@cache
def _house_after() -> re.Pattern[str]:
    return re.compile(
        rf"[\s,/\-]{{1,3}}(?:{any_of('houses')})\.?\s?(?:n°|no\.?|رقم)?\s?\d{{1,4}}(?!\d)", re.I
    )


def _house_before(shadow: str, end: int) -> int | None:
    """Where a house with a number begins in the same line right before a place; None for none."""
    start = max(0, end - _LOOKED_AT)
    match = _house().search(shadow, max(start, shadow.rfind("\n", start, end) + 1), end)
    return match.start() if match else None


def _hosts(shadow: str) -> Iterator[Span]:
    """Names after «chez»: a given name and a family's, or a given name after a house's number."""
    for match in _host().finditer(shadow):
        run = run_of(shadow, match.end())
        span = name_at(shadow, match.end(), least=_KNOWN_NAME, bold=False)
        before = shadow[max(0, match.start() - 24) : match.start()].lower().split()
        after = shadow[span[1] : span[1] + 24].lower().split() if span else []
        if span is None or (before and before[-1] in word_set("shops")):
            continue
        firm = {word.form for word in run} | {word.strip(",.;") for word in after[:1]}
        if firm & word_set("firms"):
            continue
        run = run[1:] if run[0].form in word_set("family_starts") else run
        if not run or not run[0].given:
            continue
        family = len(run) > 1 and (
            run[1].given or run[1].surname or run[1].form in word_set("family_starts")
        )
        if family or _house_before(shadow, match.start()) is not None:
            yield span


@cache
def _flat() -> re.Pattern[str]:
    number = r"\.?\s?(?:n°|no\.?|رقم)?\s?\d{1,4}(?!\d|[.,]\d|\s?(?:pieces?|chambres?|m2|dh|غرف))"
    return re.compile(rf"{_START}(?:{any_of('flats')}){number}", re.I)


@cache
def _door() -> re.Pattern[str]:
    return re.compile(
        rf"\[name\][\s,]{{1,3}}((?:{any_of('houses')})\.?\s?(?:n°|no\.?|رقم)?\s?\d{{1,4}}(?!\d))",
        re.I,
    )


_HOST_MARK = re.compile(r"[\s,]{0,3}(?:chez|عند) \[name\]", re.I)
_LETTERED = re.compile(r"imm(?:euble)?\.?\s?[A-Z]\d?\s?[,\-/]?\s?$", re.I)


def _flats(shadow: str) -> Iterator[Span]:
    """Flats with their house, houses of whose host the name is known, doors after a name."""
    for match in _flat().finditer(shadow):
        start = _house_before(shadow, match.start())
        lettered = _LETTERED.search(shadow, max(0, match.start() - 16), match.start())
        if start is None and lettered:
            start = lettered.start()
        if start is not None:
            yield start, match.end()
        elif house := _house_after().match(shadow, match.end()):
            yield match.start(), house.end()
    for match in _HOST_MARK.finditer(shadow):
        if (start := _house_before(shadow, match.start())) is not None:
            yield start, match.start()
    yield from (match.span(1) for match in _door().finditer(shadow))


_DAY = r"\d{1,2}(?:[/.\- ]\d{1,2}[/.\- ]\d{2,4}|(?:er)?\s[^\W\d_]{3,9}\.?\s\d{4})(?!\d)"


@cache
def _born() -> re.Pattern[str]:
    return re.compile(rf"[\s,(]{{0,3}}{_START}(?:{any_of('born')}){_END}[\s:]{{0,3}}({_DAY})", re.I)


_AGED = re.compile(
    r"\s?[,(]\s?(?:agee?\s(?:de\s)?|عمرها?\s)?\d{1,2}\s?(?:ans|mois|سنة|سنوات|years old)\b(?!\s(?:d|de|en|dans)\b)",
    re.I,
)


def _births(shadow: str) -> Iterator[Span]:
    yield from (match.span(1) for match in _born().finditer(shadow))


def _aged(shadow: str) -> Iterator[Span]:
    """Names before a day of birth; before an age, from the given name on («Garder Ilyas, 6 ans»)."""
    for match in _born().finditer(shadow):
        if span := name_before(shadow, match.start()):
            yield span
    for match in _AGED.finditer(shadow):
        if span := name_before(shadow, match.start()):
            given = (word.start for word in run_of(shadow, span[0]) if word.given)
            yield next(given, span[0]), span[1]


@cache
def _signed() -> re.Pattern[str]:
    name = r"[A-Z][a-z]{2,20}(?:-[A-Z][a-z]{1,20})?[ ][A-Z]{3,20}(?:[ -][A-Z]{2,20}){0,2}"
    return re.compile(rf"\n[ ]?({name})\s?[/|,\-]\s?(?i:{any_of('signers')}){_END}")


def _signatures(shadow: str) -> Iterator[Span]:
    """Lines «Prénom NOM / Gérant», the given name unknown."""
    for match in _signed().finditer(shadow):
        run = run_of(shadow, match.start(1))
        if run and run[-1].end >= match.end(1):
            yield match.span(1)


RULES: tuple[Rule, ...] = (
    ("name", lambda shadow: _household().search(shadow), _households),
    ("name", lambda shadow: _host().search(shadow), _hosts),
    ("name", lambda shadow: _born().search(shadow) or _AGED.search(shadow), _aged),
    ("name", lambda shadow: _signed().search(shadow), _signatures),
    ("id", lambda shadow: _born().search(shadow), _births),
    ("address", lambda shadow: "[name]" in shadow or _flat().search(shadow), _flats),
)
