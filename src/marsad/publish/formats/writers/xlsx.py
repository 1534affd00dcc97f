"""XLSX that a screen reader can follow: one table on the first sheet, notes on the second.

After the guidance of the Government Statistical Service (UK) on accessible spreadsheets: one table
a sheet, named, beginning in column A under one heading row, no merged or blank cells; words for what
is missing. Arabic sheets run from right to left.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.codes import label
from marsad.base.declare import load_declaration
from marsad.base.labels import Text, pick
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
from marsad.publish.sdmx.xml import legal

_SHEET, _TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
_TEXTS = "xl/sharedStrings.xml"
_STYLED = re.compile(r'<col min="(\d+)" max="\d+" width="[\d.]+" style="(\d+)"')

_LABELLED = (
    "freq", "area", "survey", "sex", "age", "urbanisation", "education", "occupation", "category",
    "adjustment", "obs_status", "conf_status",
)  # fmt: skip


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sheets: dict[str, Text]
    notes: dict[str, Text]


_WORDS = load_declaration(Path(__file__).with_name("xlsx.yml"), _Words)


def _notes(answer: Answer) -> Iterator[tuple[str, str]]:
    indicator, language, words = answer.indicator, answer.language, _WORDS.notes
    release = answer.reader.release()
    yield pick(indicator.title, language), ""
    for name in ("definition", "method", "source"):
        yield pick(words[name], language), pick(getattr(indicator, name), language)
    yield pick(words["unit"], language), label("unit", indicator.unit, language)
    yield pick(words["release"], language), f"{release.id} ({release.published_at:%Y-%m-%d})"
    for caveat in (*answer.caveats, pick(words["empty"], language)):
        yield pick(words["caveat"], language), caveat


def _strings(texts: Sequence[str], first: int) -> tuple[str, list[str]]:
    """Texts as entries of a workbook's list of texts, and a cell for each; `first` are there already."""
    entries = (
        f'<si><t xml:space="preserve">{escape(legal(str(disarmed(t))))}</t></si>' for t in texts
    )
    cells = [f'<c t="s"><v>{first + place}</v></c>' for place in range(len(texts))]
    return "".join(entries), cells


class _Cells:
    """The cells of a table, column by column: headings, pieces of its rows, entries of the list of texts."""

    def __init__(self, answer: Answer, texts: int, styles: Mapping[int, str]) -> None:
        self.texts, self.entries, self.styles = texts, "", styles
        self.pieces: list[Piece] = []
        self.columns = 0
        for name in answer.table.column_names:
            column = answer.table[name]
            if is_number(column):
                self.add(numbers(_finite(column), "<c/>", "<c><v>", "</v></c>"))
            elif pa.types.is_timestamp(column.type):
                self.add(_times(column, self.styles.get(self.columns, "0")))
            elif pa.types.is_boolean(column.type):
                codes = coded(column)
                cells = [f'<c t="b"><v>{int(v == "true")}</v></c>' for v in codes.values]
                self.add(look_up(cells, codes.index, "<c/>"))
            else:
                self.coded(coded(column, blank=False), lambda code: code)
            if name in _LABELLED:
                self.coded(coded(column), answer.labels(name, coded(column).values).__getitem__)

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.columns += 1

    def coded(self, codes: Coded, text: Callable[[str], str]) -> None:
        """A column of texts, each written once."""
        entries, cells = _strings([text(code) for code in codes.values], self.texts)
        self.entries, self.texts = self.entries + entries, self.texts + len(cells)
        self.add(_placed(cells, codes))


def _placed(cells: Sequence[str], codes: Coded) -> Piece:
    """The cell of each row; one cell alone where all rows have the same."""
    alone = len(cells) == 1 and bool((codes.index == 0).all())
    return cells[0] if alone else look_up(cells, codes.index, "<c/>")


def _finite(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))


def _times(column: pa.ChunkedArray, style: str) -> Piece:
    """Times as days since 1899-12-30, without the zone that a workbook cannot hold."""
    micros = pc.cast(pc.cast(column, pa.timestamp("us", "UTC")), pa.int64())
    days = pc.add(pc.divide(pc.cast(micros, pa.float64()), 86_400e6), 25_569.0)
    return numbers(days, "<c/>", f'<c s="{style}"><v>', "</v></c>")


def _names(answer: Answer) -> list[str]:
    """The headings: a column that is labelled is followed by its labels."""
    return [
        heading
        for name in answer.table.column_names
        for heading in (name, *((f"{name}_label",) if name in _LABELLED else ()))
    ]


def _skeleton(answer: Answer, names: Sequence[str]) -> bytes:
    """The workbook with its notes and the headings of its table, whose extent is told afterwards."""
    import xlsxwriter  # of use to workbooks alone

    out, language = io.BytesIO(), answer.language
    with xlsxwriter.Workbook(out, {"strings_to_urls": False, "in_memory": True}) as book:
        data, notes = (book.add_worksheet(pick(t, language)) for t in _WORDS.sheets.values())
        title = pick(answer.indicator.title, language)
        book.set_properties({"title": title, "author": "Marsad", "comments": language})
        if language == "ar":
            notes.right_to_left()
            data.right_to_left()
        heading = book.add_format({"bold": True, "font_size": 14})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 100)
        for i, line in enumerate(_notes(answer)):
            for j, text in enumerate(line):
                if text:
                    notes.write_string(i, j, str(disarmed(text)), wrapped if i else heading)
        for j, name in enumerate(names):
            timed = name in answer.table.column_names and pa.types.is_timestamp(
                answer.table[name].type
            )
            data.set_column(j, j, max(12, min(40, len(name) + 4)), moment if timed else None)
        table = {
            "name": "marsad",
            "style": "Table Style Light 1",
            "columns": [{"header": name} for name in names],
        }
        data.add_table(0, 0, 1, len(names) - 1, table)
        data.freeze_panes(1, 0)
    return out.getvalue()


def write_xlsx(answer: Answer) -> bytes:
    """The answer as a workbook: one table of codes, labels and values, where programs look for one; then
    notes. Its rows are joined as those of SDMX data, cell by cell it would take a minute a million."""
    names, rows = _names(answer), answer.table.num_rows
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_skeleton(answer, names))) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book,
    ):
        parts = {name: made.read(name) for name in made.namelist()}
        sheet, texts = parts[_SHEET].decode(), parts[_TEXTS].decode()
        styles = {int(m[1]) - 1: m[2] for m in _STYLED.finditer(sheet)}
        cells = _Cells(answer, texts.count("<si>"), styles)
        lines = pc.cast(pa.array(np.arange(2, rows + 2)), pa.string())
        number = lambda start, end: lines.slice(start, end - start)  # noqa: E731
        before, _, after = sheet.partition("</sheetData>")
        last = re.search(r'ref="(A1:[A-Z]+)2"', parts[_TABLE].decode())
        assert last
        extent = f'ref="{last[1]}{max(2, rows + 1)}"'
        parts[_TABLE] = parts[_TABLE].decode().replace(last[0], extent).encode()
        before = re.sub(r'<dimension ref="[^"]*"', f"<dimension {extent}", before)
        del parts[_SHEET]
        with book.open(_SHEET, "w") as entry:
            entry.write(before.encode())
            for lines_of_rows in joined(['<row r="', number, '">', *cells.pieces, "</row>"], rows):
                entry.write(lines_of_rows)
            entry.write(f"</sheetData>{after}".encode())
        texts = re.sub(r' count="\d+" uniqueCount="\d+"', "", texts, count=1)
        parts[_TEXTS] = texts.replace("</sst>", f"{cells.entries}</sst>").encode()
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


FORMATS = (
    Format(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "XLSX",
        "XLSX", 20, write_xlsx, offered=True,
    ),
)  # fmt: skip
