"""The text of a DOCX document: paragraphs, tables and text boxes of headers, body, footers and notes.

Its pages are those that Word drew last (`w:lastRenderedPageBreak`) and those that a writer broke; a
document that bears neither is one page. Read in memory, within bounds, without document types.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Mapping

from marsad.base.errors import InputError
from marsad.base.xml import read_xml

_MOST_UNPACKED, _MOST_PARTS, _DEEPEST = 40_000_000, 2_000, 200
_BODY, _PROPERTIES = "word/document.xml", "docProps/core.xml"
_TEXT_PARTS = re.compile(r"word/(?:document|(?:header|footer|footnotes|endnotes)\d*)\.xml")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _PARAGRAPH, _BREAK = f"{_WORD}t", f"{_WORD}p", f"{_WORD}br"
_DRAWN = f"{_WORD}lastRenderedPageBreak"
_GAPS = {f"{_WORD}tab": " ", _BREAK: " ", _PARAGRAPH: "\n"}
PAGE_END = "\f"
OTHER_KIND = "the file is no DOCX document"
DAMAGED = "the file is damaged: it cannot be read as a DOCX document"
NESTED = "the elements of the file are nested too deep"
LONG = "the file holds more text than is taken"
UNPACKS = "the file unpacks to more than a document can hold"


class _Words:
    """Listens to the body of a DOCX: its paragraphs, those of tables and text boxes too, by line."""

    def __init__(self, most_letters: float) -> None:
        self.words: list[str] = []
        self._in_text = False
        self._left, self._depth = most_letters, 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._in_text = tag == _TEXT
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InputError(NESTED)
        if tag == _DRAWN or (tag == _BREAK and attributes.get(f"{_WORD}type") == "page"):
            self.words.append(PAGE_END)
        elif tag in _GAPS:
            self.words.append(_GAPS[tag])

    def end(self, tag: str) -> None:
        self._in_text = False
        self._depth -= 1
        if tag == _PARAGRAPH:
            self.words.append("\n")

    def data(self, text: str) -> None:
        if self._in_text:
            self.words.append(text)
            self._left -= len(text)
            if self._left < 0:
                raise InputError(LONG)


class _Facts:
    """Listens to the properties of a DOCX: the words of each element by its name."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}
        self._name = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._name = tag.rpartition("}")[2]

    def end(self, tag: str) -> None:
        self._name = ""

    def data(self, text: str) -> None:
        if self._name:
            self.facts[self._name] = self.facts.get(self._name, "") + text


def read_docx(data: bytes, *, most_letters: float = math.inf) -> str:
    """The text of a document, `PAGE_END` between its pages. InputError: OTHER_KIND, DAMAGED, UNPACKS, NESTED, or
    LONG where it has more letters than are taken."""
    listener = _Words(most_letters)
    for part in _parts(data):
        try:
            read_xml(part, listener)
        except InputError as error:
            raise InputError(error.rule if error.rule in (LONG, NESTED) else DAMAGED) from None
    text = "".join(listener.words)
    return re.sub(
        rf"{PAGE_END}\s*{PAGE_END}", PAGE_END, text
    )  # a break of the writer that was drawn


def docx_facts(data: bytes) -> dict[str, str]:
    """What a document says of itself, by the names of Dublin Core (title, creator, created, language); empty
    where it says nothing that can be read."""
    listener = _Facts()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            read_xml(archive.open(_PROPERTIES).read(100_000), listener)
    except (KeyError, InputError, zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError):  # fmt: skip
        return {}
    return {name: words.strip() for name, words in listener.facts.items() if words.strip()}


def _parts(data: bytes) -> list[bytes]:
    """The parts that hold text: headers, body, footers and notes; InputError as `read_docx`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if _BODY not in {part.filename for part in parts}:
                raise InputError(OTHER_KIND)
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise InputError(UNPACKS)
            names = [part.filename for part in parts if _TEXT_PARTS.fullmatch(part.filename)]
            return [archive.read(name) for name in sorted(names, key=_order)]
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError):
        raise InputError(DAMAGED) from None


def _order(name: str) -> tuple[int, str]:
    return (0 if "header" in name else 1 if name == _BODY else 2), name
