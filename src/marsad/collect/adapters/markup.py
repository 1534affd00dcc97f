"""schema.org in saved pages: JSON-LD, else microdata, else RDFa, at any depth.

Pages break their JSON in known ways (raw line breaks inside strings, trailing commas, comments or
CDATA around it, HTML entities): it is read strictly first, then repaired, and a block that stays
unreadable is reported, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from marsad.base.documents import read_json
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.base.text import unescape
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import text_of

_AROUND = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|"
    r"(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING = re.compile(r",(\s*[}\]])")
_MOST_ITEMS = 10_000
_VALUES = ("content", "datetime", "href", "src", "value", "resource")


@dataclass(frozen=True, slots=True)
class _Syntax:
    """The attributes by which markup in elements says a thing, its type and its properties."""

    scope: str
    type: str
    property: str
    relation: str


_SYNTAXES = (
    _Syntax("itemscope", "itemtype", "itemprop", "itemprop"),
    _Syntax("typeof", "typeof", "property", "rel"),
)


def _block(text: str) -> object:
    """The JSON of one script block, repaired where pages are known to break it; InputError else."""
    try:
        return read_json(text)
    except InputError:
        pass
    text = _AROUND.sub("", _AROUND.sub("", text.strip())).strip().rstrip(";")
    for candidate in (text, _TRAILING.sub(r"\1", text), _TRAILING.sub(r"\1", unescape(text))):
        try:
            return read_json(candidate)
        except InputError as error:
            why = "nested too deep" if "deep" in error.rule else "cannot be read, even repaired"
    raise InputError(f"a JSON-LD block {why}")


def _walk(whole: object) -> Iterator[Row]:
    """Every object in a JSON value, outer ones first, in order."""
    waiting = [whole]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
        if isinstance(node, (dict, list)):
            parts = list(node.values() if isinstance(node, dict) else node)
            waiting += [part for part in reversed(parts) if isinstance(part, (dict, list))]


def _is_a(kinds: object, types: set[str]) -> bool:
    """Whether a type, or one of a list of them, is one of these, whatever its case and vocabulary."""
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(re.split(r"[/:#]", str(kind))[-1].lower() in types for kind in named)


def _json_ld(ctx: Context, tree: LexborHTMLParser, file: str) -> Iterator[Row]:
    for block in tree.css("script"):
        kind = (block.attributes.get("type") or "").partition(";")[0]
        if kind.lower().strip() != "application/ld+json":
            continue
        try:
            yield from _walk(_block(block.text()))
        except InputError as error:
            ctx.warn(error.rule, file=file)


def _value(node: LexborNode) -> str:
    """What an element says as the value of a property."""
    values = (node.attributes.get(name) for name in _VALUES)
    return next((value for value in values if value), None) or node.text(separator=" ", strip=True)


def _thing(root: LexborNode, syntax: _Syntax) -> Row:
    """The properties of one item of markup in elements, things among them as objects."""
    thing: Row = {"@type": (root.attributes.get(syntax.type) or "").split()}
    waiting = [(child, thing) for child in root.iter()]
    while waiting:
        node, owner = waiting.pop()
        names, inner = node.attributes.get(syntax.property), owner
        if syntax.scope in node.attributes:
            names = names or node.attributes.get(syntax.relation)
            inner = {"@type": (node.attributes.get(syntax.type) or "").split()}
        for name in (names or "").split():
            value = inner if inner is not owner else _value(node)
            owner.setdefault(re.split(r"[/:#]", name)[-1], []).insert(0, value)
        waiting += [(child, inner) for child in node.iter()]
    return {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in thing.items()}


def _in_elements(tree: LexborHTMLParser, types: set[str]) -> Iterator[Row]:
    for syntax in _SYNTAXES:
        roots = [
            node
            for node in tree.css(f"[{syntax.type}]")
            if _is_a((node.attributes.get(syntax.type) or "").split(), types)
        ]
        if roots:
            yield from (_thing(root, syntax) for root in roots[:_MOST_ITEMS])
            return


def items(
    ctx: Context, payload: Payload, tree: LexborHTMLParser, types: set[str]
) -> Iterator[tuple[int, Row]]:
    """Every item of one of the types in a page, numbered from 1: those of its JSON-LD blocks, where
    there are none those of its elements."""
    lower = {kind.lower() for kind in types}
    every = list(_json_ld(ctx, tree, payload.name))
    named = {
        node["@id"]: node for node in every if isinstance(node.get("@id"), str) and len(node) > 1
    }
    nodes = [_joined(node, named) for node in every if _is_a(node.get("@type"), lower)]
    yield from enumerate(nodes[:_MOST_ITEMS] or _in_elements(tree, lower), 1)


def _joined(node: Row, named: dict[str, Row]) -> Row:
    """An object with the things that it only points to (`{"@id": ...}`) in their place."""
    return {
        key: named.get(value["@id"], value)
        if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("@id"), str)
        else value
        for key, value in node.items()
    }


def address_of(value: object) -> Row:
    """The first address of a jobLocation or location; an address in words is `{"name": words}`."""
    if isinstance(value, list):
        return next((address for part in value if (address := address_of(part))), {})
    if not isinstance(value, dict):
        return {"name": text_of(value)} if text_of(value) else {}
    inner = value.get("address", value)
    return inner if isinstance(inner, dict) else address_of(inner)


def place_of(value: object) -> str:
    """The words of a jobLocation or location: locality, region, country."""
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(t for t in map(place_of, value) if t))
    if not isinstance(value, dict):
        return text_of(value)
    address = value.get("address", value)
    if not isinstance(address, dict):
        return place_of(address) if isinstance(address, list) else text_of(address)
    parts = (
        text_of(address.get(k)) for k in ("addressLocality", "addressRegion", "addressCountry")
    )
    return ", ".join(p for p in parts if p) or text_of(value)
