"""What each survey means by its words: definitions beside the figures (surveys.yml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.labels import LANGUAGES, Text, pick


class _Surveys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    headings: dict[str, Text]
    surveys: dict[str, dict[str, Text]]
    diplomas: dict[str, Text]


@cache
def _declared() -> _Surveys:
    return load_declaration(Path(__file__).with_name("surveys.yml"), _Surveys)


def definitions(survey: str) -> tuple[tuple[Text, Text], ...]:
    """Heading and text of each definition of a survey, in the order of reading; none for a source
    that measures no unemployment (ads, establishments)."""
    declared = _declared()
    texts = declared.surveys.get(survey, {})
    return tuple((heading, texts[name]) for name, heading in declared.headings.items() if texts)


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
