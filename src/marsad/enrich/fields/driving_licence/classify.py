"""Driving licence: the highest category, A to E, that an ad names beside a word for a licence.

A licence without a category is not read: an ad that says «permis de conduire» alone may mean any.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate

_ARABIC = {"أ": "A", "ا": "A", "ب": "B", "ج": "C", "د": "D", "ه": "E"}
_LETTER = r"(?<!\w)[A-Ebcأابجده](?!\w)"
_AND = r"[\s»\"]*(?:,|/|\+|-|&|(?i:et|ou|and|or)\b|[أو]?و)[\s«\"]*"
_NAMED = re.compile(
    r"(?:(?i:\bpermis\b|\bdriv(?:ing|er'?s)\s+licen[cs]e|\bpermi\b)|رخص[ةه](?:\s+(?:ال)?سياق[ةه])?|البيرمي|بيرمي)"
    r"(?:(?:\s*(?:(?i:de\s+conduire|de\s+conduite|(?:de\s+)?cat[ée]gories?|cat\.?|category|type|classe?|class|lettre)\b"
    r"|(?:من\s+)?(?:ال)?(?:صنف|نوع|فئ[ةه])|[:\"«(.])\s*){0,4})"
    rf"\s*(?P<letters>{_LETTER}(?:{_AND}{_LETTER})*)"
)
_REVERSED = re.compile(
    r"(?i:category|class)\s+(?P<letters>[A-E])\s+(?i:driv(?:ing|er'?s)\s+licen[cs]e)"
)
_NOT_ASKED = re.compile(
    r"^[\s»\")]*(?:n'est pas|(?i:non|pas|not)\s+(?:(?i:exig|oblig|requis|n[ée]cessaire|required|needed))|غير\s)"
)


def driving_licence_of(title: str, text: str) -> Candidate | None:
    """The highest category named in the title (0.95) or the text (0.9); None when none is named, or
    the ad says that none is needed. Of small letters only b and c are categories: the others are
    words or parts of words of French."""
    for words, score in ((title, 0.95), (text, 0.9)):
        named = [
            (_ARABIC.get(letter, letter.upper()), match.group())
            for match in (*_NAMED.finditer(words), *_REVERSED.finditer(words))
            if not _NOT_ASKED.match(words[match.end() :])
            for letter in re.findall(_LETTER, match["letters"])
        ]
        if named:
            code, evidence = max(named, key=lambda category: category[0])
            return Candidate(code, score, evidence)
    return None


def classify(ads: Sequence[AdWords]) -> Columns:
    """`driving_licence_of` for a batch of ads."""
    return coded("driving_licence", (driving_licence_of(ad.title, ad.text) for ad in ads))
