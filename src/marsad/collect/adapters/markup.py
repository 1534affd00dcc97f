"""schema.org in saved pages: JobPosting, Course and EducationalOccupationalProgram as JSON-LD.

Pages break their JSON in known ways (raw line breaks inside strings, trailing commas, comments or
CDATA around it, HTML entities): it is read strictly first, then repaired, and a block that stays
unreadable is reported, never guessed.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

import msgspec
from selectolax.lexbor import LexborHTMLParser

from marsad.base.records import Row
from marsad.collect.context import Context, Payload

_AROUND = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|"
    r"(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING = re.compile(r",(\s*[}\]])")


def read_json(text: str) -> object:
    """The JSON of one script block, repaired where pages are known to break it; ValueError else."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        pass
    text = _AROUND.sub("", _AROUND.sub("", text.strip())).strip().rstrip(";")
    for candidate in (text, _TRAILING.sub(r"\1", text), _TRAILING.sub(r"\1", html.unescape(text))):
        try:
            return json.loads(candidate, strict=False)
        except json.JSONDecodeError:
            continue
    raise ValueError("a JSON-LD block cannot be read, even repaired")


def _walk(node: object) -> Iterator[Row]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        yield node
        for key in ("@graph", "mainEntity", "itemListElement", "item", "hasPart"):
            if key in node:
                yield from _walk(node[key])


def items(ctx: Context, payload: Payload, types: set[str]) -> Iterator[tuple[int, Row]]:
    """Every item of one of the types in a page's JSON-LD blocks, numbered from 1."""
    number = 0
    tree = LexborHTMLParser(payload.text())
    for block in tree.css("script"):
        if (block.attributes.get("type") or "").lower().strip() != "application/ld+json":
            continue
        try:
            content = read_json(block.text())
        except ValueError as error:
            ctx.warn(str(error), file=payload.name)
            continue
        for node in _walk(content):
            kinds = node.get("@type", [])
            if types & {
                str(k).rsplit("/", 1)[-1] for k in ([kinds] if isinstance(kinds, str) else kinds)
            }:
                number += 1
                yield number, node


def text_of(value: object) -> str:
    """A property's words, whatever its shape: text, number, list, or a thing with a name."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list):
        return ", ".join(t for t in map(text_of, value) if t)
    if not isinstance(value, dict):
        return ""
    for key in ("name", "value", "description", "credentialCategory", "addressLocality"):
        if text := text_of(value.get(key)):
            return text
    return ""


def place_of(value: object) -> str:
    """The words of a jobLocation or location: locality, region, country."""
    if isinstance(value, list):
        return "; ".join(t for t in map(place_of, value) if t)
    if not isinstance(value, dict):
        return text_of(value)
    address = value.get("address", value)
    if not isinstance(address, dict):
        return text_of(address)
    parts = (
        text_of(address.get(k)) for k in ("addressLocality", "addressRegion", "addressCountry")
    )
    return ", ".join(p for p in parts if p) or text_of(value)
