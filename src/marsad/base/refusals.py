"""What is refused, in the reader's language: sentences of `refusals.yml`, with the values given.

`InputError(refused("no_day", text="yesterday", example="2026-11-25"))` reads in English in logs and in
the API, and `in_language` gives the same sentence to a visitor of a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from marsad.base.declare import load_declaration
from marsad.base.errors import MarsadError
from marsad.base.labels import LANGUAGES, Text

_FIRST_STRONG, _END = "\u2068", "\u2069"
"""Marks around a value that keeps its own direction within an Arabic sentence."""


class Refusal(str):
    """A sentence in English that knows itself in every language, under `texts`, and its `name`."""

    name: str
    texts: Text


@cache
def sentences() -> Mapping[str, Text]:
    """Every sentence by its name, with its values in braces."""
    return load_declaration(Path(__file__).with_name("refusals.yml"), dict[str, Text])


def refused(name: str, /, **values: str) -> Refusal:
    """The sentence `name` with its values written in; KeyError for a name or value there is none of."""
    text = sentences()[name]
    isolated = {key: f"{_FIRST_STRONG}{value}{_END}" for key, value in values.items()}
    texts = {
        code: text[code].format(**(isolated if code == "ar" else values)) for code in LANGUAGES
    }
    refusal = Refusal(texts["en"])
    refusal.name, refusal.texts = name, texts
    return refusal


def in_language(error: MarsadError, language: str) -> str:
    """The sentence of an error in a language; empty where it has none in that language."""
    sentence = getattr(error, "rule", error.args[0] if error.args else "")
    if isinstance(sentence, Refusal):
        return sentence.texts[language]
    return str(error) if language == "en" else ""
