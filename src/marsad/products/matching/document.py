"""The words of a CV (PDF, DOCX or plain text), read in memory: nothing is written to disk, logged or kept.

PDF by `base/pdf.py` and DOCX by `base/docx.py`, each file in a process of its own (`base/apart.py`); text
files too. Presentation forms become plain letters (NFKC).
"""

from __future__ import annotations

import unicodedata

from marsad.base.apart import BUSY, TOO_COSTLY, apart
from marsad.base.docx import LONG, NESTED, OTHER_KIND, PAGE_END, UNPACKS, read_docx
from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.pdf import PROTECTED, is_pdf, read_pdf
from marsad.base.text import ARABIC, LATIN

MOST_BYTES, MOST_PAGES, MOST_LETTERS = 5_000_000, 30, 100_000
_FEWEST_LETTERS = 20
_MARKUP = (b"{\\rtf", b"<", b"%!")


FAULTS = {
    "too_large": "The file is larger than 5 MB.",
    "other_kind": "The file is neither a PDF, a DOCX document nor plain text.",
    "old_word": "The file is protected by a password or is of an old Word: save it as PDF or DOCX.",
    "protected": "The file is protected by a password: take it off first.",
    "damaged_pdf": "The file is damaged: it cannot be read as a PDF.",
    "damaged_docx": "The file is damaged: it cannot be read as a DOCX document.",
    "unpacks": "The file unpacks to more than a CV can hold: save it as PDF.",
    "too_long": "The file holds more text than a CV can (100,000 letters): send the CV alone.",
    "too_costly": "The file takes more time or memory to read than a CV may: save it as PDF again, or paste"
    " its text.",
    "busy": "Several files are being read at this moment: send yours again in some seconds.",
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
    if len(text) > MOST_LETTERS:
        raise CvError("too_long")
    text = unicodedata.normalize("NFKC", text)[:MOST_LETTERS]
    if len(LATIN.findall(text)) + len(ARABIC.findall(text)) < _FEWEST_LETTERS:
        raise CvError("no_text")
    return text


def _is_text(data: bytes) -> bool:
    """Whether a file is plain text: no NUL, but in UTF-16, and not another format written in text."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return (wide or b"\x00" not in data) and not data.lstrip().startswith(_MARKUP)


_CODES = {
    TOO_COSTLY: "too_costly", BUSY: "busy", PROTECTED: "protected", OTHER_KIND: "other_kind",
    UNPACKS: "unpacks", LONG: "too_long", NESTED: "too_costly",
}  # fmt: skip


def _pdf(data: bytes) -> str:
    try:
        return apart(read_pdf, data, most_pages=MOST_PAGES, most_letters=MOST_LETTERS + 1)
    except InputError as error:
        raise CvError(_CODES.get(error.rule, "damaged_pdf")) from None


def _docx(data: bytes) -> str:
    try:
        return apart(read_docx, data, most_letters=MOST_LETTERS).replace(PAGE_END, " ")
    except InputError as error:
        raise CvError(_CODES.get(error.rule, "damaged_docx")) from None
