"""How Marsad works, in plain words, and how often its automatic coding is right."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.reader import Card
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/method"
TITLE = N_("Method")
FIGURES = True

RULES = (
    N_(
        "The page as received is kept, with its date and licence, before anyone gives it a meaning."
    ),
    N_(
        "Every source is read strictly: an unknown category stops the reading or is reported, never guessed."
    ),
    N_(
        "A figure belongs to its survey. Two surveys never share a line, and breaks in a series are shown."
    ),
    N_("Every version of a figure is kept: one can ask what was known on a given day."),
    N_("Every number carries its unit, source, date, reliability and method."),
    N_(
        "Figures are stored as codes; names in Arabic, French and English are added when they are shown."
    ),
    N_(
        "A program that codes ads says how sure it is and on which words it relies, or says nothing."
    ),
    N_(
        "Nothing is collected without a row in the register; personal data are removed before storage."
    ),
    N_(
        "The text of an ad is treated as untrusted: it is cleaned on entry and shown as plain text."
    ),
    N_("Real or labelled: synthetic ads say so everywhere and never enter a real series."),
)


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    rules: list[str]
    groups: list[list[Card]]
    indicators: list[tuple[str, str]]


def context(request: PageRequest) -> View:
    """The rules, the measured accuracy of each classifier, and the methods per indicator."""
    groups: dict[str, list[Card]] = {}
    for card in request.reader.cards():
        groups.setdefault(card.classifier, []).append(card)
    return View(
        rules=[request._(rule) for rule in RULES],
        groups=list(groups.values()),
        indicators=[(i.id, request.text(i.title)) for i in request.reader.indicators()],
    )
