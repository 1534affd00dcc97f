"""Which of the skills that an ad's words name it asks for.

Not those in talk about the company, ways to apply, legal notices and benefits; not those that a
negation takes back («aucune connaissance de Java n'est exigée»); and a word that is a skill by itself
only where a word of demand or duty, or another skill, stands near it. Phrases that merely contain a
skill's words («par nos soins», «3200 DH net») hide them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.boilerplate import Segment, segments
from marsad.enrich.fields.isco08.titles import occupation_words
from marsad.enrich.lexicon import Lexicon, Match

_WORDS = Path(__file__).with_name("demand.yml")
_END = "zqz"  # a word that no text has, where a clause ends
_CLAUSE = re.compile(r"[,;:()\[\]،؛]|\s[-–—/]\s|\b(?:mais|but|however)\b|لكن|ولكن", re.I)
_DENIED = re.compile(
    r"\s{0,3}:\s{0,3}(?=(?:non|pas|not|no need|غير|ليس|ليست|ماشي)\b)", re.I
)  # «Java : non exigé»
_DOTNET = re.compile(r"(?<!\w)\.net\b|(?<=asp)\.net\b|(?<=vb)\.net\b|(?<=ado)\.net\b", re.I)
_ELSEWHERE = frozenset({"company", "apply", "legal", "offer"})
_REQUIRING = frozenset({"duties", "profile"})  # parts in which every skill is asked for
_BEFORE, _AFTER, _NEAR, _BESIDE = 6, 7, 12, 4
_ITEM = 3  # words of an item of a list
_NAME, _LINKS = 10, 4  # where an employer's name ends; words between a trade's cue and its words
_LONGEST = 120  # words of a sentence that are read together
HIDDEN = ""


def hidden() -> tuple[str, ...]:
    """Phrases that hide a skill in them, in comparison form."""
    return phrases.phrases(_WORDS)[phrases.NOTHING]


def readable(text: str) -> str:
    """A text in which «.NET» is a word of its own, and a denial stays with what it denies."""
    return _DENIED.sub(" ", _DOTNET.sub(" dotnet ", text))


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(phrases.phrases(_WORDS)[name])


@cache
def _cues() -> Lexicon[str]:
    kinds = ("not_taken_back", "not_before", "not_after", "offer", "trade")
    forms = phrases.phrases(_WORDS)
    return Lexicon((form, kind) for kind in kinds for form in forms[kind])


def _until_end(words: Sequence[str]) -> Sequence[str]:
    return words[: words.index(_END)] if _END in words else words


def _taken_back(words: Sequence[str], match: Match[str], cues: Sequence[Match[str]]) -> bool:
    """Whether a negation before the skill in its clause, or after it, takes the demand back."""
    first, last = match.start, match.start + match.length
    left = len(_until_end(words[max(0, first - _BEFORE) : first][::-1]))
    denied_all = any(c.payload == "not_before" and c.phrase.startswith("aucun") for c in cues)
    for cue in cues:
        inside = cue.start < last and first < cue.start + cue.length
        if inside or cue.payload not in ("not_before", "not_after"):
            continue
        if first - left <= cue.start < first:  # «no ...», «it is not necessary to know ...»
            return True
        if last <= cue.start <= last + _AFTER and (
            cue.payload == "not_after" or cue.phrase in _set("not_after")
        ):
            return True
    after = {"exige", "exigee", "requis", "requise", "necessaire", "demande", "demandee"}
    return denied_all and bool(after & set(words[last:]))


def _of_employer(words: Sequence[str], match: Match[str], cues: Sequence[Match[str]]) -> bool:
    """Whether a skill's words are the employer's trade («leader de la grande distribution») or name."""
    first, last = match.start, match.start + match.length
    does = _set("employer_does")
    if {" ".join(words[last : last + n]) for n in (1, 2)} & does and first <= _NAME:
        return True
    if first <= 1 and does & {*words[last : last + _LINKS]}:  # «Câblage du Sud recrute»
        return True
    left = _until_end(words[max(0, first - _NEAR) : first][::-1])
    if _set("experience") & {*left}:
        return False
    near = {c.start + c.length for c in cues if c.payload == "trade"}
    return any(first - end in range(_LINKS) for end in near)


def _demanded(words: Sequence[str], match: Match[str], others: Sequence[Match[str]]) -> bool:
    """Whether a word of demand or duty, or another skill, stands near a skill of one word, or it is
    an item of a list by itself."""
    if len(words) <= _ITEM:
        return True
    first, last = match.start, match.start + match.length
    near = {*words[max(0, first - _NEAR) : last + _BESIDE]}
    if near & _set("demand"):
        return True
    return any(o is not match and abs(o.start - first) <= _BESIDE for o in others)


def demands(lexicon: Lexicon[str], title: str, text: str) -> Iterator[Match[str]]:
    """The skills of a lexicon (whose `HIDDEN` entries stand for nothing) that an ad asks for."""
    form = match_form(readable(title))
    for match in lexicon.find(form):
        framed = match.length == 1 and f" {match.phrase} " not in f" {occupation_words(form)} "
        if match.payload != HIDDEN and not framed:
            yield match
    for segment in segments(readable(text)):
        words = match_form(_CLAUSE.sub(f" {_END} ", segment.text)).split()
        for start in range(0, len(words), _LONGEST):
            yield from _demands_in(lexicon, words[start : start + _LONGEST], segment)


def _offered_from(words: list[str], cues: Sequence[Match[str]], segment: Segment) -> int:
    """The word from which a segment speaks of what is given, or of the employer; 0 for all of it."""
    talk = segment.part in _ELSEWHERE and (segment.own or segment.part != "company")
    if talk and not (segment.part in ("company", "apply") and set(words) & _set("wanted")):
        return 0
    offers = [cue.start for cue in cues if cue.payload == "offer"]
    asks = segment.part in _REQUIRING and segment.own
    return min(offers) if offers and not asks else len(words)


def _demands_in(lexicon: Lexicon[str], words: list[str], segment: Segment) -> Iterator[Match[str]]:
    form = " ".join(words)
    matches = [m for m in lexicon.find(form) if m.payload != HIDDEN]
    if not matches:
        return
    cues = _cues().find(form)
    end = _offered_from(words, cues, segment)
    under_talk = segment.part == "company"
    for match in matches:
        latin = match.phrase[0] < "\u0600"
        weak = under_talk or (match.length == 1 and latin and segment.part not in _REQUIRING)
        if match.start >= end or _taken_back(words, match, cues):
            continue
        if segment.part not in _REQUIRING and _of_employer(words, match, cues):
            continue
        if not weak or _demanded(words, match, matches):
            yield match
