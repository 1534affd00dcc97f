"""Kind of work, informal and unpaid work included: employee, own account, day labour, family, home.

Only what an ad says in so many words; most ads say nothing of it. Codes of the list `work_kind`,
named after ICSE-18 where it has a name. What is known of informal work in Morocco stands in surveys:
this reads the trace that it leaves in ads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate

_WORDS = Path(__file__).with_name("words.yml")
_TITLE = "title"  # bare words that say it in a title, and mostly something else in a text
_IN_TITLE = {
    match_form("femme de ménage"): "domestic",
    match_form("indépendant"): "own_account",
    match_form("indépendante"): "own_account",
}
# A formal contract told beside one of these does not take it away; beside the others it does.
_STANDS = frozenset({"unpaid_trainee", "apprentice", "domestic", "casual", "home_based"})


def _named(words: str, *, bare: bool) -> dict[str, str]:
    """The kinds named, each with its first words."""
    named: dict[str, str] = {}
    for match in phrases.cues(_WORDS, match_form(words)):
        if match.payload != _TITLE:
            named.setdefault(match.payload, match.phrase)
        elif bare:
            named.setdefault(_IN_TITLE.get(match.phrase, "casual"), match.phrase)
    return named


def work_kind_of(title: str, text: str) -> Candidate | None:
    """The kind of work named in the title (0.9) or the text (0.7); None when the ad names none.

    A text that names a formal contract beside work of one's own account gives half the score.
    """
    order = list(phrases.phrases(_WORDS))
    for words, score, bare in ((title, 0.9, True), (text, 0.7, False)):
        if named := _named(words, bare=bare):
            code = min(named, key=order.index)
            torn = "employee" in named and code != "employee" and code not in _STANDS
            return Candidate(code, score / 2 if torn else score, named[code])
    return None


def classify(ads: Sequence[AdWords]) -> Columns:
    """`work_kind_of` for a batch of ads."""
    return coded("work_kind", (work_kind_of(ad.title, ad.text) for ad in ads))
