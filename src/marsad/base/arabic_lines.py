"""Lines of a PDF in logical order, whatever order its producer drew them in.

PDFium gives a line by the order of drawing, with runs of Arabic turned round. That is right for what
was drawn as it is seen (Chromium, typst, reportlab with a reshaper). Others draw as it is spoken, from
right to left (MuPDF) or without any direction at all: their words come out backwards. The orders that a
line can have are therefore compared by the words they give: Arabic words end, and never begin, with
ta marbuta and alif maqsura, and begin, but hardly end, with the article. Letters of a ligature share one
origin: of lam and alif lam is spoken first, others have the direction that those show.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence

from marsad.base.text import ARABIC

Glyph = tuple[str, float, float]
"""A letter with the x and y of its origin."""
_Order = Callable[[list[Glyph]], list[Glyph]]
_WORD = re.compile("[\u0621-\u064a]{3,}")
_FORWARD = re.compile("^[وفبك]?ال|^لل|[ةى]$")
_BACKWARD = re.compile("لا[وفبك]?$|لل$|^[ةى]")
_ALIFS = "اأإآٱ"


def _is_arabic(letter: str) -> bool:
    return bool(ARABIC.match(unicodedata.normalize("NFKC", letter)))


def _ligature(letters: list[str], turned: bool) -> str:
    """The letters of one origin in spoken order; `turned` where PDFium gave ligatures backwards."""
    if len(letters) == 2 and "ل" in letters and any(letter in _ALIFS for letter in letters):
        return "".join(sorted(letters, key=_ALIFS.__contains__))
    return "".join(reversed(letters) if turned else letters)


def _turned(line: Sequence[Glyph]) -> tuple[int, int]:
    """Ligatures of lam and alif that came backwards, and those that came as spoken."""
    pairs = [(a, b) for a, b in itertools.pairwise(line) if a[1:] == b[1:]]
    backwards = sum(a[0] in _ALIFS and b[0] == "ل" for a, b in pairs)
    return backwards, sum(a[0] == "ل" and b[0] in _ALIFS for a, b in pairs)


def _joined(line: Sequence[Glyph], turned: bool) -> list[Glyph]:
    """The line with the Arabic letters of one origin as one glyph."""
    joined: list[Glyph] = []
    for (x, y, arabic), group in itertools.groupby(line, lambda g: (*g[1:], _is_arabic(g[0]))):
        letters = [letter for letter, _, _ in group]
        joined += [(_ligature(letters, turned), x, y)] if arabic else [(a, x, y) for a in letters]
    return joined


def _as_given(line: list[Glyph]) -> list[Glyph]:
    return line


def _from_right(line: list[Glyph]) -> list[Glyph]:
    """The line as it is seen, from right to left; what is not Arabic in it from left to right."""
    seen = sorted(line, key=lambda glyph: -glyph[1])
    ordered: list[Glyph] = []
    for latin, group in itertools.groupby(
        seen, lambda g: not (_is_arabic(g[0][0]) or g[0].isspace())
    ):
        run = list(group)
        ordered += reversed(run) if latin else run
    return ordered


def _from_left(line: list[Glyph]) -> list[Glyph]:
    return sorted(line, key=lambda glyph: glyph[1])


def _text(line: list[Glyph]) -> str:
    return "".join(letter for letter, _, _ in line)


def _score(lines: Sequence[str]) -> int:
    """Words that look as they are spoken, less those that look backwards."""
    words = [w for line in lines for w in _WORD.findall(unicodedata.normalize("NFKC", line))]
    forward = sum(bool(_FORWARD.search(word)) for word in words)
    return forward - sum(bool(_BACKWARD.search(word)) for word in words)


def _latin(line: Sequence[Glyph]) -> str:
    """A line without Arabic: PDFium gives its words from right to left on some pages of Arabic."""
    starts = [x for letter, x, _ in line if not letter.isspace()]
    falling = sum(b < a - 1 for a, b in itertools.pairwise(starts))
    level = len({round(y) for _, _, y in line}) == 1
    return _text(_from_left(list(line)) if falling and level else list(line))


def _facing(line: str) -> str:
    """A line whose brackets open before they close: PDFium gives those of Arabic as they are drawn."""
    brackets = [letter for letter in line if letter in "()"]
    drawn = bool(brackets) and brackets == [")", "("] * (len(brackets) // 2)
    return line.translate({40: ")", 41: "("}) if drawn else line


def logical(lines: Sequence[Sequence[Glyph]]) -> str:
    """The lines of a document as text in logical order."""
    arabic = [line for line in lines if any(_is_arabic(glyph[0]) for glyph in line)]
    counts = [_turned(line) for line in arabic]
    turned = sum(b for b, _ in counts) >= sum(f for _, f in counts)
    joined = {id(line): _joined(line, turned) for line in arabic}
    orders: tuple[_Order, ...] = (_as_given, _from_right, _from_left)
    best = max(orders, key=lambda order: _score([_text(order(line)) for line in joined.values()]))
    return "\n".join(
        _facing(_text(best(joined[id(line)]))) if id(line) in joined else _latin(line)
        for line in lines
    )
