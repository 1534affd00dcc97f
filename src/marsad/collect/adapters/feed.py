"""Feeds: RSS 2.0, Atom, and XML job feeds of the `<jobs><job>` dialect.

Columns of source.yml name elements by path below the item (`region/city`); an attribute of the
item is `@name`. Element names are compared without their namespace.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from marsad.base.errors import InputError
from marsad.base.records import Record, Row
from marsad.base.xml import parse_xml
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import records

_ITEMS = {"item", "entry", "job", "offer", "offre", "Offre_emploi"}


def _name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _flat(element: Element, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if not path or path == "link":
            yield f"{path}@{key}".replace("link@", "link/@"), value
    for child in element:
        name = f"{path}/{_name(child)}" if path else _name(child)
        if len(child):
            yield from _flat(child, name)
        elif (child.text or "").strip():
            yield name, (child.text or "").strip()
        elif child.get("href"):
            yield name, str(child.get("href"))


def _parse(payload: Payload) -> Element:
    try:
        return parse_xml(payload.data)
    except InputError as error:
        raise InputError(error.rule, file=payload.name) from None


def rows(payload: Payload) -> Iterator[tuple[int, Row]]:
    """The items of a feed as flat rows, numbered from 1; repeated elements are joined by commas."""
    item_name = None
    number = 0
    for element in _parse(payload).iter():
        name = _name(element)
        if name not in _ITEMS or (item_name and name != item_name):
            continue
        item_name = name
        number += 1
        row: Row = {}
        for key, value in _flat(element):
            row[key] = f"{row[key]}, {value}" if key in row else value
        yield number, row


def collect(ctx: Context) -> Iterator[Record]:
    """Records of every feed; a feed without items is a warning."""
    for payload in ctx.payloads:
        every = list(rows(payload))
        if not every:
            ctx.warn("no item in this feed", file=payload.name)
            continue
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        yield from records(ctx, every, file=payload.name)
