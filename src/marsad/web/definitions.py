"""What a survey means by its words, for a page: shown on tap beside its figures."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.base.labels import pick
from marsad.base.surveys import definitions, diplomas
from marsad.web.localisation import Locale

Definitions = list[tuple[str, list[tuple[str, str]]]]
"""Name of a survey, and its headings with their texts."""


def defined_by(locale: Locale, surveys: Iterable[str]) -> Definitions:
    """The definitions of those surveys that have some; equal ones once, under all their names."""
    blocks: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for survey in surveys:
        texts = tuple(
            (pick(heading, locale.language), pick(text, locale.language))
            for heading, text in definitions(survey)
        )
        if texts:
            blocks.setdefault(texts, []).append(locale.label("survey", survey))
    return [(locale._(", ").join(names), list(texts)) for texts, names in blocks.items()]


def diploma_groups(locale: Locale) -> list[tuple[str, str]]:
    """HCP's groups of diplomas and what each holds."""
    return [
        (locale.label("education", code), pick(text, locale.language))
        for code, text in diplomas().items()
    ]
