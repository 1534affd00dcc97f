"""What people write, read by the classifiers: skills typed by hand, a CV, an ad of an employer.

Every reading keeps the words that it rests on. A CV gives codes and labels alone: never a name, a
telephone number or a sentence of its owner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from marsad.base.text import match_form
from marsad.enrich.classify.esco_skills.classify import classify as skills_of
from marsad.enrich.classify.esco_skills.classify import vocabulary
from marsad.enrich.classify.esco_skills.rank import skills
from marsad.enrich.classify.isco08.classify import classify as occupation_of
from marsad.enrich.classify.isco08.classify import exact, read_title
from marsad.enrich.classify.salary.classify import classify as pay_of
from marsad.enrich.vectors import Floats, unit
from marsad.products.matching import wording

MOST_PHRASES, LONGEST_PHRASE = 60, 12
NEAR = 0.8
"""Cosine with a skill's vector from which words that are no entry of ours are taken for it. Measured
by `benchmarks/matching.py` on entries with a slip of the keyboard."""
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
    """What a CV says: skills (codes), phrases that are labels of ESCO, occupations held."""

    codes: tuple[str, ...]
    phrases: tuple[str, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Advert:
    """What an ad says: ranked occupations, skills with the words, pay (least, most, in dirhams a
    month) with its words, and (flag, words) of what excludes people."""

    jobs: tuple[Job, ...]
    skills: tuple[tuple[str, str], ...]
    pay: tuple[float | None, float | None] | None
    pay_words: str
    excluding: tuple[tuple[str, str], ...]


def phrases(text: str) -> list[str]:
    """The pieces of what was typed: between commas, line ends, bullets, slashes."""
    pieces = (" ".join(piece.split()).strip(" .-–—") for piece in _ENDS.split(text))
    return list(dict.fromkeys(piece for piece in pieces if piece))[:MOST_PHRASES]


@cache
def _vectors() -> tuple[list[str], Floats]:
    """Codes of our vocabulary and their directions."""
    model, codes = skills(), list(vocabulary())
    rows = []
    for code in codes:
        place = model.place.get(code)
        found = model.profile([(place, True)]) if place is not None else None
        if found is None:
            row = vocabulary()[code]
            words = [model.space.phrase(match_form(row[k]).split()) for k in ("fr", "en", "ar")]
            found = unit(np.sum(words, axis=0))
        rows.append(found)
    return codes, np.stack(rows).astype(np.float32)


def nearest(words: str) -> tuple[str, float]:
    """The skill of our vocabulary nearest to some words, and the cosine."""
    codes, rows = _vectors()
    likeness = rows @ skills().space.phrase(match_form(words).split())
    best = int(likeness.argmax())
    return codes[best], float(likeness[best])


def understood(text: str) -> list[Understood]:
    """What each phrase typed was read as."""
    found = []
    for words in phrases(text):
        codes = tuple(c.code for c in skills_of(words, ""))
        parts = match_form(words).split()
        known = any(skills().space.knows(part) for part in parts)
        if not codes and known and len(parts) <= LONGEST_PHRASE:
            code, likeness = nearest(words)
            codes = (code,) if likeness >= NEAR else ()
        held = exact(words)
        job = held[0] if held else ""
        found.append(Understood(words, codes, job, known or bool(codes or job)))
    return found


def curriculum(text: str) -> Curriculum:
    """The skills and occupations that a CV names, without anything else of it."""
    codes = {c.code: None for c in skills_of("", text)}
    said: dict[str, None] = {}
    jobs: dict[str, Job] = {}
    for line in text.splitlines():
        for words in phrases(line):
            parts = match_form(words).split()
            for place, start, length in skills().labelled(parts) if len(parts) < 60 else ():
                if length > 1 and skills().names[place] not in vocabulary():
                    said[" ".join(parts[start : start + length])] = None
            if len(parts) <= LONGEST_PHRASE and (held := exact(words)):
                jobs.setdefault(held[0], Job(held[0], 1.0, held[2]))
    return Curriculum(
        tuple(codes)[:MOST_PHRASES], tuple(said)[:MOST_PHRASES], tuple(jobs.values())[:5]
    )


def jobs_named(words: str, limit: int = 6) -> list[Job]:
    """The occupations that a title names, best first."""
    return [Job(c.code, c.score, c.evidence) for c in read_title(words).groups[:limit]]


def advert(title: str, text: str) -> Advert:
    """Everything that is read from an ad. Without a title its first line is taken for one."""
    title = title or next((line for line in text.splitlines() if line.strip()), "")[:200]
    ranked, _ = occupation_of(title, text)
    ranked = ranked or list(read_title(title, text).groups[:5])
    pay = pay_of("", title, text)
    return Advert(
        tuple(Job(c.code, c.score, c.evidence) for c in ranked),
        tuple((c.code, c.evidence) for c in skills_of(title, text)),
        pay.month_mad if pay else None,
        pay.evidence if pay else "",
        wording.found(title, text),
    )
