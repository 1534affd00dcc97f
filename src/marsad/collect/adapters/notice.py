"""Public notices, one a file: pages, or PDF documents with a layer of text, in French and Arabic."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

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
SCAN = (
    "this PDF holds no text: it is a scan, which has to be read by a program for that (OCR) first"
)


def lines_of_pdf(payload: Payload) -> list[Line]:
    """The lines of a PDF. InputError: it is protected, damaged, or a scan."""
    try:
        text = read_pdf(payload.data, most_pages=_MOST_PAGES, most_letters=_MOST_LETTERS)
    except InputError as error:
        raise InputError(error.rule, file=payload.name) from None
    text = unicodedata.normalize("NFKC", text)
    if sum(letter.isalpha() for letter in text) < _FEWEST_LETTERS:
        raise InputError(SCAN, file=payload.name)
    return [Line(" ".join(line.split())) for line in text.splitlines() if line.strip()]


def _rows(ctx: Context, payload: Payload) -> list[Row]:
    if not is_pdf(payload.data):
        return ordinary_rows(ctx.spec.kind, tree_of(ctx, payload), "")
    row = labels.notice(lines_of_pdf(payload))
    return [row] if row else []


def collect(ctx: Context) -> Iterator[Record]:
    """The notice of every file; one that calls for no applications is a warning."""
    for payload in ctx.payloads:
        rows = _rows(ctx, payload)
        if not rows:
            ctx.warn("no notice of a competition or a post here", file=payload.name)
        yield from records(ctx, enumerate(rows, 1), file=payload.name)
