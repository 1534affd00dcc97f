"""Skills of an ad: those that its words say, those that its occupation implies, kept apart.

Said: entries of our vocabulary (French, Arabic, Darija, English), found whole in the text. ESCO's own
labels are not looked for: on the gold they find more of what is not asked than of what is (F1 .475
to .470), unless an installation imports ESCO. Implied: what ESCO holds essential or optional for the occupation. `ranked` answers for a
sentence or an ad with every skill of ESCO in order of likelihood (`rank.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from marsad.base.text import match_form
from marsad.enrich.fields import AdWords, Columns
from marsad.enrich.fields.esco_skills.demand import HIDDEN, demands, hidden, readable
from marsad.enrich.fields.esco_skills.rank import needs, skills
from marsad.enrich.lexicon import Candidate, Lexicon, Match
from marsad.enrich.vectors import Floats

MOST = 20
_PIECE = re.compile(r"[\n\r.!?؟;:،•●▪]+|\s[-–—*]\s")
_LONGEST_PIECE = 60
_LITERAL = 0.9
# Fitted on the development halves of TECH and HOUSE: what an entry of the vocabulary adds to a
# skill's score in a sentence, and the score from which a skill counts as said.
_IN_VOCABULARY = 3.0
_HALF = 13.0


@cache
def vocabulary() -> dict[str, dict[str, str]]:
    """Skill code -> its labels in ar, fr and en. The code is ESCO's, else `marsad-` and a name."""
    with Path(__file__).with_name("skills.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["esco"] or "marsad-" + match_form(row["en"]).replace(" ", "-"): {
            k: row[k] for k in ("ar", "fr", "en", "forms")
        }
        for row in rows
    }


@cache
def _lexicon() -> Lexicon[str]:
    named = (
        (form, code)
        for code, row in vocabulary().items()
        for form in row["forms"].split("|")
        if len(form.strip()) > 1
    )
    return Lexicon([*named, *((form, HIDDEN) for form in hidden())])


def _candidates(matches: Iterable[Match[str]]) -> list[Candidate]:
    """Skills, each once: 0.9 for several words or a long one, 0.8 for a short one."""
    candidates: dict[str, Candidate] = {}
    for match in matches:
        score = _LITERAL if match.length > 1 or len(match.phrase) > 4 else 0.8
        evidence = match.phrase.replace("dotnet", ".net")
        candidates.setdefault(match.payload, Candidate(match.payload, score, evidence))
    return list(candidates.values())


def skills_of(title: str, text: str) -> list[Candidate]:
    """The skills that an ad asks for in words (`demand.py`), each once with its score."""
    return _candidates(demands(_lexicon(), title, text))


def skills_named(text: str) -> list[Candidate]:
    """The skills that words name, whoever has them: of a person, a course, a search."""
    matches = _lexicon().find(match_form(readable(text)))
    return _candidates(match for match in matches if match.payload != HIDDEN)


def implied(esco: str) -> list[tuple[str, bool]]:
    """(skill code, essential?) of what an ESCO occupation needs, essential ones first."""
    names = skills().names
    return [(names[place], essential) for place, essential in needs().of(esco)]


def _pieces(text: str) -> list[tuple[list[str], str]]:
    """The sentences and list items of a text: words in comparison form, and as written."""
    pieces = []
    for piece in _PIECE.split(text):
        words = match_form(piece).split()
        for start in range(0, len(words), _LONGEST_PIECE):
            pieces.append((words[start : start + _LONGEST_PIECE], piece.strip()))
    return [(words, piece) for words, piece in pieces if words]


def ranked(title: str, text: str, language: str) -> list[Candidate]:
    """ESCO skills in order of likelihood for a sentence (as `title`) or an ad.

    From half a score on a skill counts as said. A sentence is read by the slow tier. In an ad
    (or a text of over 60 words) what stands in so many words counts as said, and the nearest other skills follow below half.
    """
    pieces = _pieces(f"{title}\n{text}")
    if not pieces:
        return []
    whole = skills_of(title, text) if text else skills_named(title)
    literal = {c.code: c for c in whole}
    words = match_form(title).split()
    if not text and len(words) <= _LONGEST_PIECE:
        scores = skills().scores(words, title, language[:2], slow=True)
        for code in literal.keys() & skills().place.keys():
            scores[skills().place[code]] += _IN_VOCABULARY
        return _first(scores, literal)
    best = np.maximum.reduce([skills().scores(words) for words, _ in pieces])
    others = [c for c in _first(best, literal) if c.code not in literal]
    below = [Candidate(c.code, round(c.score / 2, 3), c.evidence) for c in others]
    return [*sorted(literal.values(), key=lambda c: -c.score), *below]


def _first(scores: Floats, literal: Mapping[str, Candidate]) -> list[Candidate]:
    """The best skills by score; what the vocabulary found keeps its evidence."""
    top = np.argpartition(-scores, MOST)[:MOST]
    order = top[np.argsort(-scores[top], kind="stable")]
    chances = 1 / (1 + np.exp(_HALF - scores[order]))
    candidates = []
    for i, chance in zip(order.tolist(), chances):
        code = skills().names[i]
        evidence = literal[code].evidence if code in literal else ""
        candidates.append(Candidate(code, round(float(chance), 3), evidence))
    return candidates


def skill_uri(code: str) -> str:
    """The address of a skill of ESCO; empty for one of ours."""
    return "" if code.startswith("marsad-") else f"http://data.europa.eu/esco/skill/{code}"


def classify(ads: Sequence[AdWords]) -> Columns:
    """`skills_of` for a batch of ads."""
    return {"skills": [skills_of(ad.title, ad.text) for ad in ads]}
