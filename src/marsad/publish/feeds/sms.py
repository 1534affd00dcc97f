"""Answers as short as a text message, from the same figures as every page.

A question is a few words: an occupation («soudeur casa»), a place («taza»), or «chomage». French and
English answers are kept in the GSM alphabet (GSM 03.38) and within two parts (306 letters); Arabic
needs UCS-2 and stays within two parts of it (134).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.figures import decimal
from marsad.base.labels import Text, pick
from marsad.base.text import arabic_share
from marsad.publish.read.model import AdQuery, Value
from marsad.publish.read.reader import Reader
from marsad.publish.read.trust import rests_on_few

MOST = {"ar": 134, "fr": 306, "en": 306}
_GSM = {"’": "'", "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "\u202f": " ", "\u00a0": " ",
        "ê": "e", "ë": "e", "î": "i", "ï": "i", "ô": "o", "û": "u", "â": "a", "ç": "c", "œ": "oe",
        "Ê": "E", "È": "E", "À": "A", "Ô": "O", "Î": "I", "Â": "A", "ú": "u", "ÿ": "y"}  # fmt: skip


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    open: Text
    unknown: Text
    ads: Text
    pay: Text
    rate: Text
    synthetic: Text
    no_ads: Text
    none: Text
    surveys: dict[str, Text]


_WORDS = load_declaration(Path(__file__).with_name("sms.yml"), _Words)


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
    elif hits["indicators"] and "unemploy" in hits["indicators"][0].code:
        message = _place(reader, "MA", language)
    else:
        message = _WORDS.none[language]
    return cut(message, language)


def _work(reader: Reader, group: str, area: str, language: str) -> str:
    region = area[:5] if area.count("-") else ""
    demand = reader.profiles.demand(AdQuery(filters={"occupation": group, "region": region}))
    name = reader.label("occupation", group, language)
    where = f", {reader.label('area', region, language)}" if region else ""
    if not demand.total:
        return f"{name}{where}: {_WORDS.no_ads[language]}."
    known = demand.open or not demand.unknown
    open_ads = f"{_WORDS.open[language]} {demand.open}" if known else _WORDS.unknown[language]
    parts = [f"{name}{where}: {_WORDS.ads[language]} {demand.total}, {open_ads}"]
    if demand.pay.median is not None:
        parts.append(f"{_WORDS.pay[language]} {demand.pay.median:.0f} DH")
    if demand.synthetic:
        parts.append(_WORDS.synthetic[language])
    return ". ".join(parts) + "."


def _place(reader: Reader, area: str, language: str) -> str:
    newest = reader.profiles.newest([area], ["unemployment_rate"])
    rows = [
        newest[key] for s in _WORDS.surveys if (key := ("unemployment_rate", s, area)) in newest
    ]
    indicator = reader.indicator("unemployment_rate")
    rows = [row for row in rows if not rests_on_few(indicator, row)]
    name = reader.label("area", area, language)
    if not rows:
        return f"{name}: {_WORDS.none[language]}"
    return f"{_WORDS.rate[language]}, {name}: {_figures(rows, language)}."


def _figures(rows: Sequence[Value], language: str) -> str:
    """Each with its survey and the day of its source."""
    return "; ".join(
        f"{decimal(row.value or 0, 1, language, grouped=False)}% {row.period}"
        f" ({' '.join(filter(None, (pick(_WORDS.surveys[row.survey], language), row.source_date[:7])))})"
        for row in rows
    )


def cut(text: str, language: str) -> str:
    """Text in the letters and the length of its channel."""
    if language != "ar":
        text = "".join(_GSM.get(letter, letter) for letter in text)
        text = text.encode("latin-1", "ignore").decode("latin-1")
    most = MOST[language]
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
