"""The shadow of a text, in which the rules of `privacy.py` look for personal data.

It has one plain letter for each letter of the text: no accents, Western digits, plain spaces and
dashes, one form of alif and ya, O for 0 undone beside digits. So a span of the shadow is a span of
the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

Span = tuple[int, int]
Finder = Callable[[str], Iterator[Span]]
Rule = tuple[str, Callable[[str], object], Finder]
"""Kind of data, what must stand in a shadow for the rule to find anything, and its finder."""
WORDS = Path(__file__).with_name("privacy_words.yml")
_LETTER_O = re.compile(r"(?<![^\W\d_])[oO](?=[ .\-]?[\dO])|(?<=\d)[oO](?![a-z])")
_OF_DIGITS = re.compile(r"(?<![^\W_])[\dOo](?:[ .\-]?[\dOo]){7,}(?![^\W_])")
_LETTER_L = re.compile(r"(?<=\d)[lI](?=\d)|(?<=\d[ .\-])[lI](?=\d)|(?<=\d)[lI](?=[ .\-/]\d\d)")
_PLAIN = (
    {c: "-" for c in "‐‑‒–—―−﹣－"}
    | {c: "/" for c in "⁄∕⧸╱／"}
    | {c: "|" for c in "│┃｜¦ǀ∣"}
    | {c: "." for c in "·•∙‧․。．"}
    | dict(zip("أإآٱىئؤکیڭگ", "ااااييوكيكك", strict=True))
    | dict(zip("АВЕКМНОРСТХаеорсухі", "ABEKMHOPCTXaeopcyxi", strict=True))
)


class _Letters(dict[int, str]):
    """What each letter is in the shadow, found out once a letter."""

    def __missing__(self, point: int) -> str:
        letter = _PLAIN.get(chr(point), chr(point))
        if letter.isspace():
            plain = letter if letter == "\n" else " "
        elif letter.isdigit():
            plain = str(unicodedata.digit(letter, 0))
        else:
            plain = unicodedata.normalize("NFKD", letter)
            plain = plain[0] if len(plain) == 1 or unicodedata.combining(plain[1]) else letter
            plain = _PLAIN.get(plain, plain)
        self[point] = plain
        return plain


_LETTERS = _Letters()


def shadow(text: str) -> str:
    """The text in the letters that the rules read; as long as the text."""
    plain = _LETTER_O.sub("0", text.translate(_LETTERS))
    return _LETTER_L.sub("1", _OF_DIGITS.sub(_zeros, plain))


def _zeros(run: re.Match[str]) -> str:
    """A run of digits and letters O as digits, where four are digits."""
    words = run.group()
    digits = sum(map(str.isdigit, words))
    return words.translate({79: "0", 111: "0"}) if digits >= 4 else words


def shadow_word(word: str) -> str:
    """A word as it stands in a shadow, in lower case."""
    return str(word).lower().translate(_LETTERS)
