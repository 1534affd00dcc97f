"""XLSX that a screen reader can follow: notes on the first sheet, one table on the second.

After the guidance of the Government Statistical Service (UK) on accessible spreadsheets: one table
a sheet, named, beginning in column A under one heading row, no merged or blank cells; words for what
is missing. Arabic sheets run from right to left.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from marsad.base.codes import label
from marsad.base.labels import pick
from marsad.publish.formats.answer import COLUMNS, Answer, caveats

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LABELLED = (
    "freq", "area", "survey", "sex", "age", "urbanisation", "education", "occupation", "category",
    "adjustment", "obs_status", "conf_status",
)  # fmt: skip
_SHEETS = {"ar": ("ملاحظات", "معطيات"), "fr": ("Notes", "Données"), "en": ("Notes", "Data")}
_NOTES = {
    "definition": {"ar": "التعريف", "fr": "Définition", "en": "Definition"},
    "method": {"ar": "المنهجية", "fr": "Méthode", "en": "Method"},
    "source": {"ar": "المصدر", "fr": "Source", "en": "Source"},
    "unit": {"ar": "الوحدة", "fr": "Unité", "en": "Unit"},
    "release": {"ar": "الإصدار", "fr": "Version publiée", "en": "Release"},
    "caveat": {"ar": "تنبيه", "fr": "À savoir", "en": "Take care"},
    "empty": {
        "ar": "الخلايا الفارغة: قيمة غير متوفرة أو محجوبة؛ أنظر عمود obs_status.",
        "fr": "Cellule vide: valeur manquante ou protégée, voir la colonne obs_status.",
        "en": "An empty cell is missing or suppressed: see column obs_status.",
    },
}


def _notes(answer: Answer) -> Iterator[tuple[str, str]]:
    found, language = answer.reader.indicator(answer.result.query.indicator), answer.language
    release = answer.reader.release()
    yield pick(found.title, language), ""
    for name in ("definition", "method", "source"):
        yield pick(_NOTES[name], language), pick(getattr(found, name), language)
    yield pick(_NOTES["unit"], language), label("unit", found.unit, language)
    said = f"{release.id} ({release.published_at:%Y-%m-%d})"
    yield pick(_NOTES["release"], language), said
    for words in (*caveats(answer), pick(_NOTES["empty"], language)):
        yield pick(_NOTES["caveat"], language), words


def _cell(value: object) -> object:
    """Text that a spreadsheet would run is kept as text; times lose the zone it cannot hold."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t"}:
        return "'" + value
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def _heading(sheet: Worksheet, names: list[str]) -> None:
    sheet.append(names)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for i, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(i)].width = max(12, min(40, len(name) + 4))


def write_xlsx(answer: Answer) -> bytes:
    """The answer as a workbook: notes first, then one table of codes, labels and values."""
    book, language = Workbook(), answer.language
    notes, data = book.active, book.create_sheet(_SHEETS[language][1])
    notes.title = _SHEETS[language][0]
    for sheet in (notes, data):
        sheet.sheet_view.rightToLeft = language == "ar"
    for row in _notes(answer):
        notes.append([_cell(text) for text in row if text])
    notes["A1"].font = Font(bold=True, size=14)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 100
    for line in notes.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    names = [n for c in COLUMNS for n in ((c, f"{c}_label") if c in _LABELLED else (c,))]
    _heading(data, names)
    for value in answer.result.rows:
        cells: list[object] = []
        for column in COLUMNS:
            code = getattr(value, column)
            cells.append(_cell(code))
            if column in _LABELLED:
                cells.append(_cell(answer.reader.label(column, code, language, value.indicator)))
        data.append(cells)
    if answer.result.rows:
        table = Table(displayName="marsad", ref=data.dimensions)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        data.add_table(table)
    title = pick(answer.reader.indicator(answer.result.query.indicator).title, language)
    book.properties.title, book.properties.language = title, language
    book.properties.creator = "Marsad"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
