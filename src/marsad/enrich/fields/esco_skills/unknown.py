"""Skills that no taxonomy has yet: what ads ask for, again and again, that the vocabulary misses.

After words that announce a requirement («maîtrise de», «knowledge of», «إتقان»), the next words are a
candidate when one of them stands in no label of ESCO and none is part of a skill of our vocabulary.
Only what several employers ask for counts: a candidate is a question to a person, not a code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from marsad.base.text import match_form
from marsad.enrich.fields.esco_skills.classify import skills_of
from marsad.enrich.fields.esco_skills.rank import skills
from marsad.enrich.fields.isco08.titles import STOP

LEAST_EMPLOYERS = 2
_REQUIREMENT = re.compile(
    r"\b(?:maitrise(?:r)?|connaissances?|certifi(?:e|cation)|knowledge|proficien\w+|experience with"
    r"|skills in|logiciels?|outils?|framework|اتقان|معرفة|معرفه|برنامج)\s+(?:avancees? |solides? |approfondies? |parfaite? )?"
    r"(?:de la |de l |des |du |de |d |en |sur |avec |of |in |with |ب |في )?((?:[\w+#.]+ ?){1,3})"
)


class Unknown(NamedTuple):
    """Words asked for that no skill covers: how many ads and employers ask for them."""

    words: str
    ads: int
    employers: int


def unknown_skills(ads: Iterable[tuple[str, str, str]]) -> list[Unknown]:
    """Candidates among (employer, title, text) of ads, most asked first."""
    seen: dict[str, list[str]] = defaultdict(list)
    for employer, title, text in ads:
        known_words = {word for skill in skills_of(title, text) for word in skill.evidence.split()}
        for match in _REQUIREMENT.finditer(match_form(text)):
            words = [w for w in match[1].split() if w not in STOP]
            fresh = [w for w in words if w not in known_words and not w.isdigit() and len(w) > 1]
            if len(fresh) < len(words):
                continue
            for n in range(1, len(fresh) + 1):
                if not skills().space.holds(fresh[n - 1]):
                    seen[" ".join(fresh[:n])].append(employer)
    candidates = [Unknown(words, len(by), len(set(by))) for words, by in seen.items()]
    frequent = [u for u in candidates if u.employers >= LEAST_EMPLOYERS]
    longer = {
        u.words
        for u in frequent
        if any(o.words.startswith(f"{u.words} ") and o.ads >= 0.8 * u.ads for o in frequent)
    }
    return sorted(
        (u for u in frequent if u.words not in longer), key=lambda u: (-u.employers, u.words)
    )
