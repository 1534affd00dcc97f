"""What each survey means by its words: definitions beside the figures (surveys.yml)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.labels import LANGUAGES, Text, pick
from marsad.base.periods import end, frequency

USUAL = "~"
"""After a day of publication: the usual one, for only the day of a copy is known."""


class Publication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a survey's figures usually come out: so many `days` after the end of a period, by its
    frequency, or in the `month` that is told for all of them; `why` says what that rests on."""

    why: Text
    days: dict[str, int] = {}
    month: str = ""


class _Surveys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    copies: tuple[str, ...]
    publication: dict[str, Publication]
    headings: dict[str, Text]
    surveys: dict[str, dict[str, Text]]
    diplomas: dict[str, Text]


@cache
def _declared() -> _Surveys:
    return load_declaration(Path(__file__).with_name("surveys.yml"), _Surveys)


def usual_day(survey: str, period: str) -> str:
    """The month in which a figure of a period usually came out, marked as a usual one: 2025-02~ (EDTF,
    ISO 8601-2: approximate). Empty for a survey of which nothing is declared."""
    declared = _declared().publication.get(survey)
    if declared is None:
        return ""
    if declared.month:
        return f"{declared.month}{USUAL}"
    days = declared.days.get(frequency(period))
    if days is None:
        return ""
    return f"{end(period) + dt.timedelta(days=days):%Y-%m}{USUAL}"


def is_copy(source: str) -> bool:
    """Whether a source is somebody's copy, whose day is that of the copying, not of a publication."""
    return any(part in source for part in _declared().copies)


def definitions(survey: str) -> tuple[tuple[Text, Text], ...]:
    """Heading and text of each definition of a survey, in the order of reading; none for a source
    that measures no unemployment (ads, establishments)."""
    declared = _declared()
    texts = declared.surveys.get(survey, {})
    if survey in declared.publication and texts:
        texts = {**texts, "publication": declared.publication[survey].why}
    return tuple((text, texts[name]) for name, text in declared.headings.items() if name in texts)


def diplomas() -> dict[str, Text]:
    """What HCP's groups of diplomas hold, by code of the list `education`."""
    return dict(_declared().diplomas)


def described(survey: str) -> Text:
    """All the definitions of a survey as one text in each language; empty without any."""
    parts = definitions(survey)
    return {
        language: " ".join(f"{pick(h, language)}: {pick(t, language)}" for h, t in parts)
        for language in LANGUAGES
        if parts
    }
