"""CSV (RFC 4180, UTF-8): a code column and a label column for each dimension, then the rest."""

from __future__ import annotations

import csv
import io

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


def write_csv(answer: Answer) -> bytes:
    """The answer as CSV."""
    columns = {name: _texts(cells) for name, cells in answer.cells(_LABELLED).items()}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values()))
    return out.getvalue().encode("utf-8")


FORMATS = (
    Format("csv", "text/csv; charset=utf-8", "csv", "CSV", "CSV", 10, write_csv, offered=True),
)
