"""Skills said in an ad's text: entries of our skill vocabulary, linked to ESCO where it has them.

Only what is written counts; what an occupation implies is another question.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich.lexicon import Candidate, Lexicon


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
    """The skills named, each once: 0.9 for several words or a long one, 0.8 for a short one."""
    found: dict[str, Candidate] = {}
    for match in _lexicon().find(match_form(f"{title}\n{text}")):
        score = 0.9 if match.length > 1 or len(match.phrase) > 4 else 0.8
        found.setdefault(match.payload, Candidate(match.payload, score, match.phrase))
    return list(found.values())
