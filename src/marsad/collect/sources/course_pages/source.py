"""schema.org Course and EducationalOccupationalProgram from saved pages; where a page has no markup,
its table or labels.

A Course's instances give its places, mode and location; each instance at another location is a
training of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.base.records import Record, Row
from marsad.base.text import name_of
from marsad.collect.adapters.markup import items, place_of
from marsad.collect.adapters.page import ordinary_records, tree_of
from marsad.collect.context import Context
from marsad.collect.mapping import pay_words, records, text_of

_TYPES = {"Course", "EducationalOccupationalProgram"}
_LENGTH = re.compile(
    r"P(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?.{0,20})?"
)
_YEAR = re.compile(r"\d{4}")
_PERIODS = {"P1M": "MONTH", "P1Y": "YEAR", "P1W": "WEEK", "P1D": "DAY", "PT1H": "HOUR"}
_LENGTHS = ("timeToComplete", "duration", "timeRequired", "courseWorkload")


def _fees(offers: object) -> str:
    """What offers cost, in words; '' where they say nothing."""
    first = offers[0] if isinstance(offers, list) and offers else offers
    if not isinstance(first, dict):
        return text_of(first)
    parts = first.get("priceSpecification")
    parts = {**first, **parts} if isinstance(parts, dict) else first
    low, high = parts.get("lowPrice"), parts.get("highPrice")
    free = text_of(parts.get("price")).strip() in ("0", "0.0", "0.00")
    currency = text_of(parts.get("priceCurrency"))
    words = pay_words(low, high, parts.get("price"), currency)
    return words or ("0" if free else text_of(first.get("category")))


def _lengths(*things: Row) -> tuple[int | None, int | None]:
    """(hours, months) that ISO 8601 durations of a course or its instance say."""
    for length in (text_of(thing.get(name)) for thing in things for name in _LENGTHS):
        if length and (match := _LENGTH.fullmatch(length.strip())):
            years, months, weeks, _, hours = (int(part or 0) for part in match.groups())
            whole = 12 * years + months + round(weeks / 4.35)
            if whole or hours:
                return hours or None, whole or None
    return None, None


def _outcomes(item: Row) -> str:
    """What a programme says of those who left it: the median of their pay, and its range."""
    pay = item.get("salaryUponCompletion")
    pay = pay[0] if isinstance(pay, list) and pay else pay
    parts = pay if isinstance(pay, dict) else {}
    unit = text_of(parts.get("duration"))
    currency, period = text_of(parts.get("currency")), _PERIODS.get(unit, unit)
    low = parts.get("percentile10") or parts.get("percentile25") or parts.get("minValue")
    high = parts.get("percentile90") or parts.get("percentile75") or parts.get("maxValue")
    middle = pay_words(None, None, parts.get("median") or parts.get("value"), currency, period)
    around = pay_words(low, high, None, currency, period)
    return f"{middle} ({around})" if middle and around else middle or around


def _rows(item: Row) -> Iterator[Row]:
    base = {key: text_of(value) for key, value in item.items() if not key.startswith("@")}
    base["maximumEnrollment"] = text_of(
        item.get("maximumEnrollment") or item.get("maximumAttendeeCapacity")
    )
    base["courseMode"] = text_of(item.get("courseMode") or item.get("educationalProgramMode"))
    base["url"] = text_of(item.get("url")) or text_of(item.get("@id"))
    base["offers"], base["outcomes"] = _fees(item.get("offers")), _outcomes(item)
    given = item.get("hasCourseInstance")
    instances = [i for i in (given if isinstance(given, list) else [given]) if isinstance(i, dict)]
    for instance in instances or [{}]:
        row: Row = dict(base)
        row["location"] = place_of(instance.get("location")) or place_of(item.get("location"))
        row["courseMode"] = text_of(instance.get("courseMode")) or base["courseMode"]
        seats = text_of(instance.get("maximumAttendeeCapacity"))
        row["maximumEnrollment"] = seats or base["maximumEnrollment"]
        row["offers"] = _fees(instance.get("offers")) or base["offers"]
        row["hours"], row["months"] = _lengths(instance, item)
        starts = text_of(instance.get("startDate")) or text_of(item.get("startDate"))
        row["year"] = match.group() if (match := _YEAR.match(starts)) else None
        parts = (
            text_of(row.get(k)) for k in ("identifier", "courseCode", "url", "name", "location")
        )
        row["identifier"] = name_of("\x1f".join(parts))
        yield row


def collect(ctx: Context) -> Iterator[Record]:
    """The trainings of every saved page: of its markup, else of its table or labels; a page without
    any is a warning."""
    for payload in ctx.payloads:
        tree = tree_of(ctx, payload)
        courses = [row for _, item in items(ctx, payload, tree, _TYPES) for row in _rows(item)]
        if courses:
            yield from records(ctx, enumerate(courses, 1), file=payload.name)
            continue
        read = list(ordinary_records(ctx, tree, payload.name))
        if not read and not ctx.rejected:
            ctx.warn("no Course or EducationalOccupationalProgram here", file=payload.name)
        yield from read
