"""Feeds of ads: RSS, Atom, XML and JSON job feeds, and their tables; every item is one flat row.

Columns of source.yml name fields by path below the item (`region/city`, `categories/location`); an
attribute is `path@name`. Names are compared without case, hyphens and underscores, and those of XML
without their namespace. A broken item is set aside alone. Items are the elements of a usual name, else
those, repeated, that read as ads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from marsad.base.errors import InputError
from marsad.base.records import Record, Row
from marsad.base.xml import parse_xml, pieces, repair_xml
from marsad.collect.adapters import table
from marsad.collect.context import Context, Payload
from marsad.collect.identifiers import told_apart
from marsad.collect.mapping import records, text_of
from marsad.collect.names import PAY, meaning, plan, says_enough

if TYPE_CHECKING:
    from marsad.collect.register import Source

_ITEMS = frozenset(
    ("item", "entry", "job", "offer", "offre", "offreemploi", "annonce", "vacancy", "position",
     "posting", "positionopening", "jobpositionposting", "ad", "jobposting", "emploi", "poste")
)  # fmt: skip
"""Elements that are one ad each, as names are compared."""
_BLOCKS = frozenset("br p li ul ol div h1 h2 h3 h4 h5 h6 hr tr table".split())
_MARKUP = _BLOCKS | frozenset(
    "b i u a s em strong span small big sub sup font img td th tbody thead center dl dt dd section article abbr code pre blockquote mark".split()
)
_OF_ATTRIBUTES = frozenset({*PAY, "posted_on", "deadline_on"})
_MOST_ITEMS = 1_000_000
_LOOKED_AT = 20_000  # elements among which items of an unknown name are looked for
_SHORT = 60  # letters: repeated fields up to here are joined by commas, longer ones by line breaks


def is_xml(payload: Payload) -> bool:
    """Whether a payload is XML, by how it begins."""
    head = payload.data[:400].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and not re.search(rb"<html[\s>]", head.lower())


def _name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _compared(name: str) -> str:
    """A name as it is compared: lower case, without hyphens and underscores."""
    return name.casefold().replace("-", "").replace("_", "")


@cache
def _spelled(names: frozenset[str]) -> dict[str, str]:
    """Names as they are compared -> as the source declares them, the first of several."""
    return {_compared(name): name for name in sorted(names, reverse=True)}


def _add(row: Row, name: str, value: object) -> None:
    if name not in row:
        row[name] = value
    elif (before := text_of(row[name])) != (more := text_of(value)):
        row[name] = f"{before}{', ' if max(len(before), len(more)) <= _SHORT else chr(10)}{more}"


def _inner(element: Element) -> str:
    """The words in an element, with a form feed before each of its blocks."""
    parts = [element.text or ""]
    for child in element:
        block = _compared(_name(child)) in _BLOCKS
        parts += ["\f" if block else "", _inner(child), "\f" if block else "", child.tail or ""]
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Form:
    """How the fields of a source are called, and which of its attributes are read."""

    spec: Source
    names: frozenset[str]

    def reads(self, name: str) -> bool:
        """Whether an attribute below an item is declared, or a place, a date or pay."""
        if _compared(name) in _spelled(self.names):
            return True
        means = meaning(self.spec.kind, name) if self.spec.ordinary_names else None
        return means is not None and means.field in _OF_ATTRIBUTES


def _is_words(element: Element) -> bool:
    """Whether an element with others in it is text with its markup, not a thing with parts."""
    if (element.text or "").strip() and len(element):
        return True
    return all(_compared(_name(child)) in _MARKUP for child in element) or any(
        (child.tail or "").strip() for child in element
    )


def _flatten(element: Element, row: Row, form: _Form, path: str = "") -> None:
    """Write the fields below an element into a row; of attributes those that are read."""
    for key, value in element.attrib.items():
        name = (f"{path}@{key}" if path != "link" else f"link/@{key}").rsplit("}", 1)[-1]
        if not path or path == "link" or form.reads(name):
            _add(row, name, value)
    for child in element:
        name = f"{path}/{_name(child)}" if path else _name(child)
        words = len(child) > 0 and _is_words(child)
        if words:
            lines = (" ".join(line.split()) for line in _inner(child).split("\f"))
            _add(row, name, "\n".join(line for line in lines if line))
        elif (child.text or "").strip():
            _add(row, name, (child.text or "").strip())
        elif child.get("href"):
            _add(row, name, str(child.get("href")))
        if not words:
            _flatten(child, row, form, name)


def _flatten_json(value: object, row: Row, path: str = "") -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            _flatten_json(part, row, f"{path}/{key}" if path else str(key))
    elif isinstance(value, list):
        for part in value:
            _flatten_json(part, row, path)
    elif value is not None:
        _add(row, path, value)


def _declared(flat: Row, names: frozenset[str]) -> Row:
    """A row whose names that a source declares are spelled as it declares them."""
    row: Row = {}
    for name, value in flat.items():
        _add(row, name if name in names else _spelled(names).get(_compared(name), name), value)
    return row


def _is_item(name: str) -> bool:
    return _compared(name) in _ITEMS


def _root(ctx: Context, payload: Payload, text: str) -> Element | None:
    """The root of a feed, mended where it must be; None when it stays broken."""
    try:
        return parse_xml(text)
    except InputError as error:
        mended = repair_xml(text)
        rule = error.rule
    try:
        root = parse_xml(mended)
    except InputError:
        return None
    ctx.warn(f"{rule}: mended, and read", file=payload.name)
    return root


def _elements(ctx: Context, payload: Payload) -> Iterator[tuple[int, Element]]:
    """The items of a feed, numbered from 1; one that stays broken is set aside."""
    text = ctx.text(payload)
    if (root := _root(ctx, payload, text)) is not None:
        elements = [element for element in root.iter() if _is_item(_name(element))]
        elements = elements or _repeated(ctx.spec, root)
        item_name = _name(elements[0]) if elements else ""
        yield from enumerate((e for e in elements if _name(e) == item_name), 1)
        return
    number, before = 0, ctx.rejected
    for number, piece in enumerate(pieces(text, _is_item), 1):
        try:
            yield number, parse_xml(repair_xml(piece))
        except InputError as error:
            ctx.reject(InputError(error.rule, file=payload.name, row=number), piece[:2000])
    if not number:
        parse_xml(text)  # says what is wrong with it
    elif ctx.rejected == before:
        rule = "the feed is not closed: it may have been cut off"
        ctx.reject(InputError(rule, file=payload.name, row=number + 1), "")


def _repeated(spec: Source, root: Element) -> list[Element]:
    """The elements of one name that read as ads, the most; none where no element has a title and one
    more field."""
    named: dict[str, list[Element]] = {}
    for element in islice(root.iter(), _LOOKED_AT) if spec.ordinary_names else ():
        if len(element) > 1 and not _is_words(element):
            named.setdefault(_name(element), []).append(element)
    best: tuple[int, str] = (0, "")
    for name, elements in named.items():
        row: Row = {}
        _flatten(elements[0], row, _Form(spec, spec.names))
        if len(elements) > best[0] and says_enough(plan(spec, list(row))):
            best = (len(elements), name)
    return [element for element in root.iter() if best[1] and _name(element) == best[1]]


def rows(ctx: Context, payload: Payload) -> Iterator[tuple[int, Row]]:
    """The items of a feed as flat rows, numbered from 1. InputError: nothing in it can be read."""
    form = _Form(ctx.spec, ctx.spec.every_name)
    try:
        every = _elements(ctx, payload) if is_xml(payload) else table.rows(ctx, payload)
        for number, item in every:
            flat: Row = {}
            if isinstance(item, Element):
                _flatten(item, flat, form)
            else:
                _flatten_json(item, flat)
            row = _declared(flat, form.names)
            if number > _MOST_ITEMS:
                raise InputError(f"more than {_MOST_ITEMS:,} items: give it in parts")
            if len(row) > table.MOST_FIELDS:
                rule = f"more than {table.MOST_FIELDS:,} fields"
                ctx.reject(InputError(rule, file=payload.name, row=number), {})
                continue
            yield number, row
    except InputError as error:
        raise InputError(error.rule, file=payload.name, row=error.row) from None


def collect(ctx: Context) -> Iterator[Record]:
    """Records of every feed; a feed without items is a warning."""
    for payload in ctx.payloads:
        every = list(rows(ctx, payload))
        if not every and not ctx.rejected:
            ctx.warn("no item in this feed", file=payload.name)
            continue
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        ads = records(ctx, every, file=payload.name)
        yield from told_apart(ctx, ads, file=payload.name)
