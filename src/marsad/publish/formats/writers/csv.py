"""CSV (RFC 4180, UTF-8): a code column and a label column for each dimension, then the rest.

A second form is the one that Excel opens by a double click where the decimal sign is a comma (Morocco,
France): a byte order mark, semicolons between cells, decimal commas. Rows are joined column by column.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.formats.spreadsheets import disarmed
from marsad.publish.sdmx.data.columns import (
    Coded,
    Piece,
    coded,
    is_number,
    joined,
    look_up,
    numbers,
)

_LABELLED = ("area", "survey", "sex", "age", "urbanisation", "education", "occupation", "category")
_END = "\r\n"


def distinct(column: pa.ChunkedArray) -> Coded:
    """A column that holds no numbers as indices into its distinct texts; times as Python writes them."""
    if not pa.types.is_timestamp(column.type):
        return coded(column)
    array = column.combine_chunks()
    array = (array.chunk(0) if isinstance(array, pa.ChunkedArray) else array).dictionary_encode()
    index = pc.fill_null(array.indices, -1).to_numpy(zero_copy_only=False).astype("int32")
    return Coded(tuple(str(moment) for moment in array.dictionary.to_pylist()), index)


def _cell(text: object, delimiter: str) -> str:
    """A text as a cell: formulas of spreadsheets disarmed, quoted where it must be."""
    cell = str(disarmed(text))
    if any(sign in cell for sign in (delimiter, '"', "\r", "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _number(column: pa.ChunkedArray, decimal: str) -> Piece:
    piece = numbers(column, "")
    if decimal == "." or isinstance(piece, str):
        return piece
    return lambda start, end: pc.replace_substring(piece(start, end), ".", decimal)


def _csv(answer: Answer, delimiter: str, decimal: str = ".") -> bytes:
    heading: list[str] = []
    pieces: list[Piece] = []

    def add(name: str, piece: Piece) -> None:
        pieces.extend([delimiter, piece] if heading else [piece])
        heading.append(name)

    for name in answer.table.column_names:
        column = answer.table[name]
        if is_number(column):
            add(name, _number(column, decimal))
            continue
        codes = distinct(column)
        add(name, look_up([_cell(code, delimiter) for code in codes.values], codes.index))
        if name in _LABELLED:
            labels = answer.labels(name, codes.values)
            texts = [_cell(labels[code], delimiter) for code in codes.values]
            add(f"{name}_label", look_up(texts, codes.index))
    rows = b"".join(joined([*pieces, _END], answer.table.num_rows))
    return f"{delimiter.join(heading)}{_END}".encode() + rows


def write_csv(answer: Answer) -> bytes:
    """The answer as CSV."""
    return _csv(answer, ",")


def write_csv_excel(answer: Answer) -> bytes:
    """The answer as the CSV that Excel reads where decimals have a comma."""
    return b"\xef\xbb\xbf" + _csv(answer, ";", ",")


FORMATS = (
    Format("csv", "text/csv; charset=utf-8", "csv", "CSV", "CSV", 10, write_csv, offered=True),
    Format(
        "csv-excel", "text/csv; charset=utf-8", "csv", "CSV", "CSV (Excel)", 15, write_csv_excel,
        offered=True,
    ),
)  # fmt: skip
