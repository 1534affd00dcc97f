"""Bytes of strangers as text: by their mark, by what they declare, by what they are, else by likeness.

The order is that of the HTML standard, but for one thing: bytes that are UTF-8 are UTF-8, whatever
they declare. What was guessed is said. No NUL, control character or half of a surrogate pair gets
further.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from marsad.base.text import repair

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]{2,40})"""
    rb"""|<meta[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.I,
)
_READ = 4096  # bytes at the beginning in which a declaration or the width of letters is looked for
_SAME = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}  # as browsers read them
_NOT_TEXT = {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
_HIGH = re.compile(rb"[\x80-\xff]+")
_USUAL_ARABIC = frozenset("الويمنرتبة")
_USUAL = {"é": 6, **dict.fromkeys("èà…", 4), **dict.fromkeys("êçôîâûù’", 3), **dict.fromkeys("ëïœÉÈÀÇÊ«»°–", 2)}  # fmt: skip
_RUNS = 50_000  # runs of such bytes by which a character set is chosen
_DAMAGE = 4  # letters that are read right for each that is not, in UTF-8 that was damaged
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Decoded(NamedTuple):
    """A text, the character set it was read as, and what a reader should be warned of ('' if
    nothing)."""

    text: str
    charset: str
    warning: str


def without_controls(text: str) -> str:
    """A text without NUL and halves of surrogate pairs; other control characters become a space."""
    return _CONTROLS.sub(_spaced, text)


def _spaced(match: re.Match[str]) -> str:
    letter = match.group()
    return "" if letter == "\x00" or letter >= "\ud800" else " "


def decode(data: bytes, declared: str = "", *, mend: bool = False) -> Decoded:
    """The text of `data`; `declared` is what was said of it elsewhere, as in an HTTP header. `mend`
    undoes double encoding, which pages suffer from.

    Never fails: letters that cannot be read become U+FFFD, with a warning.
    """
    text, charset, warning = _decode(data, declared)
    if mend and (mended := repair(text)) != text:
        text = mended
        warning = "; ".join(filter(None, (warning, "letters that were encoded twice are mended")))
    plain = without_controls(text)
    if plain != text:
        more = f"{len(_CONTROLS.findall(text)):,} control characters were dropped"
        warning = f"{warning}; {more}" if warning else more
    return Decoded(plain, charset, warning)


def _decode(data: bytes, declared: str) -> tuple[str, str, str]:
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return _by(data[len(mark) :], charset)
    if charset := _wide(data[:_READ]):
        return _by(data, charset)
    try:
        return data.decode("utf-8"), "utf-8", ""
    except UnicodeDecodeError:
        pass
    name = declared or _declaration(data)
    charset = _codec(name)
    if charset and charset != "utf-8":
        return _by(data, charset)
    if _nearly_utf8(data):
        return _by(data, "utf-8")
    guess = _likeliest(data)
    why = f"it declares {name!r}, which it is not" if name else "it declares none"
    return _by(data, guess, f"read as {guess}: {why}")


def _by(data: bytes, charset: str, warning: str = "") -> tuple[str, str, str]:
    text = data.decode(charset, errors="replace")
    if damaged := text.count("\ufffd"):
        more = f"{damaged:,} letters cannot be read as {charset}"
        warning = f"{warning}; {more}" if warning else more
    return text, charset, warning


def _declaration(data: bytes) -> str:
    match = _DECLARED.search(data[:_READ])
    return (match[1] or match[2]).decode("ascii") if match else ""


def _codec(name: str) -> str:
    """The codec of a declared name; '' for one that is unknown, unsafe, or wider than a byte (whose
    bytes would have shown it)."""
    try:
        codec = codecs.lookup(name)
        known = codec.name if isinstance("".encode(codec.name), bytes) else ""
    except (LookupError, ValueError, UnicodeError):
        return ""
    known = _SAME.get(known, known)
    return "" if known in _NOT_TEXT or known.startswith(("utf-16", "utf-32")) else known


def _wide(head: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, by where its zero bytes stand; '' for narrower text."""
    head = head.replace(b"\x06", b"\x00")  # what Arabic letters have where Latin ones have zero
    if head.count(0) * 4 < len(head) or len(head) < 4:
        return ""
    shares = [head[place::4].count(0) * 4 / len(head) for place in range(4)]
    if min(shares[1:]) > 0.9 or min(shares[:3]) > 0.9:
        return "utf-32-le" if shares[0] < shares[3] else "utf-32-be"
    odd, even = shares[1] + shares[3], shares[0] + shares[2]
    if abs(odd - even) < 0.5:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _nearly_utf8(data: bytes) -> bool:
    """Whether these are the bytes of UTF-8, damaged here and there."""
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) - damaged >= _DAMAGE * damaged


def _likeliest(data: bytes) -> str:
    """The likeliest one-byte character set: Arabic writes its letters in a row, French alone."""
    runs = Counter(match.group()[:_READ] for match in islice(_HIGH.finditer(data), _RUNS))
    high = b"".join(run * n for run, n in runs.items())
    if len(high) >= 2.5 * runs.total() or (len(high) > 1 and len(runs) == runs.total() == 1):
        scores = {c: _arabic(high, c) for c in ("cp1256", "iso8859-6")}
        best = max(scores, key=scores.__getitem__)
        if scores[best] > 0.3:
            return best
    scores = {c: _french(high, c) for c in ("cp1252", "mac_roman", "cp850")}
    return max(scores, key=scores.__getitem__)


def _arabic(high: bytes, charset: str) -> float:
    text = high.decode(charset, errors="replace")
    return sum(letter in _USUAL_ARABIC for letter in text) / len(text)


def _french(high: bytes, charset: str) -> float:
    return sum(_USUAL.get(letter, -3) for letter in high.decode(charset, errors="replace"))
