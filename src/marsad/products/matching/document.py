"""The words of a CV (PDF, DOCX or plain text), read in memory: nothing is written to disk, logged or kept.

PDF by `base/pdf.py`. Presentation forms become plain letters (NFKC). DOCX: paragraphs, tables and text boxes of headers, body and footers. Text files too.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping

from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.pdf import PROTECTED, is_pdf, read_pdf
from marsad.base.text import ARABIC, LATIN
from marsad.base.xml import read_xml

MOST_BYTES, MOST_PAGES, MOST_LETTERS = 5_000_000, 30, 200_000
_MOST_UNPACKED, _MOST_PARTS = 40_000_000, 2_000
_FEWEST_LETTERS = 20
_BODY = "word/document.xml"
_TEXT_PARTS = re.compile(r"word/(?:document|(?:header|footer|footnotes|endnotes)\d*)\.xml")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _PARAGRAPH = f"{_WORD}t", f"{_WORD}p"
_GAPS = {f"{_WORD}tab": " ", f"{_WORD}br": " ", _PARAGRAPH: "\n"}
_MARKUP = (b"{\\rtf", b"<", b"%!")


FAULTS = {
    "too_large": "The file is larger than 5 MB.",
    "other_kind": "The file is neither a PDF, a DOCX document nor plain text.",
    "old_word": "The file is protected by a password or is of an old Word: save it as PDF or DOCX.",
    "protected": "The file is protected by a password: take it off first.",
    "damaged_pdf": "The file is damaged: it cannot be read as a PDF.",
    "damaged_docx": "The file is damaged: it cannot be read as a DOCX document.",
    "unpacks": "The file unpacks to more than a CV can hold: save it as PDF.",
    "no_text": "No text was found in the file: it may be a picture (a scan). Paste or type your skills.",
}
"""Why a file is no CV that can be read: code -> a sentence for its owner, in English."""


class CvError(InputError):
    """A file that cannot be read as a CV; `code` is one of FAULTS."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(FAULTS[code])


def read(data: bytes) -> str:
    """The text of a CV. CvError, in one sentence for its owner, for a file that is too large, of
    another kind, protected, damaged, or without text (a scan)."""
    if len(data) > MOST_BYTES:
        raise CvError("too_large")
    if is_pdf(data):
        text = _pdf(data)
    elif data.startswith(b"PK"):
        text = _docx(data)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise CvError("old_word")
    elif _is_text(data):
        text = decode(data).text
    else:
        raise CvError("other_kind")
    text = unicodedata.normalize("NFKC", text[:MOST_LETTERS])
    if len(LATIN.findall(text)) + len(ARABIC.findall(text)) < _FEWEST_LETTERS:
        raise CvError("no_text")
    return text


def _is_text(data: bytes) -> bool:
    """Whether a file is plain text: no NUL, but in UTF-16, and not another format written in text."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return (wide or b"\x00" not in data) and not data.lstrip().startswith(_MARKUP)


def _pdf(data: bytes) -> str:
    try:
        return read_pdf(data, most_pages=MOST_PAGES, most_letters=MOST_LETTERS)
    except InputError as error:
        raise CvError("protected" if error.rule == PROTECTED else "damaged_pdf") from None


class _Words:
    """Listens to the body of a DOCX: its paragraphs, those of tables and text boxes too, by line."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._in_text = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._in_text = tag == _TEXT
        if tag in _GAPS:
            self.words.append(_GAPS[tag])

    def end(self, tag: str) -> None:
        self._in_text = False
        if tag == _PARAGRAPH:
            self.words.append("\n")

    def data(self, text: str) -> None:
        if self._in_text:
            self.words.append(text)


def _docx(data: bytes) -> str:
    """The text of a DOCX; InputError as `read`."""
    try:
        parts = _parts(data)
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError):
        raise CvError("damaged_docx") from None
    listener = _Words()
    try:
        for part in parts:
            read_xml(part, listener)
    except InputError:
        raise CvError("damaged_docx") from None
    return "".join(listener.words)


def _parts(data: bytes) -> list[bytes]:
    """The parts of a DOCX that hold its text: headers, body, footers and notes; InputError: it has no
    body, or unpacks to too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if _BODY not in {part.filename for part in parts}:
            raise CvError("other_kind")
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise CvError("unpacks")
        names = [part.filename for part in parts if _TEXT_PARTS.fullmatch(part.filename)]
        return [archive.read(name) for name in sorted(names, key=_order)]


def _order(name: str) -> tuple[int, str]:
    return (0 if "header" in name else 1 if name == _BODY else 2), name
