"""XLSX workbooks are read as they were typed, and none takes the process with it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest

from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.collect.adapters import table
from marsad.collect.context import Context, Payload
from marsad.collect.register import source


def _book(*lines: list[object], at: dict[str, object] | None = None) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    for cell, value in (at or {}).items():
        book.active[cell] = value
    book.save(out)
    return out.getvalue()


def _rows(payload: Payload) -> Iterator[tuple[int, Row]]:
    return table.rows(Context(source("board_fulltext")), payload)


def test_cells_keep_their_type_and_empty_ones_are_none() -> None:
    day, moment = dt.date(2026, 5, 3), dt.datetime(2026, 5, 3, 10, 5)
    data = _book(
        ["title", "n", "share", "day", "moment", "open", None, 2024],
        ["vendeur", 3, 0.5, day, moment, True, "lost", "01"],
        [None] * 8,
        ["", None, 10**15, None, None, False, None, None],
    )
    assert list(_rows(Payload("ads.xlsx", data))) == [
        (
            2,
            {
                "title": "vendeur",
                "n": 3,
                "share": 0.5,
                "day": day,
                "moment": moment,
                "open": True,
                "2024": "01",
            },
        ),
        (
            4,
            {
                "title": None,
                "n": None,
                "share": 10**15,
                "day": None,
                "moment": None,
                "open": False,
                "2024": None,
            },
        ),
    ]
    whole = next(iter(_rows(Payload("ads.xlsx", data))))[1]["n"]
    assert isinstance(whole, int)


def test_a_table_that_begins_further_in_keeps_its_row_numbers() -> None:
    data = _book(["", "", "title"], ["", "", "vendeur"])
    assert list(_rows(Payload("ads.xlsx", data))) == [(2, {"title": "vendeur"})]


def test_the_first_visible_sheet_is_read() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    ads = book.create_sheet("ads")
    ads.append(["title"])
    ads.append(["vendeur"])
    book.active = 1
    book.save(out)
    assert list(_rows(Payload("ads.xlsx", out.getvalue()))) == [(2, {"title": "vendeur"})]


def test_a_cell_at_the_far_end_of_a_sheet_is_refused_before_memory_is_laid_out() -> None:
    data = _book(["title"], ["vendeur"], at={"XFD1048576": 1})
    assert len(data) < 10_000
    with pytest.raises(InputError, match=r"row 1,048,576, column 16,384"):
        list(_rows(Payload("ads.xlsx", data)))


@pytest.mark.parametrize("data", [b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0words"])
def test_what_is_no_workbook_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(InputError, match="not a workbook that can be read"):
        list(_rows(Payload("ads.xlsx", data)))


def _ods(rows: str) -> bytes:
    """A document of OpenDocument spreadsheet with these rows of XML."""
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    content = f"<office:document-content{names}><office:body><office:spreadsheet><table:table table:name='S'>{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def _ods_row(*cells: str, rows: int = 1, columns: int = 1) -> str:
    written = "".join(
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{rows}">{written}</table:table-row>'


def test_an_opendocument_sheet_is_read() -> None:
    data = _ods(_ods_row("title", "place") + _ods_row("vendeur", "Fès"))
    assert list(_rows(Payload("ads.ods", data))) == [(2, {"title": "vendeur", "place": "Fès"})]


def test_an_opendocument_sheet_that_repeats_without_end_is_refused() -> None:
    data = _ods(_ods_row("title") + _ods_row("x", rows=1_000_000, columns=1_000))
    with pytest.raises(InputError, match="more than 20,000,000"):
        list(_rows(Payload("ads.ods", data)))
