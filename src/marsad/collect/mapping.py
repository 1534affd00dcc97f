"""Rows of words -> records: one field of the source to one field of the record, typed strictly.

What an ad or a course cannot do without refuses its row; a date, number or country that cannot be
read is left out with a warning that names file, row and rule, for the rest is worth keeping.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import get_args
from urllib.parse import urljoin, urlsplit

import msgspec

from marsad.base.countries import country_code, in_morocco
from marsad.base.dates import DAY_FIRST, forced_order, impossible, parse_date
from marsad.base.declare import load_declaration
from marsad.base.encoding import without_controls
from marsad.base.errors import InputError
from marsad.base.numbers import parse_number
from marsad.base.records import Record, Row
from marsad.base.text import clean, fold, name_of
from marsad.collect.context import Context
from marsad.collect.names import SHORT_TEXT, Plan, plan

EMPTY = {
    "",
    "nan",
    "none",
    "null",
    "n/a",
    "-",
    "#n/a",
    "#ref!",
    "#value!",
    "#name?",
    "#div/0!",
    "#null!",
    "#num!",
}
MOST_TEXT, MOST_WORDS = 100_000, 4_000
"""Letters of an ad's text, and of any other of its fields, that are read; the rest is cut off."""
_JOINED = {"raw_text": "\n", "raw_contract": ", ", "raw_conditions": "\n"}
_SUBJECTS = {"ads": "an ad", "courses": "a course"}
_MOST_COUNT = 1_000_000
_SCHEME = re.compile(r"(?!https?:)(?:[a-z][a-z\d+-]*:|[a-z][a-z\d+.-]*:(?!\d))", re.I)
_ENDINGS = frozenset(
    "FR ES DE IT BE CH PT NL LU AT IE PL SE DK FI GR RO DZ TN EG SA QA SN CI CM".split()
)
"""Endings of addresses that are mostly of their own country: not those that are sold as words (.io, .co)."""
_NO_PLACE = re.compile(r"\d+ (?:more )?(?:locations?|offices|lieux|sites|villes|مواقع)", re.I)
_NESTED = 4  # times that entities may stand in entities
_NAMED = ("name", "value", "label", "libelle", "nom", "description", "credentialCategory", "text",
          "addressLocality", "@value")  # fmt: skip


def text_of(value: object) -> str:
    """A property's words, whatever its shape: text, number, list, or a thing with a name."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value) if abs(value) < 10**100 else ""
    if isinstance(value, float):
        return (f"{value:.10g}" if math.isfinite(value) else "")  # fmt: skip
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(t for t in map(text_of, value) if t)
    if not isinstance(value, dict):
        return ""
    return next((text for key in _NAMED if (text := text_of(value.get(key)))), "")


def pay_words(
    low: object = None,
    high: object = None,
    amount: object = None,
    currency: str = "",
    unit: str = "",
) -> str:
    """Pay in words, from the fields of its parts: «8000-10000 MAD MONTH», «up to 9000 EUR»; the
    smaller end first, no end of 0. '' when no amount is given."""
    least, most = (_amount(end) for end in (low, high))
    if least and most and _number(least) > _number(most):
        least, most = most, least
    figure = f"{least}-{most}" if least and most and least != most else least or most
    if figure and not (least and most):
        figure = f"from {figure}" if least else f"up to {figure}"
    figure = figure or _amount(amount)
    return " ".join(word for word in (figure, currency, unit) if word) if figure else ""


def _amount(value: object) -> str:
    text = text_of(value).strip()
    return "" if _number(text) == 0 else text


def _number(text: str) -> float:
    """The number that a text is; 1 for other words, 0 for none."""
    try:
        return parse_number(text) if text else 0.0
    except InputError:
        return 1.0


def _whole(value: object) -> int | None:
    text = text_of(value).strip()
    if text.lower() in EMPTY:
        return None
    counted = re.fullmatch(r"[^\d+-]{0,20}(\d{1,3}(?:[ .,]?\d{3}){0,2})[^\d+]{0,20}", text)
    number = (
        parse_number(counted[1], "." if "," in counted[1] else ",")
        if counted
        else parse_number(text)
    )
    if not number.is_integer() or not 0 <= number <= _MOST_COUNT:
        raise InputError(f"{text[:60]!r} is not a whole number up to {_MOST_COUNT:,}")
    return int(number)


def joined_address(base: str, link: str) -> str:
    """The address of a link below another address; '' for one that is none."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


class _Reader:
    """Reads the cells of one row; what it leaves out is a warning."""

    def __init__(self, ctx: Context, file: str, row: int) -> None:
        self.ctx, self.file, self.row, self.order = ctx, file, row, DAY_FIRST

    def warn(self, rule: str) -> None:
        self.ctx.warn(rule, file=self.file, row=self.row)

    def text(self, value: object, field: str) -> str:
        words = text_of(value)
        plain = without_controls(words).strip()
        most = MOST_TEXT if field == "raw_text" else MOST_WORDS
        if len(plain) > most:
            self.warn(f"{field} is longer than {most:,} letters: the rest is cut off")
        return "" if plain.lower() in EMPTY else plain[:most]

    def date(self, value: object, field: str) -> dt.date | None:
        day = parse_date(value, today=self.ctx.seen_on, order=self.order)
        if day is None:
            return None
        ahead, earliest = field == "deadline_on", self.ctx.spec.earliest
        rule = impossible(day, today=self.ctx.today, earliest=earliest, ahead=ahead)
        if rule:
            raise InputError(rule)
        return day

    def address(self, text: str) -> str:
        """An address of the web, '' for another; one below its site from `base` in the options."""
        if text.startswith(("/", "?", "#", "./", "../")):
            base = str(self.ctx.spec.options.get("base", ""))
            text = joined_address(base or "https:", text) if base or text[:2] == "//" else ""
            if not text:
                self.warn("url is left out: it does not say of which site it is")
        elif _SCHEME.match("".join(text.split())):
            self.warn(f"url {text[:60]!r} is no web address: left out")
            return ""
        return text

    def value(self, value: object, field: str, kinds: tuple[object, ...]) -> object:
        """A cell as its field holds it, None for an empty one or one that cannot be read."""
        try:
            if dt.date in kinds:
                return self.date(value[0] if isinstance(value, list) and value else value, field)
            if int in kinds:
                return _whole(value)
        except InputError as error:
            self.warn(f"{field} is left out: {error.rule}")
            return None
        text = self.text(value, field)
        if field == "url":
            return self.address(text)
        if field == "raw_place" and _NO_PLACE.fullmatch(text):
            return ""
        if field != "country":
            return text
        code = country_code(text)
        if text and not code:
            self.warn(f"unknown country {text[:60]!r}: left out")
        return code


def _joined(before: str, value: str, between: str) -> str:
    """Two texts as one, the shorter left out where the longer holds it."""
    if value in before or before in value:
        return max(before, value, key=len)
    return f"{before}{between}{value}"[:MOST_TEXT]


@cache
def _kinds(record: type[Record]) -> Mapping[str, tuple[object, ...]]:
    return {f.name: get_args(f.type) or (f.type,) for f in msgspec.structs.fields(record)}


def record(
    ctx: Context,
    raw: Mapping[str, object],
    *,
    file: str,
    row: int,
    made: Plan,
    orders: Mapping[str, str] = MappingProxyType({}),
) -> Record:
    """One record from one row, read as `made` says; InputError names the file, the row and the
    field's rule.

    Of several columns that name one field the first that says something counts; texts and words of
    the contract are joined. `orders` says the order of day and month in columns of dates.
    """
    spec, reader = ctx.spec, _Reader(ctx, file, row)
    kinds = _kinds(spec.record)
    values: Row = {"source_id": spec.id, "synthetic": spec.synthetic, **spec.constants}
    parts: Row = {}
    joined: set[str] = set()
    for column, name in made.columns.items():
        if (cell := raw.get(column)) is None or (cell := made.words(column, cell)) is None:
            continue
        if column in spec.lookups:
            cell = ctx.lookup(column, text_of(cell), file=file, row=row)
        if name not in kinds:
            parts[name] = parts.get(name) or reader.text(cell, name)
            continue
        reader.order = orders.get(column, DAY_FIRST)
        if column not in spec.columns and (other := _another_thing(name, cell)):
            reader.warn(f"field {column[:60]!r} holds {other}: not read as {name}")
            continue
        value, before = reader.value(cell, name, kinds[name]), values.get(name)
        group = made.groups.get(column, column)
        if name in _JOINED and isinstance(value, str) and isinstance(before, str) and before:
            values[name] = before if group in joined else _joined(before, value, _JOINED[name])
        elif value not in (None, "") and (before in (None, "") or name in spec.constants):
            values[name] = value
        if value not in (None, ""):
            joined.add(group)
    _add_parts(values, parts)
    if spec.board_by_host and (host := _host(str(values.get("url", "")))):
        values["board"] = host.removeprefix("www.")
    if spec.kind in _SUBJECTS:
        _settle(reader, values, raw, made)
    try:
        return msgspec.convert(values, spec.record)
    except msgspec.ValidationError as error:
        raise InputError(str(error), file=file, row=row) from None


_OF_WORDS = frozenset(
    ("raw_title", "raw_company", "raw_place", "raw_provider", "raw_level", "raw_field")
)
_ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*")
_NO_NUMBER = re.compile(r"[^\s\d/.:TZ+-]")


def _another_thing(name: str, cell: object) -> str:
    """What a cell holds, in words, that an ordinary name takes for words and that are none; '' for nothing:
    an address of the web is no title, employer, place or level, a day or a number no title and no place."""
    if name not in _OF_WORDS or not isinstance(cell, str | int | float):
        return ""
    text = str(cell)
    if _ADDRESS.fullmatch(text):
        return "an address"
    numeric = name in ("raw_title", "raw_place") and not _NO_NUMBER.search(text)
    return "a number or a day" if numeric and any(map(str.isdigit, text)) else ""


def _settle(reader: _Reader, values: Row, raw: Mapping[str, object], made: Plan) -> None:
    """Check what an ad or a course says, and name it. InputError: it is none."""
    kind, file, row = reader.ctx.spec.kind, reader.file, reader.row
    if _is_total(raw):
        raise InputError(f"a total, not {_SUBJECTS[kind]}", file=file, row=row)
    _check_days(reader, values)
    of_place = (column for column, name in made.columns.items() if name == "raw_place")
    _identify(values, file, row, kind, [text_of(raw.get(column)) for column in of_place])


def _add_parts(values: Row, parts: Row) -> None:
    """Add the words of the pay, from its parts, and a summary where there is no text."""
    words = str(values.get("raw_salary", ""))
    bare = bool(words) and re.fullmatch(r"[\d\s.,']+", words) is not None
    unit, currency = parts.get("pay_unit", ""), parts.get("pay_currency", "")
    if not words or bare:
        pay = pay_words(parts.get("pay_low"), parts.get("pay_high"), words, currency, unit)
        values.update({"raw_salary": pay} if pay else {})
    if parts.get(SHORT_TEXT) and not values.get("raw_text"):
        values["raw_text"] = parts[SHORT_TEXT]


def _says_something(words: str) -> bool:
    """Whether words are more than markup, spaces and invisible signs."""
    for _ in range(_NESTED):
        words = clean(words)
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in words)


@cache
def _words_of_totals() -> Mapping[str, frozenset[str]]:
    words = load_declaration(Path(__file__).with_suffix(".yml"), dict[str, tuple[str, ...]])
    return {name: frozenset(map(fold, listed)) for name, listed in words.items()}


def _is_total(raw: Mapping[str, object]) -> bool:
    """Whether a row is the total below a table: its cells hold words for it, numbers, and words for
    what is counted («Total», «Total : 2 offres», «2 annonces»), and nothing else."""
    every, totals = _words_of_totals(), False
    for cell in raw.values():
        words = re.findall(r"[^\W\d_]+", fold(text_of(cell)))
        rest = " ".join(word for word in words if word not in every["counted"])
        if rest and rest not in every["totals"]:
            return False
        totals = totals or bool(rest)
    return totals


def _check_days(reader: _Reader, values: Row) -> None:
    """Leave out a last day to apply that is before the day an ad was posted."""
    posted, deadline = values.get("posted_on"), values.get("deadline_on")
    if isinstance(posted, dt.date) and isinstance(deadline, dt.date) and deadline < posted:
        reader.warn(f"deadline_on is left out: {deadline} is before {posted}, the posting day")
        del values["deadline_on"]


def _identify(values: Row, file: str, row: int, kind: str, places: Sequence[str]) -> None:
    """Give an ad or a course an identifier where its source gives none: a hash of what makes it one;
    and an ad its country where its place says it. A title is one line."""
    if not _says_something(str(values.get("raw_title", ""))):
        raise InputError(f"{_SUBJECTS[kind]} needs a title", file=file, row=row)
    if kind == "courses":
        parts = (values.get(k, "") for k in ("raw_title", "raw_provider", "raw_place", "raw_level"))
        values["course_id"] = values.get("course_id") or name_of("\x1f".join(map(str, parts)))
        values["raw_title"] = " ".join(str(values["raw_title"]).split())
        return
    if not values.get("ad_id"):
        parts = (
            values.get(k, "") for k in ("board", "url", "raw_title", "raw_company", "raw_text")
        )
        values["ad_id"] = name_of("\x1f".join(map(str, parts)))
    values["raw_title"] = " ".join(str(values["raw_title"]).split())
    values["country"] = values.get("country") or _country_of(places, str(values.get("url", "")))


def _host(url: str) -> str:
    """The host of an address, '' for none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _country_of(places: Sequence[str], url: str) -> str:
    """The country that the fields of an ad's place name; where they name a place that is not known to
    be in Morocco, that of its address (.fr, .tn), which alone never says Morocco; '' when unknown."""
    if code := next((code for place in places if (code := country_code(place))), ""):
        return code
    if not any(places) or any(map(in_morocco, places)):
        return ""
    ending = _host(url).rpartition(".")[2].upper()
    return country_code(ending) if ending in _ENDINGS else ""


def records(
    ctx: Context,
    rows: Iterable[tuple[int, Mapping[str, object]]],
    *,
    file: str,
    change: Callable[[Row], Row] | None = None,
    made: Plan | None = None,
) -> Iterator[Record]:
    """Records from numbered rows, each changed first where `change` says how; a row that breaks a
    rule is set aside and the rest go on. A column of dates has one order of day and month. `made`
    says how fields are read, where it is not as the source declares."""
    every = list(rows)
    kinds = _kinds(ctx.spec.record)
    fields = dict.fromkeys(name for _, raw in every for name in raw)
    made = made or plan(ctx.spec, list(fields))
    dates = [column for column, name in made.columns.items() if dt.date in kinds.get(name, ())]
    orders = {column: forced_order(raw.get(column) for _, raw in every) for column in dates}
    for number, raw in every:
        try:
            changed = change(dict(raw)) if change else raw
            yield record(ctx, changed, file=file, row=number, made=made, orders=orders)
        except InputError as error:
            ctx.reject(InputError(error.rule, file=file, row=number), dict(raw))
