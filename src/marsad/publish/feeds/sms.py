"""Answers as short as a text message, from the same figures as every page.

A question is a few words in any language («soudeur casa», «taza», «chomage jeunes», «salaire maçon»); it is
read as everywhere (`read.questions`), and what is not published, not understood or widened is told. French
and English answers are kept in the GSM alphabet (GSM 03.38) and within two parts (306 letters); Arabic
needs UCS-2 and stays within two parts of it (134).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
from babel import Locale

from marsad.base.codes import label
from marsad.base.declare import load_declaration
from marsad.base.figures import decimal, period
from marsad.base.labels import Text, pick
from marsad.base.text import arabic_share
from marsad.publish.read.ad_filters import within
from marsad.publish.read.answers import Answer
from marsad.publish.read.model import AdQuery, Value
from marsad.publish.read.questions import read as questions
from marsad.publish.read.questions.figures import Figure
from marsad.publish.read.questions.vocabulary import services
from marsad.publish.read.reader import Reader
from marsad.publish.read.trainings import TrainingPage, widening
from marsad.publish.read.trust import is_computed, is_over, rests_on_few

MOST = {"ar": 134, "fr": 306, "en": 306}
_GSM = {"’": "'", "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "\u202f": " ", "\u00a0": " ",
        "ê": "e", "ë": "e", "î": "i", "ï": "i", "ô": "o", "û": "u", "â": "a", "ç": "c", "œ": "oe",
        "Ê": "E", "È": "E", "À": "A", "Ô": "O", "Î": "I", "Â": "A", "ú": "u", "ÿ": "y"}  # fmt: skip
_FIGURES = 2


class _Separators(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    comma: Text
    semicolon: Text


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    open: Text
    unknown: Text
    ads: Text
    pay: Text
    dirhams: Text
    synthetic: Text
    no_ads: Text
    everywhere: Text
    not_published: Text
    nearest: Text
    unread: Text
    trainings: Text
    no_trainings: Text
    few: Text
    computed: Text
    past: Text
    counted: dict[str, dict[str, dict[str, str]]]
    none: Text
    separators: _Separators
    surveys: dict[str, Text]


_WORDS = load_declaration(Path(__file__).with_name("sms.yml"), _Words)


def language_of(text: str) -> str:
    """The language to answer in: Arabic for Arabic letters, else French."""
    return "ar" if arabic_share(text) >= 0.5 else "fr"


def reply(reader: Reader, text: str, language: str = "") -> str:
    """An answer to a few words, within MOST letters."""
    language = language or language_of(text)
    return cut(written(reader, text, language), language)


def written(reader: Reader, text: str, language: str) -> str:
    """An answer to a few words in a sentence or two, in every letter."""
    answer = reader.answers.answer(text, 2)
    message = _message(reader, answer, language)
    if unread := answer.question.unread:
        message = f"{_WORDS.unread[language]}: {unread}. {message}"
    return message


def _message(reader: Reader, answer: Answer, language: str) -> str:
    question = answer.question
    if answer.figures or answer.reason:
        return _figures(reader, answer, language)
    if question.kind == questions.SERVICES and (named := services().get(question.service)):
        return f"{pick(named.name, language)}: /{language}{named.path}"
    if question.kind == questions.TRAININGS:
        return _trainings(reader, answer, language)
    if question.filters or (question.kind == questions.ADS and not question.groups):
        return _ads(reader, answer, language)
    if question.groups and question.kind in (questions.OCCUPATIONS, questions.ADS):
        return _work(reader, question.groups[0], question.area, language)
    if question.area and question.kind in (questions.AREAS, questions.WORDS):
        place = reader.label("area", question.area, language)
        known = reader.answers.about_place(question.area)
        rates = _joined(
            [_figure(reader, figure, language) for figure in known[:_FIGURES]], language
        )
        return f"{rates}." if rates else f"{place}: {_WORDS.none[language]}"
    return _WORDS.none[language]


def _joined(parts: list[str], language: str) -> str:
    return pick(_WORDS.separators.semicolon, language).join(parts)


def _figures(reader: Reader, answer: Answer, language: str) -> str:
    """The figures that answer; or that none is published, and the nearest ones."""
    shown = answer.figures or answer.nearest
    rates = _joined([_figure(reader, figure, language) for figure in shown[:_FIGURES]], language)
    if answer.figures:
        return f"{rates}."
    near = f" {_WORDS.nearest[language]}: {rates}." if rates else ""
    return f"{_WORDS.not_published[language]}.{near}"


def _figure(reader: Reader, figure: Figure, language: str) -> str:
    """What, of whom, where, how much, when, from which survey."""
    row, comma = figure.value, pick(_WORDS.separators.comma, language)
    indicator = reader.indicator(row.indicator)
    groups = [reader.label(n, c, language, row.indicator) for n, c in figure.qualifiers]
    place = reader.label("area", row.area, language)
    what = comma.join([pick(indicator.title, language), *groups, place])
    survey = pick(_WORDS.surveys.get(row.survey, {}), language)
    source = survey or reader.label("survey", row.survey, language)
    if is_computed(indicator, row):
        source = f"{pick(_WORDS.computed, language)} {source}"
    if row.synthetic:
        source = f"{source}{comma}{pick(_WORDS.synthetic, language)}"
    if is_over(indicator, row, dt.date.today()):
        source = f"{source}{comma}{pick(_WORDS.past, language)}"
    few = f"{comma}{pick(_WORDS.few, language)}" if rests_on_few(indicator, row) else ""
    when = period(row.period, language)
    return f"{what}: {_value(row, indicator.decimals, language)} {when} ({source}{few})"


def _value(row: Value, decimals: int, language: str) -> str:
    if row.unit == "MAD":
        return f"{decimal(row.value or 0, 0, language, grouped=False)} {_WORDS.dirhams[language]}"
    places = 0 if row.unit == "PS" else min(decimals, 1) if row.unit == "PT" else decimals
    text = decimal(row.value or 0, places, language, grouped=False)
    if row.unit == "PT":
        return f"{text}%"
    if row.unit in ("NB", "IX", "RA"):
        return text
    forms = _WORDS.counted.get(row.unit, {}).get(language, {})
    plural = str(Locale.parse(language).plural_form(round(row.value or 0, places)))
    return f"{text} {forms.get(plural) or forms.get('other') or label('unit', row.unit, language)}"


def _trainings(reader: Reader, answer: Answer, language: str) -> str:
    page = answer.trainings or TrainingPage([], 0, answer.question)
    given = answer.question.area
    used = next((w.used for w in page.widened if w.dimension == "area"), given)
    where = reader.label("area", used, language) if used else _WORDS.everywhere[language]
    none_here = _WORDS.no_trainings[language]
    if not page.total:
        return f"{none_here}."
    readable = (
        row["title"] for row in page.rows if language == "ar" or not arabic_share(row["title"])
    )
    titles = _joined(list(dict.fromkeys(readable)), language)
    if used != given:
        where = f"{reader.label('area', given, language)}: {none_here}. {where}"
    trial = f" {_WORDS.synthetic[language]}." if any(r["synthetic"] for r in page.rows) else ""
    comma = pick(_WORDS.separators.comma, language)
    named = f" {titles}." if titles else ""
    return f"{_WORDS.trainings[language]}{comma}{where}: {page.total}.{named}{trial}"


def _ads(reader: Reader, answer: Answer, language: str) -> str:
    """The ads that answer what was asked of them, and what was given up to find any."""
    question, comma = answer.question, pick(_WORDS.separators.comma, language)
    page = reader.search_ads(AdQuery(question.text, size=1))
    given_up = {widened.dimension: widened.used for widened in page.widened}
    kept = {n: c for n, c in question.filters.items() if n not in given_up}
    area = given_up.get("area", question.area)
    parts = [reader.label("occupation", code, language) for code in question.groups[:1]]
    parts += [reader.label(name, code, language) for name, code in kept.items()]
    parts += [reader.label("area", area, language) if area else _WORDS.everywhere[language]]
    lost = [w.given if w.dimension == "words" else reader.label(w.dimension, w.given, language)
            for w in page.widened]  # fmt: skip
    none_of = f"{comma.join(lost)}: {_WORDS.no_ads[language]}. " if lost else ""
    if not page.total:
        return f"{comma.join(parts)}: {_WORDS.no_ads[language]}."
    trial = f" {_WORDS.synthetic[language]}." if page.ads[0].synthetic else ""
    return f"{none_of}{comma.join(parts)}: {_WORDS.ads[language]} {page.total}.{trial}"


def _work(reader: Reader, group: str, area: str, language: str) -> str:
    """Ads of an occupation in a place, or in the smallest around it that has any, by its name."""
    comma = pick(_WORDS.separators.comma, language)
    name = reader.label("occupation", group, language)
    for used in widening(area):
        here = within(used).filters if used else {}
        demand = reader.profiles.demand(AdQuery(filters={"occupation": group, **here}))
        if demand.total:
            break
    where = reader.label("area", used, language) if used else _WORDS.everywhere[language]
    none_here = f"{reader.label('area', area, language)}: {_WORDS.no_ads[language]}. "
    empty = none_here if area != used else ""
    place = f"{comma}{where}" if area else ""
    if not demand.total:
        return f"{name}{place}: {_WORDS.no_ads[language]}."
    known = demand.open or not demand.unknown
    open_ads = f"{_WORDS.open[language]} {demand.open}" if known else _WORDS.unknown[language]
    parts = [f"{empty}{name}{place}: {_WORDS.ads[language]} {demand.total}{comma}{open_ads}"]
    if demand.pay.median is not None:
        median = decimal(demand.pay.median, 0, language, grouped=False)
        parts.append(f"{_WORDS.pay[language]} {median} {_WORDS.dirhams[language]}")
    if demand.synthetic:
        parts.append(_WORDS.synthetic[language])
    return ". ".join(parts) + "."


def cut(text: str, language: str) -> str:
    """Text in the letters and the length of its channel."""
    if language != "ar":
        text = "".join(_GSM.get(letter, letter) for letter in text)
        text = text.encode("latin-1", "ignore").decode("latin-1")
    most = MOST[language]
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
