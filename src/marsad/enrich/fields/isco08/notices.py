"""Titles of public notices: the corps, grade or post that stands in their frame -> ISCO-08.

«Avis de concours de recrutement de Médecins premier grade», «مباراة لتوظيف متصرف من الدرجة الثانية»: the set
phrases and the employer go, and `notices.yml` says, with its reason, to which unit group a corps of
the civil service belongs. A branch that is named («spécialité génie civil») is for the coder.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.text import match_form
from marsad.enrich.fields.isco08.titles import occupation_words, plain_title
from marsad.enrich.lexicon import Lexicon, Match

_EARLY = 6  # words before the name of a head's post
_NEAR = 9  # words after it in which its function is looked for


class Corps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of a corps or post in both languages, its unit group and why."""

    fr: tuple[str, ...]
    ar: tuple[str, ...]
    isco: str
    reason: str
    by_specialty: bool = False


class _Otherwise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    isco: str
    reason: str


class _Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fr: tuple[str, ...]
    ar: tuple[str, ...]
    otherwise: _Otherwise


class Notices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration `notices.yml`."""

    frames: tuple[str, ...]
    grades: tuple[str, ...]
    specialty: tuple[str, ...]
    responsibility: Corps
    corps: tuple[Corps, ...]
    heads: _Heads
    other_heads: tuple[Corps, ...]
    functions: dict[str, tuple[str, ...]]


class Post(NamedTuple):
    """What a notice is for: unit group, the words it rests on, the words of its branch, if any, and
    whether the frame of a notice stands around it (else a coder that is sure is believed first).

    Heads of units in Arabic count as framed: hardly an ad of a firm has such titles in Arabic."""

    isco: str
    evidence: str
    branch: str = ""
    framed: bool = True


@cache
def notices() -> Notices:
    """The corps of the civil service and the frames of notices."""
    return load_declaration(Path(__file__).with_suffix(".yml"), Notices)


def _lexicon_of(every: tuple[Corps, ...]) -> Lexicon[Corps]:
    return Lexicon((name, corps) for corps in every for name in (*corps.fr, *corps.ar))


@cache
def _corps() -> Lexicon[Corps]:
    return _lexicon_of(notices().corps)


@cache
def _posts() -> Lexicon[Corps | None]:
    """Posts of heads: of their own group, or (None) by their function."""
    declared = notices()
    named = [(name, corps) for corps in declared.other_heads for name in (*corps.fr, *corps.ar)]
    named += [
        (n, declared.responsibility)
        for n in (*declared.responsibility.fr, *declared.responsibility.ar)
    ]
    return Lexicon([*named, *((name, None) for name in (*declared.heads.fr, *declared.heads.ar))])


@cache
def _marks() -> Lexicon[str]:
    declared = notices()
    return Lexicon(
        [*((frame, "frame") for frame in declared.frames), *((g, "grade") for g in declared.grades)]
    )


@cache
def _functions() -> Lexicon[str]:
    return Lexicon((word, isco) for isco, words in notices().functions.items() for word in words)


@cache
def _branch() -> re.Pattern[str]:
    every = "|".join(sorted(map(match_form, notices().specialty), key=len, reverse=True))
    return re.compile(rf"(?:^|\s)(?:{every})\s(.+)$")


@cache
def _known() -> frozenset[str]:
    """The Arabic words of frames and posts, to which «for» may be joined."""
    declared = notices()
    names = (*declared.frames, *declared.heads.ar, *declared.responsibility.ar)
    every = (
        *names,
        *(name for corps in (*declared.corps, *declared.other_heads) for name in corps.ar),
    )
    return frozenset(word for name in every for word in match_form(name).split())


def _without_joined(form: str) -> str:
    """A form in which «for», which Arabic writes onto a word, is taken off the words of notices."""
    return " ".join(
        word[1:] if word[0] == "ل" and word[1:] in _known() else word for word in form.split()
    )


def _head(form: str) -> Post | None:
    """A head of a unit, or a post of responsibility, near the beginning of a title."""
    for match in _posts().find(form):
        if match.start > _EARLY:
            continue
        if match.payload is not None:
            return Post(match.payload.isco, match.phrase)
        words = form.split()[match.start + match.length :][:_NEAR]
        functions = _functions().find(" ".join(words))
        isco = functions[0].payload if functions else notices().heads.otherwise.isco
        named = f" {functions[0].phrase}" if functions else ""
        return Post(isco, match.phrase + named)
    return None


_BRANCH_WORDS = (
    4  # words after a corps that may be its branch without a word for it («technicien génie civil»)
)


def _branch_after(form: str, match: Match[Corps]) -> str:
    """The words of a corps' branch, where the title names one."""
    if not match.payload.by_specialty:
        return ""
    rest = " ".join(form.split()[match.start + match.length :])
    if branch := _branch().search(rest):
        return f"{match.phrase} {branch[1]}"
    return f"{match.phrase} {rest}" if 0 < len(rest.split()) <= _BRANCH_WORDS else ""


def post_of(title: str) -> Post | None:
    """The post that the title of a public notice is for; None for any other title.

    A corps is read only where the frame of a notice or a grade stands: «technicien» in an ordinary
    ad says no corps.
    """
    form = _without_joined(match_form(plain_title(title)))
    framed = bool(_marks().find(form))
    if post := _head(form):
        return post._replace(framed=framed or post.evidence[0] > "\u0600")
    if not framed:
        return None
    plainly = occupation_words(form) or form
    matches = _corps().find(plainly) or _corps().find(form)
    if not matches:
        return None
    first = min(matches, key=lambda match: match.start)
    return Post(first.payload.isco, first.phrase, _branch_after(plainly, first))
