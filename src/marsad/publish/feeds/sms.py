"""Answers as short as a text message, from the same figures as every page.

A question is a few words: an occupation («soudeur casa»), a place («taza»), or «chomage». French and
English answers are kept in the GSM alphabet (GSM 03.38) and within two parts (306 letters); Arabic
needs UCS-2 and stays within two parts of it (134).
"""

from __future__ import annotations

from collections.abc import Sequence

from marsad.base.labels import pick
from marsad.base.text import arabic_share
from marsad.publish.read.model import AdQuery, Value
from marsad.publish.read.reader import Reader

MOST = {"ar": 134, "fr": 306, "en": 306}
_GSM = {"’": "'", "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "\u202f": " ", "\u00a0": " ",
        "ê": "e", "ë": "e", "î": "i", "ï": "i", "ô": "o", "û": "u", "â": "a", "ç": "c", "œ": "oe",
        "Ê": "E", "È": "E", "À": "A", "Ô": "O", "Î": "I", "Â": "A", "ú": "u", "ÿ": "y"}  # fmt: skip
_WORDS = {
    "open": {"ar": "مفتوح الآن", "fr": "ouvertes", "en": "open now"},
    "ads": {"ar": "الإعلانات", "fr": "annonces", "en": "ads"},
    "pay": {"ar": "وسيط الأجر", "fr": "salaire median", "en": "median pay"},
    "rate": {"ar": "البطالة", "fr": "Chomage", "en": "Unemployment"},
    "synthetic": {"ar": "بيانات تجريبية", "fr": "donnees d'essai", "en": "trial data"},
    "none": {
        "ar": "لا جواب. اكتب مهنة أو مدينة أو «البطالة».",
        "fr": "Pas de réponse. Envoyez un métier, une ville, ou CHOMAGE.",
        "en": "No answer. Send an occupation, a town, or UNEMPLOYMENT.",
    },
}
_SURVEYS = {
    "ENE": {"ar": "بحث المندوبية", "fr": "HCP enquete", "en": "HCP survey"},
    "RGPH2024": {"ar": "إحصاء", "fr": "recensement", "en": "census"},
}


def language_of(text: str) -> str:
    """The language to answer in: Arabic for Arabic letters, else French."""
    return "ar" if arabic_share(text) >= 0.5 else "fr"


def reply(reader: Reader, text: str, language: str = "") -> str:
    """An answer to a few words, within MOST letters."""
    language = language or language_of(text)
    hits = reader.finder.hits_by_kind(text, 1)
    meaning = reader.finder.meaning(text)
    if meaning.groups:
        message = _work(reader, meaning.groups[0], meaning.area, language)
    elif meaning.area or hits["areas"]:
        message = _place(reader, meaning.area or hits["areas"][0].code, language)
    elif hits["indicators"] and hits["indicators"][0].code.startswith("unemployment"):
        message = _place(reader, "MA", language)
    else:
        message = _WORDS["none"][language]
    return cut(message, language)


def _work(reader: Reader, group: str, area: str, language: str) -> str:
    region = area[:5] if area.count("-") else ""
    demand = reader.profiles.demand(AdQuery(filters={"occupation": group, "region": region}))
    name = reader.label("occupation", group, language)
    where = f", {reader.label('area', region, language)}" if region else ""
    parts = [
        f"{name}{where}: {_WORDS['ads'][language]} {demand.total}, {_WORDS['open'][language]} {demand.open}"
    ]
    if demand.pay.median is not None:
        parts.append(f"{_WORDS['pay'][language]} {demand.pay.median:.0f} DH")
    if demand.synthetic:
        parts.append(_WORDS["synthetic"][language])
    return ". ".join(parts) + "."


def _place(reader: Reader, area: str, language: str) -> str:
    newest = reader.profiles.newest([area], ["unemployment_rate"])
    rows = [newest[key] for s in _SURVEYS if (key := ("unemployment_rate", s, area)) in newest]
    name = reader.label("area", area, language)
    if not rows:
        return f"{name}: {_WORDS['none'][language]}"
    return f"{_WORDS['rate'][language]}, {name}: {_figures(rows, language)}."


def decimal(value: float, places: int, language: str) -> str:
    """A figure with the decimal sign of a language."""
    text = f"{value:.{places}f}"
    return text if language == "en" else text.replace(".", ",")


def period(code: str, language: str) -> str:
    """A period by a short name: 2024, Q3 2025, 05/2026."""
    year, _, rest = code.partition("-")
    if rest.startswith("Q"):
        return {"ar": f"الفصل {rest[1:]} من {year}", "fr": f"T{rest[1:]} {year}"}.get(
            language, f"{rest} {year}"
        )
    return f"{rest}/{year}" if rest.isdecimal() else code


def _figures(rows: Sequence[Value], language: str) -> str:
    """Each with its survey, the day of its source and its letter of reliability."""
    return "; ".join(
        f"{decimal(row.value or 0, 1, language)}% {row.period}"
        f" ({' '.join(filter(None, (pick(_SURVEYS[row.survey], language), row.source_date[:7], row.reliability)))})"
        for row in rows
    )


def cut(text: str, language: str) -> str:
    """Text in the letters and the length of its channel."""
    if language != "ar":
        text = "".join(_GSM.get(letter, letter) for letter in text)
        text = text.encode("latin-1", "ignore").decode("latin-1")
    most = MOST[language]
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
