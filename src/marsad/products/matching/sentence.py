"""What a free sentence says of a person: trade, years of experience, diploma, language.

Readings of the trade are added up as log-chances: what words and tasks say (`tasks.py`), what the
occupation coder reads in the whole sentence and in each of its pieces, a title in use that stands in
the sentence, and what the name of a trade given beside it says. A score is the share of belief (softmax, its sharpness fitted
so that scores of our own persons are right as often as they say). Measured by `benchmarks/matching.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from marsad.base.areas import COUNTRY
from marsad.base.text import fold, match_form, words
from marsad.enrich.fields import AdWords, coders
from marsad.enrich.fields.diploma.classify import diploma_of
from marsad.enrich.fields.isco08.classify import read_title, titles_in
from marsad.enrich.lexicon import Candidate
from marsad.enrich.vectors import Floats
from marsad.products.matching.clauses import beside, clauses, parted
from marsad.products.matching.tasks import frame, tasks, telling
from marsad.products.occupations.search import occupations

MOST_TEXT = 4_000
"""Letters that are read of a person."""
WHOLE, PIECES, TITLE, NAMED, SHARPNESS = 0.5, 0.5, 0.5, 1.5, 0.5
_NAMED_ALONE, _DOUBT, _SPEAKS, _MOST_WORDS, _MOST_YEARS, _MOST_PIECES = 0.95, 0.02, 1.0, 5, 50, 12
_ENDS = re.compile(r"[\n\r,;:،؛.!?؟|•]+|\s[-–—]\s")
_AM = (["j", "ai"], ["i", "am"], ["i", "m"])  # an age follows
_YOUNGEST = 16
"""Years that may be those of somebody who looks for work."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TERM = re.compile(r"\d+(?:[.,٫]\d+)?(?!\w)|[^\W_]+")
_GLUED = re.compile(r"(\d)(?=(?:ans?|mois|années?|years?|yrs?|سن|عام|شه)\b)", re.I)
_CHAT = re.compile(r"\b[a-z]*[3789][a-z]+|\b[a-z]+[3789][a-z]*", re.I)


@dataclass(frozen=True, slots=True)
class Meant:
    """A unit group that a sentence speaks for, its share of belief (0 to 1), and the words that do."""

    code: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was read: occupations, best first; years of experience (None where none are said); diploma
    (list `diploma`) or empty; language (list `language`)."""

    occupations: tuple[Meant, ...]
    years: float | None
    level: str
    language: str


def read(text: str, job: str = "", limit: int = 5) -> Sentence:
    """What a sentence and the name of a trade (either may be empty) say; no occupation where no word of
    theirs is known."""
    language = _language(text or job)
    held = parted(text).held
    diploma = diploma_of("", "", held) or _without_diploma(text)
    sounded = language == "ary-Latn" or bool(_CHAT.search(text))
    nearest = beside(held)  # without what they are retired from and whose kin they are
    meant = tuple(_occupations(nearest, job, sounded, limit))
    if not meant and nearest != held:
        meant = tuple(_occupations(held, job, sounded, limit))
    return Sentence(
        meant,
        years(text),
        diploma.code if diploma else "",
        language,
    )


def _language(text: str) -> str:
    """The language of a text; Darija in Latin letters where any segment is in it."""
    columns = dict(coders())["language"]([AdWords("", text, country=COUNTRY)])
    heard = str(columns["segments"][0]).split()
    return "ary-Latn" if "ary-Latn" in heard else str(columns["language"][0] or "und")


def _without_diploma(text: str) -> Candidate | None:
    """The reading «no diploma» of a text that denies one."""
    diploma = diploma_of("", "", text)
    return diploma if diploma and diploma.code == "none" else None


def _chances(texts: list[str]) -> Floats:
    """Chances of each group by the occupation coder, the best over some texts."""
    place = tasks().place
    chances = np.zeros(len(place), np.float32)
    for piece in texts:
        for group in read_title(piece).groups:
            if group.code in place:
                at = place[group.code]
                chances[at] = max(chances[at], group.score)
    return chances


def _named(text: str) -> Floats:
    """The longest title in use (in words) of each group that stands in a text."""
    place = tasks().place
    longest = np.zeros(len(place), np.float32)
    for group, phrase in titles_in(text):
        if group in place:
            longest[place[group]] = max(longest[place[group]], 1 + phrase.count(" "))
    return longest


def _occupations(text: str, job: str, sounded: bool, limit: int) -> Iterator[Meant]:
    every = tasks()
    spoken = every.read(f"{job}\n{text}", sounded)
    pieces = [" ".join(telling(piece)) for piece in _ENDS.split(text) if telling(piece)]
    whole, parts = _chances([text]), _chances(pieces[:_MOST_PIECES])
    trade = np.zeros(len(every.codes), np.float32)
    for group in occupations(job):
        if group.code in every.place:
            trade[every.place[group.code]] = min(1.0, group.score)
    titles = _named(text)
    if not (titles.any() or trade.any() or spoken.each.max(initial=0) >= _SPEAKS):
        return
    total = spoken.scores + TITLE * titles
    for weight, chances in ((WHOLE, whole), (PIECES, parts), (NAMED, trade)):
        total += weight * np.log(_DOUBT + chances)
    belief = np.exp(SHARPNESS * (total - total.max()))
    belief /= belief.sum()
    first = int(belief.argmax())  # what the coder or the trade's name is sure of by itself, is sure
    belief[first] = max(belief[first], whole[first], trade[first] * _NAMED_ALONE)
    for at in np.argsort(-belief, kind="stable")[:limit].tolist():
        yield Meant(
            every.codes[at],
            round(float(belief[at]), 4),
            _written(text, job, spoken.because(at, _SPEAKS, _MOST_WORDS)),
        )


def _written(text: str, job: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Words in comparison form as their writer wrote them."""
    written = {match_form(word): word for word in words(f"{job} {text}")}
    return tuple(written.get(form, form) for form in forms)


@cache
def _numbers() -> dict[str, float]:
    return {fold(word): float(n) for n, spelt in frame().numbers.items() for word in spelt}


def years(text: str) -> float | None:
    """The most years of experience that a sentence says, months as parts of one. An age, years at home,
    without work, of marriage or of study, and what is denied are none; nor is a number that says
    nothing of work and may be an age."""
    spans: list[float | None] = []
    for clause in clauses(_GLUED.sub(r"\1 ", text)):
        parts = parted(clause)
        terms = list(map(_term, _TERM.findall(parts.held)))
        spans += [
            _span(terms, i, bool(parts.denied)) for i, term in enumerate(terms) if term in _units()
        ]
    return max((span for span in spans if span is not None), default=None)


def _term(term: str) -> str:
    """A word in comparison form, or a number with its decimal point."""
    return re.sub("[,٫]", ".", term) if term[0].isdecimal() and term[-1].isdecimal() else fold(term)


@cache
def _units() -> dict[str, float]:
    """Words for a span of time, in years."""
    years = dict.fromkeys(map(fold, frame().years), 1.0)
    return years | dict.fromkeys(map(fold, frame().months), 1 / 12)


def _span(terms: list[str], at: int, denied: bool) -> float | None:
    """The years of work that end with the unit at a place of a clause; None for other years or a unit
    without a number. A unit that is its own number («سنة») counts beside a word of experience alone."""
    number = terms[at - 1] if at else ""
    value = float(number) if _NUMBER.fullmatch(number) else _numbers().get(number)
    before, after = terms[max(0, at - 5) : at], terms[at + 1 : at + 3]
    served = not _terms("served").isdisjoint((*before, *after))
    since = not _terms("since").isdisjoint(before[-3:])
    if value is None and (served or since):
        value, number = _numbers().get(terms[at]), terms[at]
    if value is None:
        return None
    if not _terms("half").isdisjoint(after):
        value += 0.5
    value = round(value * _units()[terms[at]], 2)
    return value if value <= _MOST_YEARS and _is_work(terms, at, denied, served, since) else None


def _is_work(terms: list[str], at: int, denied: bool, served: bool, since: bool) -> bool:
    """Whether the years that end with the unit at a place are of work."""
    before, after = terms[max(0, at - 5) : at], terms[at + 1 : at + 3]
    if after[:1] == ["old"]:
        return False
    if served:
        return True
    if denied or not _terms("idle").isdisjoint(terms):
        return False
    if since:
        return True
    if not _terms("age").isdisjoint((*before, *after[:1])):
        return False
    if len(after) > 1 and (after[0] in _terms("doing") or after[0].startswith("فال")):
        return True
    number = _numbers().get(terms[at - 1]) or float(terms[at - 1]) if at else 0
    return before[-3:-1] not in _AM and number < _YOUNGEST


@cache
def _terms(name: str) -> frozenset[str]:
    return frozenset(map(fold, getattr(frame(), name)))
