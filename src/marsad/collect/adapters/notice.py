"""Public notices, one a file: pages, or PDF documents, in French and Arabic. A scan is read by Tesseract
where the system has it, and then a person is asked to compare it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from marsad.base import ocr
from marsad.base.apart import Bounds, apart
from marsad.base.errors import InputError
from marsad.base.pdf import is_pdf, read_pdf
from marsad.base.records import Record, Row
from marsad.collect.adapters import labels
from marsad.collect.adapters.labels import Line
from marsad.collect.adapters.page import ordinary_rows, tree_of
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import records

_MOST_PAGES, _MOST_LETTERS = 40, 200_000
_FEWEST_LETTERS = 40
_BOUNDS = Bounds(cpu_seconds=60, seconds=300.0, memory=2_000_000_000)
_SCANNED_PAGES, _LEAST_SURE = 10, 0.75
SCAN = (
    "this PDF holds no text: it is a scan, which is read only where Tesseract is installed"
    " (tesseract-ocr, tesseract-ocr-ara, tesseract-ocr-fra)"
)


def lines_of_pdf(ctx: Context, payload: Payload) -> list[Line]:
    """The lines of a PDF. InputError: it is protected, damaged, or a scan that is not read well enough."""
    try:
        text = apart(
            read_pdf, payload.data, _BOUNDS, most_pages=_MOST_PAGES, most_letters=_MOST_LETTERS
        )
        text = unicodedata.normalize("NFKC", text)
        if sum(letter.isalpha() for letter in text) < _FEWEST_LETTERS:
            text = _of_scan(ctx, payload)
    except InputError as error:
        raise InputError(error.rule, file=payload.name) from None
    return [Line(" ".join(line.split())) for line in text.splitlines() if line.strip()]


def _of_scan(ctx: Context, payload: Payload) -> str:
    if not ocr.languages():
        raise InputError(SCAN)
    text, sure = ocr.read_scan(payload.data, most_pages=_SCANNED_PAGES)
    if sure < _LEAST_SURE:
        raise InputError(f"this scan is read with a confidence of {sure:.2f}, below {_LEAST_SURE}")
    rule = f"read from a scan with a confidence of {sure:.2f}: a person should compare it"
    ctx.warn(rule, file=payload.name)
    return text


def _rows(ctx: Context, payload: Payload) -> list[Row]:
    if not is_pdf(payload.data):
        return ordinary_rows(ctx.spec.kind, tree_of(ctx, payload), "")
    row = labels.notice(lines_of_pdf(ctx, payload))
    return [row] if row else []


def collect(ctx: Context) -> Iterator[Record]:
    """The notice of every file; one that calls for no applications is a warning."""
    for payload in ctx.payloads:
        rows = _rows(ctx, payload)
        if not rows:
            ctx.warn("no notice of a competition or a post here", file=payload.name)
        yield from records(ctx, enumerate(rows, 1), file=payload.name)
