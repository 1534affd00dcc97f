"""XML of strangers: read without document types, and so without entities that unfold or fetch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from marsad.base.errors import InputError


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
        raise InputError("an XML file may not declare a document type or entities")


class _PlainTree(TreeBuilder):
    def doctype(self, *_: object) -> None:
        raise InputError("an XML file may not declare a document type or entities")


def read_xml(data: bytes, listener: Listener) -> None:
    """Tell `listener` of every element, none kept. InputError as `parse_xml`."""
    _feed(XMLParser(target=_Plain(listener)), data)  # noqa: S314 - no document types


def parse_xml(data: bytes) -> Element:
    """The root element. InputError: not well-formed, or a document type is declared."""
    parser = XMLParser(target=_PlainTree())  # noqa: S314 - no document types
    root: Element = _feed(parser, data)
    return root


def _feed(parser: XMLParser, data: bytes) -> Element:
    try:
        parser.feed(data.lstrip())
        return parser.close()
    except (ParseError, LookupError, ValueError) as error:  # the latter two: an unknown encoding
        raise InputError(f"not well-formed XML ({error})") from None
