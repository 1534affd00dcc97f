"""Skills of an ad: those that its words say, those that its occupation implies, kept apart.

Said: entries of our vocabulary (French, Arabic, Darija, English) and labels of ESCO, found whole in
the text. Implied: what ESCO holds essential or optional for the occupation. `ranked` answers for a
sentence or an ad with every skill of ESCO in order of likelihood (`rank.py`).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np

from marsad.base.text import match_form
from marsad.enrich.classify.esco_skills.rank import needs, skills
from marsad.enrich.lexicon import Candidate, Lexicon
from marsad.enrich.vectors import Floats

MOST = 20
_LEAST_LABEL = 2  # words: an ESCO label of one word is too often an everyday word
_PIECE = re.compile(r"[\n\r.!?؟;:،•●▪]+|\s[-–—*]\s")
_LONGEST_PIECE = 60
_SAID = 0.9


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
    return Lexicon(
        (form, code)
        for code, row in vocabulary().items()
        for form in row["forms"].split("|")
        if len(form.strip()) > 1
    )


def classify(title: str, text: str) -> list[Candidate]:
    """The skills said, each once: 0.9 for several words or a long one, 0.8 for a short one."""
    form = match_form(f"{title}\n{text}")
    found: dict[str, Candidate] = {}
    for match in _lexicon().find(form):
        score = _SAID if match.length > 1 or len(match.phrase) > 4 else 0.8
        found.setdefault(match.payload, Candidate(match.payload, score, match.phrase))
    return list(found.values())


def implied(esco: str) -> list[tuple[str, bool]]:
    """(skill code, essential?) of what an ESCO occupation needs, essential ones first."""
    names = skills().names
    return [(names[place], essential) for place, essential in needs().of(esco)]


def _pieces(text: str) -> list[tuple[list[str], str]]:
    """The sentences and list items of a text: words in comparison form, and as written."""
    found = []
    for piece in _PIECE.split(text):
        words = match_form(piece).split()
        for start in range(0, len(words), _LONGEST_PIECE):
            found.append((words[start : start + _LONGEST_PIECE], piece.strip()))
    return [(words, piece) for words, piece in found if words]


def ranked(title: str, text: str, language: str) -> list[Candidate]:
    """ESCO skills in order of likelihood for a sentence (as `title`) or an ad.

    The score is a share of the best possible; what is said in so many words stands first in an ad.
    """
    pieces = _pieces(f"{title}\n{text}" if text else title)
    if not pieces:
        return []
    if not text:
        words = [w for part, _ in pieces for w in part][:_LONGEST_PIECE]
        scores = skills().scores(words, title, language[:2], slow=True)
        return _first(scores, "")
    best: Floats | None = None
    for words, _ in pieces:
        scores = skills().scores(words)
        best = scores if best is None else np.maximum(best, scores)
    said = classify(title, text)
    known = {c.code for c in said}
    assert best is not None
    others = [c for c in _first(best, "") if c.code not in known]
    return [*sorted(said, key=lambda c: -c.score), *others]


def _first(scores: Floats, evidence: str) -> list[Candidate]:
    top = np.argpartition(-scores, MOST)[:MOST]
    order = top[np.argsort(-scores[top])]
    names = skills().names
    chances = 1 / (1 + np.exp(-(scores[order] - 8.0)))
    return [
        Candidate(names[i], round(float(p), 3), evidence) for i, p in zip(order, chances)
    ]


def skill_uri(code: str) -> str:
    """The address of a skill of ESCO; empty for one of ours."""
    return "" if code.startswith("marsad-") else f"http://data.europa.eu/esco/skill/{code}"
