"""Forms of surveys, written as workbooks."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl

LABELS = ("label::العربية (ar)", "label::Français (fr)", "label::English (en)")
SURVEY = [
    ("type", "name", *LABELS),
    ("begin_group", "firm", "المقاولة", "L’entreprise", "The firm"),
    ("select_one region", "region", "الجهة", "Région", "Region"),
    ("select_one sector", "sector", "القطاع", "Secteur", "Sector"),
    ("end_group",),
    ("select_one change", "demand", "كيف تغير الطلب؟", "Comment évolue la demande?", "Demand?"),
    ("select_one colour", "colour", "اللون", "Couleur", "Colour"),
    ("text", "remarks", "ملاحظات", "Remarques", "Remarks"),
]
CHOICES = [
    ("list_name", "name", *LABELS),
    ("region", "r1", "سوس-ماسة", "Souss-Massa", "Souss-Massa"),
    ("region", "MA-06", "الدار البيضاء", "Casablanca", "Casablanca"),
    ("sector", "industry", "الصناعة", "Industrie", "Industry"),
    ("change", "A1", "ارتفاع", "Hausse", "Up"),
    ("change", "A2", "استقرار", "Stable", "Same"),
    ("change", "A3", "انخفاض", "Baisse", "Down"),
    ("change", "dk", "لا أدري", "NSP", "Do not know"),
    ("colour", "red", "أحمر", "Rouge", "Red"),
]
SETTINGS = [("form_title", "form_id", "version"), ("Enquête", "opinion", "3")]


def form(
    survey: Sequence[Sequence[str]] = SURVEY, choices: Sequence[Sequence[str]] = CHOICES
) -> bytes:
    """A form as XLSX."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", SETTINGS)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
