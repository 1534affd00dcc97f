"""Tables: JSON lines, a JSON list, CSV or XLSX, read through the column map of source.yml."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Mapping
from functools import reduce
from zipfile import BadZipFile, ZipFile

import msgspec
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from marsad.base.errors import InputError
from marsad.base.records import Record, Row
from marsad.base.xml import read_xml
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import records

Numbered = tuple[int, Row]
_MOST_UNPACKED, _MOST_CELLS = 1_000_000_000, 20_000_000


def _json_lines(payload: Payload) -> Iterator[Numbered]:
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


def _csv(payload: Payload) -> Iterator[Numbered]:
    text = payload.text()
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, row in enumerate(reader, 2):
        if None in row or None in row.values():
            rule = f"{len(reader.fieldnames or ())} columns expected by the heading"
            raise InputError(rule, file=payload.name, row=number)
        yield number, row


class _Extent:
    """Listens to a sheet for the last row and column that it names, before memory is laid out."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.columns = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, place = tag.rpartition("}")[2], attributes.get("r", "")
        if name == "row":
            self.row = int(place) if place.isdecimal() else self.row + 1
            self.rows, self.column = max(self.rows, self.row), 0
        elif name == "c":
            letters = place.rstrip("0123456789")
            self.column = _column(letters) if letters.isalpha() else self.column + 1
            self.rows = max(self.rows, int(place[len(letters) :] or 0))
            self.columns = max(self.columns, self.column)

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


def _column(letters: str) -> int:
    """The number of a column: A is 1, XFD is 16,384."""
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters.upper(), 0)


def _check_extent(data: bytes) -> None:
    """InputError for a workbook that unpacks to too much, or names cells too far out: the reader
    lays a sheet out in memory up to its last row and column."""
    with ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
            raise InputError(f"the workbook unpacks to more than {_MOST_UNPACKED:,} bytes")
        for name in archive.namelist():
            if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
                extent = _Extent()
                read_xml(archive.read(name), extent)
                if extent.rows * extent.columns > _MOST_CELLS:
                    raise InputError(
                        f"a sheet reaches to row {extent.rows:,}, column {extent.columns:,}:"
                        f" more than {_MOST_CELLS:,} cells"
                    )


def _cell(value: object) -> object:
    """A cell as it was typed in: None for an empty one, whole numbers without a fraction."""
    if value == "":
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _xlsx(payload: Payload) -> Iterator[Numbered]:
    """Rows of the first visible sheet under the words of its first line."""
    try:
        _check_extent(payload.data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(payload.data))
        sheets = book.sheets_metadata
        first = next((s for s in sheets if s.visible is SheetVisibleEnum.Visible), sheets[0])
        lines = iter(book.get_sheet_by_name(first.name).to_python(skip_empty_area=False))
    except (CalamineError, BadZipFile, OSError, ValueError, IndexError, RuntimeError, EOFError) as error:  # fmt: skip
        raise InputError(f"not an XLSX workbook ({error})", file=payload.name) from None
    except InputError as error:
        raise InputError(f"not an XLSX workbook ({error.rule})", file=payload.name) from None
    heading = [str(_cell(c)) if c != "" else "" for c in next(lines, ())]
    for number, line in enumerate(lines, 2):
        if any(cell != "" for cell in line):
            yield number, {k: _cell(v) for k, v in zip(heading, line) if k}


def rows(payload: Payload) -> Iterator[Numbered]:
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


def collect(ctx: Context) -> Iterator[Record]:
    """Records of every payload, each row through the declared columns."""
    for payload in ctx.payloads:
        every = list(rows(payload))
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        yield from records(ctx, every, file=payload.name)
