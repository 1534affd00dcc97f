"""Working time: full time, part time, or shifts and night work, when the ad says so.

Shifts say more than «full time», so an ad that names both counts as shifts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate

_WORDS = Path(__file__).with_name("words.yml")


def working_time_of(field: str, title: str, text: str) -> Candidate | None:
    """The code of the list `working_time` named in the contract field (0.95), the title (0.9) or
    the text (0.8); None when none is named. Full and part time together give half the score."""
    order = list(phrases.phrases(_WORDS))
    best: dict[str, tuple[float, str]] = {}
    for words, score in ((field, 0.95), (title, 0.9), (text, 0.8)):
        for match in phrases.cues(_WORDS, match_form(words)):
            best.setdefault(match.payload, (score, match.phrase))
    if not best:
        return None
    code = min(best, key=order.index)
    score, evidence = best[code]
    either = code == "part_time" and "full_time" in best
    return Candidate(code, score / 2 if either else score, evidence)


def classify(ads: Sequence[AdWords]) -> Columns:
    """`working_time_of` for a batch of ads."""
    return coded(
        "working_time", (working_time_of(ad.raw_contract, ad.title, ad.text) for ad in ads)
    )
