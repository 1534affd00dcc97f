"""Statistical text in several languages: a map from language to text, chosen when printed.

Interface text is gettext's business; this is for text that also leaves as SDMX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

LANGUAGES = ("ar", "fr", "en")

Text = Mapping[str, str]
"""Language code -> text; a complete one has every language of LANGUAGES."""


_THIN = "\u202f"
_SPACE = "[ \u00a0\u202f]"
_BEFORE_SIGN = re.compile(rf"(?<=[^\s:;?!«(\[])" rf"{_SPACE}*([:;?!]+)(?=[\s»\")\]]|$)")
_PERCENT = re.compile(rf"(?<=\d){_SPACE}(?=%(?!\())")
_OPENING = re.compile(rf"«{_SPACE}*(?=\S)")
_CLOSING = re.compile(rf"(?<=\S){_SPACE}*»")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")


@lru_cache(maxsize=4096)
def french(text: str) -> str:
    """French text as it is set: a narrow no-break space before : ; ? ! and within « », typographic
    apostrophes (Lexique des règles typographiques, Imprimerie nationale). What is no end of a word
    (addresses, hours, codes) stays as it is, and setting a text twice changes nothing."""
    text = _BEFORE_SIGN.sub(rf"{_THIN}\1", text)
    text = _PERCENT.sub(_THIN, text)
    text = _CLOSING.sub(f"{_THIN}»", _OPENING.sub(f"«{_THIN}", text))
    return _APOSTROPHE.sub("’", text)


def pick(text: Text, language: str) -> str:
    """The text in `language`, else in English, French or Arabic, else empty; French as it is set."""
    for code in (language, "en", "fr", "ar"):
        if text.get(code):
            return french(text[code]) if code == "fr" else text[code]
    return ""


def missing(text: Text) -> list[str]:
    """The languages of LANGUAGES in which this text is empty."""
    return [code for code in LANGUAGES if not text.get(code, "").strip()]
