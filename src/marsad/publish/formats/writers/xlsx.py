"""XLSX that a screen reader can follow: one table on the first sheet, notes on the second.

After the guidance of the Government Statistical Service (UK) on accessible spreadsheets: one table
a sheet, named, beginning in column A under one heading row, no merged or blank cells; words for what
is missing. Arabic sheets run from right to left.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec

from marsad.base.codes import label
from marsad.base.declare import load_declaration
from marsad.base.labels import Text, pick
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.formats.spreadsheets import disarmed

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


def _cell(value: object) -> object:
    """Text that a spreadsheet would run is kept as text; times lose the zone it cannot hold."""
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else disarmed(value)


def write_xlsx(answer: Answer) -> bytes:
    """The answer as a workbook: one table of codes, labels and values, where programs look for one; then
    notes."""
    import xlsxwriter  # of use to workbooks alone

    out, language = io.BytesIO(), answer.language
    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False,
               "default_date_format": "yyyy-mm-dd hh:mm:ss", "remove_timezone": True}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        data, notes = (book.add_worksheet(pick(t, language)) for t in _WORDS.sheets.values())
        title = pick(answer.indicator.title, language)
        book.set_properties({"title": title, "author": "Marsad", "comments": language})
        if language == "ar":
            notes.right_to_left()
            data.right_to_left()
        heading = book.add_format({"bold": True, "font_size": 14})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 100)
        for i, line in enumerate(_notes(answer)):
            for j, text in enumerate(line):
                if text:
                    notes.write_string(i, j, str(_cell(text)), wrapped if i else heading)
        columns = answer.cells(_LABELLED)
        for j, (name, cells) in enumerate(columns.items()):
            data.set_column(j, j, max(12, min(40, len(name) + 4)))
            data.write_column(1, j, [_cell(cell) for cell in cells])
        table = {
            "name": "marsad",
            "style": "Table Style Light 1",
            "columns": [{"header": name} for name in columns],
        }
        data.add_table(0, 0, max(1, answer.table.num_rows), len(columns) - 1, table)
        data.freeze_panes(1, 0)
    return out.getvalue()


FORMATS = (
    Format(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "XLSX",
        "XLSX", 20, write_xlsx, offered=True,
    ),
)  # fmt: skip
