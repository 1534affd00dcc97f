"""Field of education and training (ISCED-F 2013, detailed field) of a course, from its title.

Keywords of training titles in French, Arabic and English; the longest one found names the field.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich.lexicon import Candidate, Lexicon


@cache
def _lexicon() -> Lexicon[str]:
    with Path(__file__).with_name("training_field.csv").open(encoding="utf-8", newline="") as file:
        return Lexicon((row["keyword"], row["isced_f"]) for row in csv.DictReader(file))


def training_field(title: str, field: str, text: str) -> Candidate | None:
    """The field named by the title (0.9), else by the provider's own heading (0.7), else by the
    text's first words (0.5); None when none names one."""
    for words, score in ((title, 0.9), (field, 0.7), (text[:400], 0.5)):
        matches = _lexicon().find(match_form(words))
        if matches:
            best = max(matches, key=lambda m: (m.length, len(m.phrase), -m.start))
            rivals = {m.payload[:2] for m in matches if m.length == best.length} - {
                best.payload[:2]
            }
            return Candidate(best.payload, score - (0.2 if rivals else 0.0), best.phrase)
    return None
