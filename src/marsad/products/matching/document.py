"""The words of a CV (PDF or DOCX), read in memory: nothing is written to disk, logged or kept.

PDF through PDFium, whose text of Arabic was found wrong in two ways and is put right here: the
letters of a ligature come backwards (they share one origin on the page: «السرية» for «السيرة»), and
words of a Latin line within a page of Arabic come from right to left. Letters come in logical order,
presentation forms as plain letters (NFKC). DOCX: paragraphs, tables and text boxes of the body.
"""

from __future__ import annotations

import ctypes
import io
import itertools
import threading
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from marsad.base.errors import InputError
from marsad.base.text import ARABIC, LATIN
from marsad.base.xml import read_xml

MOST_BYTES, MOST_PAGES, MOST_LETTERS = 5_000_000, 30, 200_000
_MOST_UNPACKED, _MOST_PARTS = 40_000_000, 2_000
_FEWEST_LETTERS = 20
_BODY = "word/document.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _PARAGRAPH = f"{_WORD}t", f"{_WORD}p"
_GAPS = {f"{_WORD}tab": " ", f"{_WORD}br": " ", _PARAGRAPH: "\n"}
_PASSWORD = pdfium.FPDF_ERR_PASSWORD
_ONE_AT_A_TIME = threading.Lock()  # PDFium is not safe with threads
_Glyph = tuple[str, float, float]


FAULTS = {
    "too_large": "The file is larger than 5 MB.",
    "other_kind": "The file is neither a PDF nor a DOCX document.",
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
    if data[:1024].lstrip().startswith(b"%PDF-"):
        text = _pdf(data)
    elif data.startswith(b"PK"):
        text = _docx(data)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise CvError("old_word")
    else:
        raise CvError("other_kind")
    text = unicodedata.normalize("NFKC", text[:MOST_LETTERS])
    if len(LATIN.findall(text)) + len(ARABIC.findall(text)) < _FEWEST_LETTERS:
        raise CvError("no_text")
    return text


def _pdf(data: bytes) -> str:
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", 0) == _PASSWORD:
                raise CvError("protected") from None
            raise CvError("damaged_pdf") from None
        try:
            return "\n".join(_page(document, i) for i in range(min(len(document), MOST_PAGES)))
        except pypdfium2.PdfiumError:
            raise CvError("damaged_pdf") from None
        finally:
            document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    text = page.get_textpage()
    try:
        x, y = ctypes.c_double(), ctypes.c_double()
        lines: list[list[_Glyph]] = [[]]
        for i in range(min(text.count_chars(), MOST_LETTERS)):
            code = pdfium.FPDFText_GetUnicode(text.raw, i)
            letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            if letter in "\r\n":
                lines.append([])
                continue
            pdfium.FPDFText_GetCharOrigin(text.raw, i, x, y)
            lines[-1].append((letter, x.value, y.value))
        return "\n".join(_line(line) for line in lines if line)
    finally:
        text.close()
        page.close()


def _line(glyphs: list[_Glyph]) -> str:
    """A line in logical order."""
    if not any(ARABIC.match(unicodedata.normalize("NFKC", letter)) for letter, _, _ in glyphs):
        words = "".join(letter for letter, _, _ in glyphs)
        starts = [x for letter, x, _ in glyphs if not letter.isspace()]
        falling = sum(b < a - 1 for a, b in itertools.pairwise(starts))
        level = len({round(y) for _, _, y in glyphs}) == 1
        if falling and level:
            words = "".join(letter for letter, _, _ in sorted(glyphs, key=lambda g: g[1]))
        return words
    letters: list[str] = []
    joined: list[_Glyph] = []
    for glyph in glyphs:
        if joined and (glyph[1:] != joined[0][1:] or not ARABIC.match(glyph[0])):
            letters += [letter for letter, _, _ in reversed(joined)]
            joined = []
        if ARABIC.match(glyph[0]):
            joined.append(glyph)
        else:
            letters.append(glyph[0])
    return "".join([*letters, *(letter for letter, _, _ in reversed(joined))])


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
        body = _body(data)
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError):
        raise CvError("damaged_docx") from None
    listener = _Words()
    try:
        read_xml(body, listener)
    except InputError:
        raise CvError("damaged_docx") from None
    return "".join(listener.words)


def _body(data: bytes) -> bytes:
    """The part of a DOCX that holds its text; InputError: it has none, or unpacks to too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if _BODY not in {part.filename for part in parts}:
            raise CvError("other_kind")
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise CvError("unpacks")
        return archive.read(_BODY)
