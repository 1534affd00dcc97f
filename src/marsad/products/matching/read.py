"""What people write, read by the classifiers: skills typed by hand, a CV, an ad of an employer.

Every reading keeps the words that it rests on. A CV gives codes and labels alone: never a name, a
telephone number or a sentence of its owner.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz, process

from marsad.base.areas import COUNTRY
from marsad.base.text import match_form
from marsad.base.wages import minimum, minimum_month_mad, wages
from marsad.enrich.fields.esco_skills.classify import (
    skills_named,
    skills_of,
    vocabulary,
)
from marsad.enrich.fields.esco_skills.rank import skills
from marsad.enrich.fields.isco08.classify import exact, occupation_of, read_title
from marsad.enrich.fields.salary.classify import salary_of as pay_of
from marsad.products.matching import sentence, wording
from marsad.products.matching.sentence import MOST_TEXT, Meant

MOST_PHRASES, LONGEST_PHRASE = 60, 12
ALIKE = 85.0
"""Likeness of spelling (per cent, Levenshtein) from which words are taken for an entry of ours: measured
by `benchmarks/matching.py` on entries with a slip of the keyboard."""
_FEWEST_LETTERS = 5
_ENDS = re.compile(r"[\n\r\t,;:،؛|•●▪/]+|\.(?:\s|$)|\s[-–—*]\s")


@dataclass(frozen=True, slots=True)
class Understood:
    """A phrase as its writer wrote it, and the skills (codes with labels) that it was read as; none
    when it counts by its meaning alone. `job` is the unit group when it is an occupation's name. `known` is false when no word of it is known."""

    words: str
    codes: tuple[str, ...]
    job: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """An occupation read: unit group of ISCO-08, score from 0 to 1, and the words it rests on."""

    code: str
    score: float
    words: str


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What a CV says: skills (codes), phrases that are labels of ESCO, occupations that its lines name,
    and those that its tasks speak for (without their words, which are its owner's)."""

    codes: tuple[str, ...]
    phrases: tuple[str, ...]
    jobs: tuple[Job, ...]
    meant: tuple[Meant, ...] = ()


@dataclass(frozen=True, slots=True)
class Advert:
    """What an ad says: ranked occupations, skills with the words, pay (least, most, in dirhams a
    month) with its words, and (flag, words) of what excludes people."""

    jobs: tuple[Job, ...]
    skills: tuple[tuple[str, str], ...]
    pay: tuple[float | None, float | None] | None
    pay_words: str
    excluding: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LegalMinimum:
    """Gross dirhams a month of `hours` legal hours, from a day on; `verified` once read in the gazette."""

    month_mad: float
    hours: float
    since: dt.date
    verified: bool


def phrases(text: str) -> list[str]:
    """The pieces of what was typed: between commas, line ends, bullets, slashes."""
    pieces = (" ".join(piece.split()).strip(" .-–—") for piece in _ENDS.split(text))
    return list(dict.fromkeys(piece for piece in pieces if piece))[:MOST_PHRASES]


@cache
def _forms() -> tuple[list[str], list[str]]:
    """The forms of our vocabulary in comparison form, and the code of each."""
    codes_by_form: dict[str, str] = {}
    for code, row in vocabulary().items():
        for text in row["forms"].split("|"):
            if len(form := match_form(text)) >= _FEWEST_LETTERS:
                codes_by_form.setdefault(form, code)
    return list(codes_by_form), list(codes_by_form.values())


def spelt_like(words: str) -> tuple[str, float]:
    """The skill of our vocabulary with the form spelt most like some words, and how like (per cent)."""
    forms, codes = _forms()
    form = match_form(words)
    if len(form) < _FEWEST_LETTERS:
        return "", 0.0
    _, likeness, at = process.extractOne(form, forms, scorer=fuzz.ratio)
    return codes[at], float(likeness)


def understood(text: str) -> list[Understood]:
    """What each phrase typed was read as."""
    readings = []
    for words in phrases(text):
        codes = tuple(c.code for c in skills_named(words))
        parts = match_form(words).split()
        known = any(skills().space.knows(part) for part in parts)
        if not codes and len(parts) <= LONGEST_PHRASE:
            code, likeness = spelt_like(words)
            codes = (code,) if likeness >= ALIKE else ()
        entry = exact(words)
        job = entry[0] if entry else ""
        readings.append(Understood(words, codes, job, known or bool(codes or job)))
    return readings


def skills_in(text: str) -> list[str]:
    """The skills of our vocabulary that a sentence names, each once."""
    return list(dict.fromkeys(candidate.code for candidate in skills_named(text)))[:MOST_PHRASES]


def curriculum(text: str) -> Curriculum:
    """The skills and occupations that a CV names, without anything else of it."""
    codes = {c.code: None for c in skills_named(text)}
    labels: dict[str, None] = {}
    jobs: dict[str, Job] = {}
    for line in text.splitlines():
        for words in phrases(line):
            parts = match_form(words).split()
            for place, start, length in skills().labelled(parts) if len(parts) < 60 else ():
                if length > 1 and skills().names[place] not in vocabulary():
                    labels[" ".join(parts[start : start + length])] = None
            if len(parts) <= LONGEST_PHRASE and (entry := exact(words)):
                jobs.setdefault(entry[0], Job(entry[0], 1.0, entry[2]))
    held = tuple(replace(meant, words=()) for meant in sentence.read(text[:MOST_TEXT]).occupations)
    return Curriculum(
        tuple(codes)[:MOST_PHRASES], tuple(labels)[:MOST_PHRASES], tuple(jobs.values())[:5], held
    )


def jobs_named(words: str, limit: int = 6) -> list[Job]:
    """The occupations that a title names, best first."""
    return [Job(c.code, c.score, c.evidence) for c in read_title(words).groups[:limit]]


def legal_minimum() -> LegalMinimum:
    """The legal minimum wage in force last (SMIG, outside agriculture)."""
    step = minimum(None)
    month = minimum_month_mad(None)
    assert step is not None  # no day is asked, so the last step answers
    assert month is not None
    return LegalMinimum(month, wages().hours_per_month, step.since, step.verified)


def advert(title: str, text: str) -> Advert:
    """Everything that is read from an ad. Without a title its first line is taken for one."""
    title = title or next((line for line in text.splitlines() if line.strip()), "")[:200]
    ranked, _ = occupation_of(title, text)
    ranked = ranked or list(read_title(title, text).groups[:5])
    pay = pay_of("", title, text, country=COUNTRY)
    return Advert(
        tuple(Job(c.code, c.score, c.evidence) for c in ranked),
        tuple((c.code, c.evidence) for c in skills_of(title, text)),
        pay.month_mad if pay else None,
        pay.evidence if pay else "",
        wording.flagged(title, text),
    )
