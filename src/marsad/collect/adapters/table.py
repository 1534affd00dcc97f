"""Tables: JSON lines, a JSON list, CSV or XLSX, read through the column map of source.yml."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

import msgspec
import openpyxl

from marsad.base.errors import InputError
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import records

Row = tuple[int, dict[str, Any]]


def _json_lines(payload: Payload) -> Iterator[Row]:
    decode = msgspec.json.Decoder().decode
    text = payload.text()
    if text.lstrip().startswith("["):
        for number, item in enumerate(decode(text), 1):
            yield number, item
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                item = decode(line)
            except msgspec.DecodeError as error:
                raise InputError(f"not JSON ({error})", file=payload.name, row=number) from None
            if not isinstance(item, dict):
                raise InputError("each line must be a JSON object", file=payload.name, row=number)
            yield number, item


def _csv(payload: Payload) -> Iterator[Row]:
    text = payload.text()
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, row in enumerate(reader, 2):
        if None in row or None in row.values():
            rule = f"{len(reader.fieldnames or ())} columns expected by the heading"
            raise InputError(rule, file=payload.name, row=number)
        yield number, row


def _xlsx(payload: Payload) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(payload.data), read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise InputError(f"not an XLSX workbook ({error})", file=payload.name) from None
    lines = book.active.iter_rows(values_only=True) if book.active else iter(())
    heading = [str(c) if c is not None else "" for c in next(lines, ())]
    for number, line in enumerate(lines, 2):
        if any(cell is not None for cell in line):
            yield number, {k: v for k, v in zip(heading, line) if k}


def rows(payload: Payload) -> Iterator[Row]:
    """Numbered rows of a payload, by its kind: .xlsx, .csv/.tsv, else JSON.

    InputError when the payload is not what its name says.
    """
    name = payload.name.lower()
    if name.endswith(".xlsx") or payload.data[:4] == b"PK\x03\x04":
        return _xlsx(payload)
    if name.endswith((".csv", ".tsv", ".txt")):
        return _csv(payload)
    return _json_lines(payload)


def fields(payload: Payload) -> set[str]:
    """The fields that occur in the first hundred rows."""
    return {k for _, row in itertools.islice(rows(payload), 100) for k in row}


def collect(ctx: Context) -> Iterator[Any]:
    """Records of every payload, each row through the declared columns."""
    for payload in ctx.payloads:
        every = list(rows(payload))
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        yield from records(ctx, every, file=payload.name)
