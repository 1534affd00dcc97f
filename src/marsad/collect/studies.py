"""A study as a document: its text page by page, and what it says of itself.

PDF (its properties), DOCX (its Dublin Core properties) and HTML (Dublin Core and `citation_` meta, JSON-LD);
a record beside it, DCAT or schema.org as JSON-LD or Dublin Core as XML, says more. Whatever the form, a
field is known by the last part of its name: `DCTERMS.issued`, `dct:issued` and `datePublished` are its day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from marsad.base.apart import Bounds, apart
from marsad.base.docx import PAGE_END, docx_facts, read_docx
from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.html import parse_html
from marsad.base.pdf import is_pdf, read_pages
from marsad.base.text import clean
from marsad.base.workbook import ZIP
from marsad.base.xml import parse_xml

MOST_PAGES, MOST_LETTERS, MOST_FACT = 2_000, 6_000_000, 500
_BOUNDS = Bounds(cpu_seconds=120, seconds=600.0, memory=4_000_000_000)
_NAMES = {
    "title": ("title", "name", "headline"),
    "authors": ("creator", "author"),
    "publisher": ("publisher",),
    "year": ("issued", "datepublished", "publication_date", "date", "created", "datecreated", "creationdate"),
    "languages": ("language", "inlanguage"),
    "licence": ("license", "licence", "rights"),
    "identifier": ("identifier", "doi"),
    "address": ("landingpage", "url", "public_url"),
}  # fmt: skip
"""Field -> the names by which it is known, the best first, in lower case."""
_YEAR = re.compile(r"(?:19|20)\d{2}")
_LANGUAGE = re.compile(r"(?:^|/|\b)(ar|fr|en)(?:a|g|ra|re|ng)?(?:[-_]\w+)?$", re.I)
_OF_PROGRAM = re.compile(
    r"untitled|anonymous|about:blank|mozilla/|typst|python-docx|administrat|user\b|utilisateur|.*\.(?:docx?|indd|pdf)$",
    re.I,
)
_SEVERAL = {"authors", "languages"}


@dataclass(frozen=True, slots=True)
class Document:
    """A study: the text of each page (one, where the form has no pages: `paged` is false), its fields, its form."""

    form: str
    pages: tuple[str, ...]
    paged: bool
    facts: Mapping[str, str]


def read_document(data: bytes) -> Document:
    """The document in a file. InputError: another kind, damaged, protected, too large, or without text."""
    facts: list[tuple[str, str]]
    if is_pdf(data):
        pages, properties = apart(
            read_pages, data, _BOUNDS, most_pages=MOST_PAGES, most_letters=MOST_LETTERS
        )
        form, facts = "pdf", list(_own(properties))
    elif data[:4] == ZIP:
        pages = apart(read_docx, data, _BOUNDS)[:MOST_LETTERS].split(PAGE_END)
        form, facts = "docx", list(_own(docx_facts(data)))
    else:
        text = decode(data).text
        if "<" not in text[:2000] or "\x00" in text:
            raise InputError("the file is neither a PDF, a DOCX nor an HTML document")
        tree = parse_html(text)
        facts = list(_meta(text))
        for node in tree.css("script, style, nav, template, noscript"):
            node.decompose()
        pages, form = [(tree.body.text(separator="\n") if tree.body else "")[:MOST_LETTERS]], "html"
    pages = [clean(page) for page in pages]
    if not any(pages):
        raise InputError("no text was found in the file: it may be a picture (a scan)")
    return Document(form, tuple(pages), form == "pdf" or len(pages) > 1, _fields(facts))


def read_record(data: bytes) -> dict[str, str]:
    """The fields of a record beside a document: JSON-LD or Dublin Core in XML. InputError: neither."""
    text = decode(data).text.strip()
    if text.startswith("<"):
        root = parse_xml(text)
        return _fields([(_last(e.tag), e.text or "") for e in root.iter()])
    try:
        return _fields(list(_plain(json.loads(text))))
    except (ValueError, RecursionError):
        raise InputError("the record is neither JSON-LD nor XML") from None


def _own(properties: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The properties of a file that its author wrote: what its program put there is none, and the day on which
    the file was made is not that of the study."""
    for name, words in properties.items():
        plain = words.removeprefix("Microsoft Word - ")
        if not _OF_PROGRAM.match(plain) and name.lower() not in ("created", "creationdate"):
            yield name, plain


def _meta(text: str) -> Iterator[tuple[str, str]]:
    """The fields in the head of a page: JSON-LD, then meta, then its title."""
    tree = parse_html(text)
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            yield from _plain(json.loads(script.text()))
        except (ValueError, RecursionError):
            continue
    for node in tree.css("meta[name][content]"):
        name = str(node.attributes.get("name") or "")
        if re.match(r"(?:dc|dcterms|citation|eprints)[._:]|(?:author|language)$", name, re.I):
            yield name, str(node.attributes.get("content") or "")
    if root := tree.css_first("html[lang]"):
        yield "language", str(root.attributes.get("lang") or "")
    if title := tree.css_first("title"):
        yield "title", title.text()


def _plain(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The named words of a JSON-LD record: of a thing its name, value or address; deeper ones are passed over."""
    if isinstance(value, list):
        for item in value[:100]:
            yield from _plain(item, name, depth)
    elif isinstance(value, dict) and (depth == 0 or (not name and depth < 3)):
        for key, item in value.items():
            yield from _plain(item, "" if key == "@graph" else str(key), depth + 1)
    elif isinstance(value, dict):
        keys = ("@value", "name", "foaf:name", "prefLabel", "@id")
        named = next((value[key] for key in keys if isinstance(value.get(key), str)), "")
        yield name, str(named)
    elif isinstance(value, (str, int)) and name:
        yield name, str(value)


def _last(name: str) -> str:
    folded = re.split(r"[}.:/#]", name)[-1].lower()
    return folded.removeprefix("citation_").removeprefix("eprints_")


def _fields(facts: list[tuple[str, str]]) -> dict[str, str]:
    """The fields that are known, each by the best of its names; of authors and languages all."""
    named: dict[str, list[str]] = {}
    for name, words in facts:
        if words := clean(words)[:MOST_FACT]:
            named.setdefault(_last(name), []).append(words)
    fields = {}
    for field, names in _NAMES.items():
        values = next((named[name] for name in names if name in named), [])
        if field == "year":
            years = (m[0] for name in names for v in named.get(name, ()) if (m := _YEAR.search(v)))
            values = list(years)
        if field == "languages":
            values = [m[1].lower() for v in values if (m := _LANGUAGE.search(v.strip()))]
        if values:
            unique = list(dict.fromkeys(values))
            fields[field] = ", ".join(unique) if field in _SEVERAL else unique[0]
    return fields
