"""The text of a PDF, through PDFium; `arabic_lines` puts its lines into logical order.

Only what is written as text is read: a scan holds none.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from marsad.base.arabic_lines import Glyph, logical
from marsad.base.errors import InputError

_PASSWORD = pdfium.FPDF_ERR_PASSWORD
_ONE_AT_A_TIME = threading.Lock()  # PDFium is not safe with threads
_HYPHENS = {0x02, 0xFFFE}
"""What PDFium gives for a hyphen at the end of a line."""
PROTECTED = "the file is protected by a password: take it off first"
DAMAGED = "the file is damaged: it cannot be read as a PDF"


def is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF, by how it begins."""
    return data[:1024].lstrip().startswith(b"%PDF-")


def read_pdf(data: bytes, *, most_pages: int, most_letters: int) -> str:
    """The text of the first pages of a PDF, line by line, '' for a scan. InputError: PROTECTED or
    DAMAGED."""
    with opened(data) as document:
        pages = _pages(document, most_pages, most_letters)
        return logical([line for page in pages for line in page])


def read_pages(
    data: bytes, *, most_pages: int, most_letters: int
) -> tuple[list[str], dict[str, str]]:
    """The text of each of the first pages of a PDF, and what it says of itself (Title, Author,
    CreationDate ...). InputError as `read_pdf`."""
    with opened(data) as document:
        pages = _pages(document, most_pages, most_letters)
        facts = document.get_metadata_dict(skip_empty=True)
        return [logical(page) for page in pages], facts


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF, which no other thread reads meanwhile. InputError: PROTECTED or DAMAGED."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", 0) == _PASSWORD
            raise InputError(PROTECTED if locked else DAMAGED) from None
        try:
            yield document
        except pypdfium2.PdfiumError:
            raise InputError(DAMAGED) from None
        finally:
            document.close()


def _pages(
    document: pypdfium2.PdfDocument, most_pages: int, most_letters: int
) -> list[list[list[Glyph]]]:
    """The lines of the first pages."""
    pages: list[list[list[Glyph]]] = []
    letters = 0
    for i in range(min(len(document), most_pages)):
        pages.append(_lines(document, i, most_letters - letters))
        if (letters := letters + sum(map(len, pages[-1]))) >= most_letters:
            break
    return pages


def _lines(document: pypdfium2.PdfDocument, number: int, most: int) -> list[list[Glyph]]:
    """The letters of a page (at most `most`) by line, as PDFium gives them, with their origins."""
    page = document[number]
    text = page.get_textpage()
    try:
        x, y = ctypes.c_double(), ctypes.c_double()
        lines: list[list[Glyph]] = [[]]
        for i in range(min(text.count_chars(), most)):
            code = pdfium.FPDFText_GetUnicode(text.raw, i)
            if code in _HYPHENS and lines[-1]:
                continue  # a word cut at the end of a line: PDFium joins what follows it
            letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            if letter in "\r\n":
                lines.append([])
                continue
            pdfium.FPDFText_GetCharOrigin(text.raw, i, x, y)
            lines[-1].append((letter, x.value, y.value))
        return [line for line in lines if line]
    finally:
        text.close()
        page.close()
