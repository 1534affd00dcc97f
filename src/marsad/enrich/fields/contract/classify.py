"""Contract: the words of the ad that name a kind of contract, its own field before its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from marsad.base.declare import load_yaml
from marsad.base.text import match_form
from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate, Lexicon
from marsad.enrich.phrases import NOTHING

# In running text these words are mostly about something else («expérience de stage»).
_WEAK_IN_TEXT = frozenset(
    match_form(word)
    for word in """stage stagiaire intern trainee apprentissage apprenti public permanent anapec
    indépendant تدريب متدرب متدربة staj ستاج temporary seasonal""".split()
)

_INSERTION = re.compile(r"C\.?I\.?", re.I)  # «contrat d'insertion», as a field by itself
_KINDS = 2  # kinds that one text may name


@cache
def _lexicon() -> tuple[Lexicon[str], list[str]]:
    words = load_yaml(Path(__file__).with_name("words.yml"))
    entries = [(str(text), code) for code, texts in words.items() for text in texts]
    return Lexicon(entries), list(words)


def _trainee(lexicon: Lexicon[str], words: str) -> str | None:
    """The word for a trainee in a title or field."""
    named = (m.phrase for m in lexicon.find(match_form(words)) if m.payload == "internship")
    return next((phrase for phrase in named if not phrase.startswith("stage")), None)


def contract_of(field: str, title: str, text: str) -> Candidate | None:
    """The first kind of contract named in the contract field (0.95), the title (0.85) or the
    text (0.75); None when none is named. A text that names two kinds gives half the score, one that names
    more tells of what an agency does. «Stagiaire» in a title stands before a board's field."""
    lexicon, order = _lexicon()
    if _trainee(lexicon, title) and _trainee(lexicon, field) is None:
        field = ""
    if _INSERTION.fullmatch(field.strip()):
        return Candidate("anapec", 0.95, field.strip())
    for words, score in ((field, 0.95), (title, 0.85), (text, 0.75)):
        phrases_by_code = {
            m.payload: m.phrase
            for m in lexicon.find(match_form(words))
            if m.payload != NOTHING and (words is not text or m.phrase not in _WEAK_IN_TEXT)
        }
        if words is not title and len(phrases_by_code) > _KINDS:
            return None
        if phrases_by_code:
            code = min(phrases_by_code, key=order.index)
            return Candidate(
                code, score if len(phrases_by_code) == 1 else score / 2, phrases_by_code[code]
            )
    return None


def classify(ads: Sequence[AdWords]) -> Columns:
    """`contract_of` for a batch of ads."""
    return coded("contract", (contract_of(ad.raw_contract, ad.title, ad.text) for ad in ads))
