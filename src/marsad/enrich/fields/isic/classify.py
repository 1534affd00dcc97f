"""Sector of the employer: a section of ISIC Rev. 4, one letter A to U.

The sections are the same letters in NACE Rev. 2 and in the Moroccan nomenclature of activities (NMA
2010), so figures by section compare with HCP's and with others'. The board's sector field says it
best; else the employer's name; else words of the text that describe the employer («société
spécialisée en ...»). An agency that recruits for a client is never taken for the employer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate, Lexicon, Match

_HERE = Path(__file__).parent
_WORDS, _EMPLOYERS, _TEXT = (_HERE / f"{name}.yml" for name in ("words", "employers", "text"))
_ROLES = ("anchor", "not_employer", "not_in_text")
_REACH, _PAST, _START = 4, 7, 140  # words from anchor to sector; before the anchor; of the text
_NOUNS = frozenset({"entreprise", "societe", "groupe", "client", "etablissement", "cabinet"})
_MANY = frozenset({"les", "des", "aux", "ces", "vos", "leur"})
# «de l'entreprise», «service client»: of its parts, not of its trade
_OTHERS = _MANY | set("l la le du au service relation conseiller ere suivi support".split())
_NAME_SHORT = 3  # names of so few letters count only as the whole name


@cache
def _in_text() -> Lexicon[tuple[str, bool]]:
    """Phrase -> section, and whether it suffices alone."""
    forms_by_code, sectors = phrases.phrases(_TEXT), phrases.phrases(_WORDS)
    alone = [
        (f, (code, True))
        for code, forms in forms_by_code.items()
        if code not in _ROLES
        for f in forms
    ]
    task = set(forms_by_code["not_in_text"])
    near = [(f, (code, False)) for code, forms in sectors.items() for f in forms if f not in task]
    return Lexicon([*alone, *near])


@cache
def _role(name: str) -> frozenset[str]:
    return frozenset(phrases.phrases(_TEXT)[name])


def _chosen(matches: list[Match[str]], score: float) -> Candidate | None:
    """The section named most, the first of equals; less sure when others are named too."""
    if not matches:
        return None
    counts = Counter(m.payload for m in matches)
    code = counts.most_common(1)[0][0]
    phrase = next(m.phrase for m in matches if m.payload == code)
    return Candidate(code, round(score * counts[code] / len(matches), 3), phrase)


def _by_name(company: str) -> Candidate | None:
    form = match_form(company)
    if not form:
        return None
    names = phrases.lexicon(_EMPLOYERS).find(form)
    if any(m.payload == phrases.NOTHING for m in names):
        return None
    known = [m for m in names if len(m.phrase) > _NAME_SHORT or m.phrase == form or not m.start]
    if known:
        return Candidate(known[0].payload, 0.9, known[0].phrase)
    cues = phrases.cues(_WORDS, form)  # the first word says what it is: «ministère de la santé»
    return Candidate(cues[0].payload, 0.75, cues[0].phrase) if cues else None


def _describes_employer(words: list[str], match: Match[tuple[str, bool]]) -> bool:
    """An anchor stands right before, of the employer itself and not of the candidate's past."""
    for at in range(max(0, match.start - _REACH), match.start):
        own = words[at] not in _NOUNS or words[max(0, at - 1)] not in _OTHERS
        if words[at] in _role("anchor") and own:
            return _role("not_employer").isdisjoint(words[max(0, at - _PAST) : match.start])
    return False


def _suffices(words: list[str], match: Match[tuple[str, bool]]) -> bool:
    """Words that suffice alone, of the employer: not «les centres d'appel», not past experience."""
    if not match.payload[1] or words[max(0, match.start - 1)] in _MANY:
        return False
    return _role("not_employer").isdisjoint(phrases.before(words, match, _PAST))


def _by_text(title: str, text: str) -> Candidate | None:
    for written in (title, text):
        form = match_form(written)
        matches = [m for m in _in_text().find(form) if m.payload[0] != phrases.NOTHING]
        words = form.split() if matches else []
        for match in matches:
            if match.start < _START and (
                _suffices(words, match) or _describes_employer(words, match)
            ):
                return Candidate(match.payload[0], 0.6, match.phrase)
    return None


def section_of(sector: str, company: str, title: str, text: str) -> Candidate | None:
    """The ISIC section named by the sector field (0.9), the employer's name (0.9 for a known one,
    0.75 for words in it), or the words on the employer in title and text (0.6); else None."""
    if sector and (candidate := _chosen(phrases.cues(_WORDS, match_form(sector)), 0.9)):
        return candidate
    return _by_name(company) or _by_text(title, text)


def classify(ads: Sequence[AdWords]) -> Columns:
    """`section_of` for a batch of ads."""
    return coded(
        "isic", (section_of(ad.raw_sector, ad.raw_company, ad.title, ad.text) for ad in ads)
    )
