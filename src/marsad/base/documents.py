"""JSON of strangers: a list, a list wrapped in an object, pretty-printed documents, or JSON lines.

What is broken stands in its place as `Broken`, and the rest goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec

from marsad.base.errors import InputError
from marsad.base.records import Broken, Row

_LISTS = (
    "jobs", "ads", "offers", "offres", "postings", "positions", "hits", "resultats", "results",
    "items", "records", "entries", "rows", "data", "value", "values", "content",
)  # fmt: skip
"""Names under which services wrap their list."""
_DEEPEST = 50
_KEPT = 20_000  # letters of what is broken that are given with it
_BETWEEN = re.compile(r"[\s,\x1e]*")
_TRAILING = re.compile(r",(\s*[}\]])")
Item = Row | Broken


def read_json(text: str) -> object:
    """The JSON of a text, halves of surrogate pairs and raw line breaks in strings let pass.

    InputError: it is none, or nested deeper than fifty levels.
    """
    try:
        try:
            value: object = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError):
            value = json.loads(text, strict=False)
    except RecursionError:
        raise InputError("nested too deep") from None
    except ValueError as error:
        raise InputError(f"not JSON ({error})") from None
    check_depth(value)
    return value


def check_depth(value: object) -> None:
    """InputError for lists and objects that are nested deeper than fifty levels."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            part
            for whole in level
            if isinstance(whole, (list, dict))
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, (list, dict))
        ]
        if not level:
            return
    raise InputError("nested too deep")


def json_items(text: str) -> Iterator[tuple[int, Item]]:
    """(number from 1, object) of each item; the number is that of the line in JSON lines.

    InputError: nothing in it is JSON.
    """
    text = text.lstrip("\ufeff").strip("\r\n")
    try:
        whole = read_json(text)
    except InputError as error:
        try:
            whole = read_json(_TRAILING.sub(r"\1", text))
        except InputError:
            yield from _parts(text, error)
            return
    items = _unwrapped(whole)
    yield from ((n, _item(item)) for n, item in enumerate(items, 1))


def _item(value: object) -> Item:
    return value if isinstance(value, dict) else Broken("each item must be a JSON object", value)


def _unwrapped(value: object) -> list[object]:
    """The list that a document is, or wraps under one of the usual names; else itself alone."""
    for _ in range(3):
        if isinstance(value, list) or not isinstance(value, dict):
            break
        inner = next((value[n] for n in _LISTS if isinstance(value.get(n), list)), None)
        if inner is None:
            inner = next((value[n] for n in _LISTS if isinstance(value.get(n), dict)), None)
        if inner is None or ("title" in value and not isinstance(inner, list)):
            break
        value = inner
    return value if isinstance(value, list) else [value]


def _parts(text: str, error: InputError) -> Iterator[tuple[int, Item]]:
    """The items of what is not one document: JSON lines, or documents one after the other."""
    lines = text.split("\n")
    items = [(n, _line(line)) for n, line in enumerate(lines, 1) if line.strip()]
    broken = sum(isinstance(item, Broken) for _, item in items)
    if len(items) > 1 and 2 * broken <= len(items):
        yield from items
        return
    documents = list(_documents(text))
    if not any(isinstance(item, dict) for item in documents):
        if broken < len(items):
            yield from items
            return
        raise error
    yield from enumerate(documents, 1)


def _line(line: str) -> Item:
    try:
        return _item(read_json(line))
    except InputError as error:
        return Broken(error.rule, line[:_KEPT])


def _documents(text: str) -> Iterator[Item]:
    """Objects one after the other, whatever stands between them, up to where the text breaks."""
    decoder, place = json.JSONDecoder(strict=False), 0
    start = re.match(r"\s*\[", text)
    place = start.end() if start else 0
    while (match := _BETWEEN.match(text, place)) and match.end() < len(text.rstrip(" \t\r\n]")):
        try:
            value, place = decoder.raw_decode(text, match.end())
            check_depth(value)
        except (ValueError, RecursionError):
            yield Broken("the rest is not JSON", text[match.end() :][:_KEPT])
            return
        except InputError as error:
            yield Broken(error.rule, text[match.end() : place][:_KEPT])
            continue
        yield _item(value)
