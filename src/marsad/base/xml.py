"""XML of strangers: read without document types, and so without entities that unfold or fetch."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from marsad.base.errors import InputError

_DEEPEST = 200
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]{0,1000}>", re.I)
_DECLARES = re.compile(r"<!DOCTYPE[^<>]{0,1000}\[|<!ENTITY", re.I)
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.S)
_AMPERSAND = re.compile(r"&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6});|([a-zA-Z][a-zA-Z0-9]{1,31});)?")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"(</?)([\w.-]{1,40}):(?=[\w.-])")
_VOID = re.compile(r"<(br|hr|img|wbr)\b[^<>]{0,1000}>", re.I)
_BARE = re.compile(r"<(?![/!?A-Za-z_\u00c0-\uffff])")
_ELEMENT = re.compile(r"<((?:[\w.-]{1,40}:)?([\w.-]{1,40}))(?=[\s>])")
_ENTITIES_REFUSED = "an XML file may not declare a document type or entities"


class Listener(Protocol):
    """What `read_xml` calls for each element and text, in the order of the document."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...


class _Plain:
    """Hands everything on but a document type: no file that we read needs entities, attacks do."""

    def __init__(self, listener: Listener) -> None:
        self.start, self.end, self.data = listener.start, listener.end, listener.data

    def doctype(self, *_: object) -> None:
        raise InputError(_ENTITIES_REFUSED)


class _PlainTree(TreeBuilder):
    _depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InputError(f"elements are nested deeper than {_DEEPEST} levels")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)

    def doctype(self, *_: object) -> None:
        raise InputError(_ENTITIES_REFUSED)


def read_xml(data: bytes, listener: Listener) -> None:
    """Tell `listener` of every element, none kept. InputError as `parse_xml`."""
    _feed(XMLParser(target=_Plain(listener)), data)  # noqa: S314 - no document types


def parse_xml(text: str) -> Element:
    """The root element; what the text says of its own encoding is past. InputError: not
    well-formed, nested too deep, or a document type is declared."""
    parser = XMLParser(target=_PlainTree())  # noqa: S314 - no document types
    root: Element = _feed(parser, text)
    return root


def _feed(parser: XMLParser, data: bytes | str) -> Element:
    try:
        parser.feed(data.lstrip())
        return parser.close()
    except (ParseError, LookupError, ValueError) as error:  # the latter two: an unknown encoding
        raise InputError(f"not well-formed XML ({error})") from None


def repair_xml(text: str) -> str:
    """A text with what feeds are known to break mended: entities of HTML, bare ampersands and «<», line breaks, numbers
    of forbidden characters, prefixes that nothing declares, a document type that only names itself.

    InputError: it declares entities.
    """
    if _DECLARES.search(text[:100_000]):
        raise InputError(_ENTITIES_REFUSED)
    parts = _CDATA.split(_DOCTYPE.sub("", text, count=1))
    declared = set(re.findall(r"\bxmlns:([\w.-]{1,40})\s*=", text))
    for place in range(0, len(parts), 2):
        plain = _BARE.sub("&lt;", _AMPERSAND.sub(_reference, parts[place]))
        plain = _VOID.sub(r"<\1/>", plain)
        parts[place] = _PREFIX.sub(
            lambda m: m.group() if m[2] in declared else m[1],
            plain,
        )
    return "".join(parts)


def _reference(match: re.Match[str]) -> str:
    """An entity as XML knows it: its letter, nothing for a forbidden one, `&amp;` for none."""
    if (name := match[2]) in _OWN:
        return match.group()
    letters = html.unescape(match.group())
    if not name and not match[1]:
        return "&amp;"
    if letters == match.group():
        return "&amp;" + letters[1:]
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", letters):
        return ""
    return html.escape(letters)


def pieces(text: str, is_item: Callable[[str], bool]) -> Iterator[str]:
    """The text of each item, by the first element whose name is that of one, however broken the items
    and what stands around them."""
    first = next((m for m in _ELEMENT.finditer(text) if is_item(m[2])), None)
    if not first:
        return
    start, end = f"<{first[1]}", f"</{first[1]}>"
    place = first.start()
    while place >= 0:
        following = re.compile(rf"{re.escape(start)}(?=[\s>])").search(text, place + 1)
        stop = following.start() if following else len(text)
        close = text.find(end, place, stop)
        yield text[place : close + len(end) if close >= 0 else stop]
        place = following.start() if following else -1
