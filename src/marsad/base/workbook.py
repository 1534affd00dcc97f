"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): the cells of their visible sheets as they were typed in."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from functools import reduce
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from marsad.base.errors import InputError
from marsad.base.xml import read_xml

MOST_UNPACKED, MOST_CELLS = 200_000_000, 20_000_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
Cells = list[object]
"""The cells of a row: text, number, truth or day; None for an empty one."""


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


class _Repeats:
    """Listens to the content of an ODS for how many cells its repeated rows and cells stand for."""

    def __init__(self) -> None:
        self.cells = self.rows = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        parts = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if name == "table-row":
            self.rows = _times(parts.get("number-rows-repeated", "1"))
        elif name == "table-cell" and "value-type" in parts:
            self.cells += self.rows * _times(parts.get("number-columns-repeated", "1"))

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


def _times(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 1


def _column(letters: str) -> int:
    """The number of a column: A is 1, XFD is 16,384."""
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters.upper(), 0)


def _check_extent(data: bytes) -> None:
    """InputError for a workbook that unpacks to too much, or names cells too far out: the reader
    lays a sheet out in memory up to its last row and column."""
    with ZipFile(io.BytesIO(data)) as archive:
        if not {"[Content_Types].xml", "content.xml"} & set(archive.namelist()):
            raise InputError("this is a ZIP archive, not a workbook: unpack it first")
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise InputError(f"the workbook unpacks to more than {MOST_UNPACKED:,} bytes")
        for name in archive.namelist():
            if name == "content.xml":
                repeats = _Repeats()
                read_xml(archive.read(name), repeats)
                if repeats.cells > MOST_CELLS:
                    raise InputError(f"its cells are more than {MOST_CELLS:,}")
            if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
                extent = _Extent()
                read_xml(archive.read(name), extent)
                if extent.rows * extent.columns > MOST_CELLS:
                    raise InputError(
                        f"a sheet reaches to row {extent.rows:,}, column {extent.columns:,}:"
                        f" more than {MOST_CELLS:,} cells"
                    )


def _cell(value: object) -> object:
    """A cell as it was typed in: None for an empty one, whole numbers without a fraction."""
    if value == "":
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _carry_merged(sheet: CalamineSheet, lines: list[Cells]) -> None:
    """Write the value of each merged cell into all the cells that it covers."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top < len(lines) and left < len(lines[top]):
            for line in lines[top : bottom + 1]:
                line[left : right + 1] = [lines[top][left]] * len(line[left : right + 1])


def read_workbook(data: bytes) -> tuple[list[tuple[str, list[Cells]]], list[str]]:
    """(name, rows from the first on) of each visible sheet, of the first one when all are hidden;
    and the names of the other sheets, hidden ones, that have two lines or more.

    InputError: not a workbook, one that is locked by a password, or too large.
    """
    try:
        if data.startswith(ZIP):
            _check_extent(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        every = book.sheets_metadata
        visible = [s.name for s in every if s.visible is SheetVisibleEnum.Visible]
        sheets = [book.get_sheet_by_name(name) for name in visible or [every[0].name]]
        hidden = [
            s.name
            for s in every
            if s.name not in [sheet.name for sheet in sheets]
            and s.typ is SheetTypeEnum.WorkSheet
            and book.get_sheet_by_name(s.name).height > 1
        ]
        read = [
            (s.name, [[_cell(v) for v in row] for row in s.to_python(skip_empty_area=False)])
            for s in sheets
        ]
    except (CalamineError, BadZipFile, OSError, ValueError, IndexError, RuntimeError, EOFError, NotImplementedError, zlib.error) as error:  # fmt: skip
        raise InputError(f"not a workbook that can be read ({error})") from None
    except InputError as error:
        raise InputError(f"not a workbook that can be read ({error.rule})") from None
    for sheet, (_, lines) in zip(sheets, read):
        _carry_merged(sheet, lines)
    return read, hidden
