"""Experience asked for: the least number of years that the ad names, as written in any language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad.base.text import fold
from marsad.enrich.fields import AdWords, Columns
from marsad.enrich.lexicon import Candidate

_WORDS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "dix": 10,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10,
}  # fmt: skip
_ARABIC_WORDS = {"سنه": 1, "سنة": 1, "عام": 1, "سنتين": 2, "سنتان": 2, "عامين": 2}
_NUMBER = rf"(\d{{1,2}}|{'|'.join(_WORDS)})"
_UNIT = r"(ans?|annees?|years?|yrs?|سنوات|سنه|سنة|اعوام|عام|snin|3am|mois|months?|اشهر|شهور)"
_RANGE = re.compile(
    rf"\b{_NUMBER}\s(?:a|et|to|and|ou|الي|او)?\s?(?:{_NUMBER}\s)?(?:\w+\s)?{_UNIT}\b"
)
_NEAR = re.compile(
    r"experience|exp\b|seniority|anciennete|pratique|خبره|خبرة|تجربه|تجربة|اقدميه|اقدمية|tajriba"
)
_LESS = re.compile(
    rf"(?<!au )\bmoins (?:de|d) {_NUMBER} ans?\b|\bless than {_NUMBER} years?\b"
    r"|اقل من (?:سنه|سنة|سنتين|عامين)"
)
_NONE = re.compile(
    r"sans experience|debutants?(?: acceptes?)?|aucune experience|no experience|entry level"
    r"|jeunes? diplomes?|بدون خبره|بدون خبرة|بدون تجربه|بدون تجربة|بلا تجربه|بلا تجربة|bla tajriba"
)
_SINGLE = re.compile(r"\b(سنتين|سنتان|عامين|سنه|سنة|عام)\b")  # alone, in the experience field
_SINGLE_ARABIC = re.compile(
    r"(?:خبره|خبرة|تجربه|تجربة)\s(?:\w+\s){0,3}(سنتين|سنتان|عامين|سنه|سنة|عام)\b"
)


def _years(number: str, unit: str) -> float:
    value = float(_WORDS.get(number) or int(number))
    return round(value / 12, 2) if unit in {"mois", "month", "months", "اشهر", "شهور"} else value


def _in_text(form: str, *, near: bool) -> tuple[float, str] | None:
    for match in _RANGE.finditer(form):
        around = form[max(0, match.start() - 60) : match.end() + 40]
        years = _years(match.group(1), match.group(3))
        if years <= 30 and (not near or _NEAR.search(around)):
            return years, match.group()
    if single := (_SINGLE_ARABIC if near else _SINGLE).search(form):
        return float(_ARABIC_WORDS[single.group(1)]), single.group()
    return None


def experience_of(field: str, title: str, text: str) -> Candidate | None:
    """Least years asked, as a number in `code` ('0', '2', '0.5'); None when the ad names none.

    The experience field scores 0.95; in title and text a number of years counts only near a word
    for experience (0.8), and «beginners welcome» is zero years (0.7).
    """
    form = fold(field.replace("<", " moins de "))
    if form and (_LESS.search(form) or _NONE.search(form)):
        return Candidate("0", 0.95, form)
    if form and (experience := _in_text(form, near=False)):
        return Candidate(f"{experience[0]:g}", 0.95, experience[1])
    form = f"{fold(title)} {fold(text)}"
    if experience := _in_text(form, near=True):
        return Candidate(f"{experience[0]:g}", 0.8, experience[1])
    if welcome := _NONE.search(form):
        return Candidate("0", 0.7, welcome.group())
    return None


def classify(ads: Sequence[AdWords]) -> Columns:
    """`experience_of` for a batch of ads, in years."""
    every = [experience_of(ad.raw_experience, ad.title, ad.text) for ad in ads]
    return {
        "experience_years": [float(years.code) if years else None for years in every],
        "experience_score": [years.score if years else None for years in every],
        "experience_evidence": [years.evidence if years else "" for years in every],
    }
