"""Personal data out of ad text: addresses, telephones, identity numbers, accounts, names of persons.

Each is replaced by a mark in brackets that says what stood there (law 09-08). `scrub` is the door for
words as received: they are decoded first (entities, tags, invisible signs), as often as they are
nested, so that nothing becomes plain afterwards. The rules read a shadow of the text, letter for
letter without accents, of Western digits and one form of look-alike signs. They prefer to remove a
number too many: an ad loses little by it, a person much by the opposite.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from marsad.base.text import clean
from marsad.enrich import privacy_lives, privacy_names, privacy_numbers, privacy_web
from marsad.enrich.privacy_shadow import Rule, Span, shadow

_MARKS = re.compile(
    "[\u0300-\u036f\u0640\u064b-\u065f\u0670\ufe0e\ufe0f\u20e3\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]"
)
_ENTITY = re.compile(r"&(#?\w{1,10});?")
_NESTED = 6  # times that entities may stand in entities
_RULES: tuple[Rule, ...] = (
    *privacy_web.RULES,
    *privacy_numbers.RULES,
    *privacy_names.RULES,
    *privacy_lives.RULES,
)


def _merged(spans: Iterator[Span]) -> list[Span]:
    """Spans in order; what overlaps is one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _marked(text: str, spans: list[Span], mark: str) -> str:
    parts, last = [], 0
    for start, end in spans:
        parts += [text[last:start], mark]
        last = end
    return "".join([*parts, text[last:]])


def _removed(text: str) -> tuple[str, Counter[str]]:
    counts: Counter[str] = Counter()
    plain = shadow(text)
    for kind, sign, find in _RULES:
        if sign(plain) and (spans := _merged(find(plain))):
            text, plain = (_marked(t, spans, f"[{kind}]") for t in (text, plain))
            counts[kind] += len(spans)
    return text, counts


def remove(text: str) -> tuple[str, Counter[str]]:
    """The text without personal data, and how many of each kind were removed.

    Marks on letters and invisible signs are looked through; they go only with what is removed.
    """
    plain = _MARKS.sub("", text)
    without, counts = _removed(plain)
    return (without, counts) if counts else (text, counts)


def decoded(text: str) -> str:
    """Words as received, decoded until decoding changes nothing more."""
    for _ in range(_NESTED):
        plain = clean(text)
        if plain == text:
            return text
        text = plain
    return clean(_ENTITY.sub(" ", text))


def scrub(text: str) -> tuple[str, Counter[str]]:
    """Words as received -> clean words without personal data, and how many of each kind went."""
    return remove(decoded(text)) if text else (text, Counter())


def scrub_address(url: str) -> tuple[str, Counter[str]]:
    """A web address without personal data, as it was where it holds none."""
    address, question, query = url.partition("?")
    without, counts = remove(unquote(address + question + query.replace("+", " ")))
    return (without, counts) if counts else (url, counts)


def scrub_row(content: str) -> str:
    """A row as received, JSON or plain words, without personal data in any of its cells."""
    try:
        row = json.loads(content)
    except ValueError:
        return scrub(content)[0]
    return json.dumps(_scrubbed(row), ensure_ascii=False) if row not in ("", None) else content


def _scrubbed(cell: object) -> object:
    if isinstance(cell, str):
        return scrub(cell)[0]
    if isinstance(cell, dict):
        return {scrub(str(key))[0]: _scrubbed(value) for key, value in cell.items()}
    if isinstance(cell, list):
        return [_scrubbed(value) for value in cell]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        without, counts = remove(str(cell))
        return without if counts else cell
    return cell
