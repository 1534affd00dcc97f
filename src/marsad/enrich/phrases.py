"""Cues: the word lists of a classifier (`words.yml`: code -> phrases), ready to be looked for.

A code of `_` holds look-alikes: phrases that contain a cue and mean something else («femme de
chambre», «équivalent temps plein»). They are found like any other and then stand for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from marsad.base.declare import load_yaml
from marsad.base.text import match_form
from marsad.enrich.lexicon import Lexicon, Match

P = TypeVar("P")
NOTHING = "_"


@cache
def phrases(path: Path) -> dict[str, tuple[str, ...]]:
    """Code -> phrases in comparison form, in the order of the file."""
    return {
        str(code): tuple(match_form(str(text)) for text in texts)
        for code, texts in load_yaml(path).items()
    }


@cache
def lexicon(path: Path) -> Lexicon[str]:
    """The phrases of a file, each standing for its code; the first code of a phrase wins."""
    return Lexicon((form, code) for code, forms in phrases(path).items() for form in forms)


def cues(path: Path, form: str) -> list[Match[str]]:
    """The cues of a file in a text in comparison form, look-alikes left out."""
    return [m for m in lexicon(path).find(form) if m.payload != NOTHING]


def before(words: Sequence[str], match: Match[P], reach: int) -> Sequence[str]:
    """The `reach` words before a match."""
    return words[max(0, match.start - reach) : match.start]


def after(words: Sequence[str], match: Match[P], reach: int) -> Sequence[str]:
    """The `reach` words after a match."""
    end = match.start + match.length
    return words[end : end + reach]
