"""Statistical text in several languages: a map from language to text, chosen when printed.

Interface text is gettext's business; this is for text that also leaves as SDMX.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("ar", "fr", "en")

Text = Mapping[str, str]
"""Language code -> text; a complete one has every language of LANGUAGES."""


def pick(text: Text, language: str) -> str:
    """The text in `language`, else in English, French or Arabic, else empty."""
    for code in (language, "en", "fr", "ar"):
        if text.get(code):
            return text[code]
    return ""


def missing(text: Text) -> list[str]:
    """The languages of LANGUAGES in which this text is empty."""
    return [code for code in LANGUAGES if not text.get(code, "").strip()]
