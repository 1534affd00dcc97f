"""How a word sounds, in one spelling for Arabic and Latin letters: its consonants.

Darija is written in both scripts and without a rule: «7eddad», «haddad» and «حداد» are one word. The
consonants in their order are what all these spellings keep (Arabic script itself leaves short vowels
out). Letters that Moroccans use for each other (p and b, v and f, q and k, emphatic and plain) are
one consonant here; ع, hamza and the digits 2 and 3 of chat spelling are none.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PAIRS = (
    ("ch", "S"), ("sh", "S"), ("kh", "x"), ("gh", "G"), ("ph", "f"), ("th", "t"), ("dh", "d"),
    ("ce", "s"), ("ci", "s"), ("cy", "s"), ("ge", "j"), ("gi", "j"), ("qu", "k"),
)  # fmt: skip
_LATIN = {
    **dict(zip("bdfjklmnrstzxh", "bdfjklmnrstzxh")),
    "p": "b", "v": "f", "c": "k", "q": "k", "g": "k", "7": "h", "9": "k", "5": "x", "8": "G",
}  # fmt: skip
_ARABIC = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "d", "ر": "r",
    "ز": "z", "س": "s", "ش": "S", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "غ": "G", "ف": "f",
    "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h",
}  # fmt: skip
_ONE = {**_LATIN, **_ARABIC, "S": "S", "G": "G", " ": " "}
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=20_000)
def sound(form: str) -> str:
    """The consonants of a folded text, a doubled letter written once, words apart."""
    form = _TWICE.sub(r"\1", form)
    for pair, written in _PAIRS:
        form = form.replace(pair, written)
    consonants = "".join(_ONE.get(letter, "") for letter in form)
    return " ".join(consonants.split())
