"""Place of work: at a distance, hybrid or on site, only when the ad says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate

_WORDS = Path(__file__).with_name("words.yml")
_TITLE = "title"  # bare words that say it in a title, and mostly something else in a text
_BARE = match_form("télétravail")


def _named(words: str, *, bare: bool) -> dict[str, str]:
    named: dict[str, str] = {}
    for match in phrases.cues(_WORDS, match_form(words)):
        if match.payload == _TITLE:
            if bare:
                named.setdefault("hybrid" if "hybrid" in match.phrase else "remote", match.phrase)
        else:
            named.setdefault(match.payload, match.phrase)
    return named


def remote_of(field: str, title: str, text: str) -> Candidate | None:
    """The code of the list `remote` named in the contract field (0.95), the title (0.9) or the
    text (0.8; 0.65 for the bare word «télétravail»); None when the ad does not say it."""
    order = list(phrases.phrases(_WORDS))
    for words, score, bare in ((field, 0.95, True), (title, 0.9, True), (text, 0.8, False)):
        if named := _named(words, bare=bare):
            code = min(named, key=order.index)
            weak = words is text and named[code] == _BARE
            return Candidate(code, 0.65 if weak else score, named[code])
    return None


def classify(ads: Sequence[AdWords]) -> Columns:
    """`remote_of` for a batch of ads."""
    return coded("remote", (remote_of(ad.raw_contract, ad.title, ad.text) for ad in ads))
