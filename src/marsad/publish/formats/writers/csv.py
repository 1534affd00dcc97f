"""CSV (RFC 4180, UTF-8): a code column and a label column for each dimension, then the rest.

A second form is the one that Excel opens by a double click where the decimal sign is a comma (Morocco,
France): a byte order mark, semicolons between cells, decimal commas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.formats.spreadsheets import disarmed

_LABELLED = ("area", "survey", "sex", "age", "urbanisation", "education", "occupation", "category")


def _text(cell: object) -> object:
    """A cell: empty for none, true/false in lower case, formulas of spreadsheets disarmed."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else disarmed(cell)


def _texts(cells: list[object]) -> list[object]:
    """`_text` of a column's cells; of its texts, each once."""
    if not all(isinstance(cell, str) for cell in cells):
        return [_text(cell) for cell in cells]
    text_of = {cell: _text(cell) for cell in set(cells)}
    return [text_of[cell] for cell in cells]


def _csv(answer: Answer, delimiter: str, cell: Callable[[object], object] = lambda c: c) -> str:
    columns = {name: _texts(cells) for name, cells in answer.cells(_LABELLED).items()}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(zip(*([cell(c) for c in cells] for cells in columns.values())))
    return out.getvalue()


def write_csv(answer: Answer) -> bytes:
    """The answer as CSV."""
    return _csv(answer, ",").encode("utf-8")


def _comma(cell: object) -> object:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def write_csv_excel(answer: Answer) -> bytes:
    """The answer as the CSV that Excel reads where decimals have a comma."""
    return _csv(answer, ";", _comma).encode("utf-8-sig")


FORMATS = (
    Format("csv", "text/csv; charset=utf-8", "csv", "CSV", "CSV", 10, write_csv, offered=True),
    Format(
        "csv-excel", "text/csv; charset=utf-8", "csv", "CSV", "CSV (Excel)", 15, write_csv_excel,
        offered=True,
    ),
)  # fmt: skip
