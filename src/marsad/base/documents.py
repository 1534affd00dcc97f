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
    "jobs", "ads", "offers", "offres", "postings", "jobPostings", "positions", "vacancies", "hits",
    "resultats", "results", "items", "records", "entries", "rows", "data", "value", "values", "content",
    "@graph",
)  # fmt: skip
"""Names under which services wrap their list."""
_TITLES = frozenset({"title", "titre", "intitule", "name", "text", "headline", "jobTitle"})
"""Names of which one shows that an object is an item itself, where no list has a usual name."""
_WRAPPER = re.compile(
    r'\s*\{(?:[^\[\]{}]|\{[^\[\]{}]*\}){0,2000}?"(?:' + "|".join(_LISTS) + r')"\s*:\s*\[\s*(?=\{)'
)
"""An object that was cut off, up to the list that it wraps."""
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
    """The list that a document is, or wraps under one of the usual names, else under any; else itself
    alone."""
    for _ in range(3):
        if isinstance(value, list) or not isinstance(value, dict):
            break
        inner = next((value[n] for n in _LISTS if isinstance(value.get(n), list)), None)
        if inner is not None and isinstance(value.get("included"), list):
            return [_with_related(item, value["included"]) for item in inner]
        if inner is None:
            inner = next((value[n] for n in _LISTS if isinstance(value.get(n), dict)), None)
        if inner is None or ("title" in value and not isinstance(inner, list)):
            inner = _longest_list(value)
        if inner is None:
            break
        value = inner
        alone = value[0] if isinstance(value, list) and len(value) == 1 else None
        if isinstance(alone, dict) and (inner := _longest_list(alone)):
            value = inner  # a page of results in a list of one
    return value if isinstance(value, list) else [value]


def _longest_list(value: Row) -> list[object] | None:
    """The list of objects under a name that is not known, in an object that is no item itself."""
    lists = [part for part in value.values() if isinstance(part, list) and part]
    objects = [part for part in lists if all(isinstance(item, dict) for item in part)]
    longest = max(objects, key=len, default=None)
    plain = sum(not isinstance(part, (list, dict)) for part in value.values())
    if longest is None or _TITLES & value.keys() or plain > max(map(len, longest)):
        return None
    return longest


def _with_related(item: object, included: list[object]) -> object:
    """An item of JSON:API with the things it points to in the place of their numbers."""
    if not isinstance(item, dict) or not isinstance(item.get("relationships"), dict):
        return item
    things = {
        (str(thing.get("type")), str(thing["id"])): thing
        for thing in included
        if isinstance(thing, dict) and isinstance(thing.get("id"), (str, int))
    }
    related: Row = {}
    for name, points in item["relationships"].items():
        data = points.get("data") if isinstance(points, dict) else None
        ends = [
            end for end in (data if isinstance(data, list) else [data]) if isinstance(end, dict)
        ]
        keys = ((str(end.get("type")), str(end.get("id"))) for end in ends)
        related[name] = [things[key] for key in keys if key in things]
    return {**item, "relationships": related}


def _parts(text: str, error: InputError) -> Iterator[tuple[int, Item]]:
    """The items of what is not one document: JSON lines, or documents one after the other."""
    lines = text.split("\n")
    if wrapper := _WRAPPER.match(text):
        documents = list(_documents(text[wrapper.end() :]))
        if any(isinstance(item, dict) for item in documents):
            yield from enumerate(_as_cut(documents), 1)
            return
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
    torn = text.startswith("[") and not text.rstrip().endswith("]")
    yield from enumerate(_as_cut(documents) if torn else documents, 1)


def _as_cut(items: list[Item]) -> list[Item]:
    """The items of a list that does not end as lists do, and that this is so where no item tells it."""
    if any(isinstance(item, Broken) for item in items):
        return items
    return [*items, Broken("the list is not closed: it may have been cut off", "")]


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
