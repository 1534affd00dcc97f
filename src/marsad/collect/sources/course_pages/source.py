"""schema.org Course and EducationalOccupationalProgram from saved pages.

A Course's instances give its places, mode and location; each instance at another location is a
training of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Record, Row
from marsad.base.text import name_of
from marsad.collect.adapters.markup import items, place_of
from marsad.collect.adapters.page import ordinary_records, tree_of
from marsad.collect.context import Context
from marsad.collect.mapping import records, text_of

_TYPES = {"Course", "EducationalOccupationalProgram"}


def _rows(item: Row) -> Iterator[Row]:
    base = {key: text_of(value) for key, value in item.items() if not key.startswith("@")}
    base["maximumEnrollment"] = text_of(
        item.get("maximumEnrollment") or item.get("maximumAttendeeCapacity")
    )
    base["courseMode"] = text_of(item.get("courseMode") or item.get("educationalProgramMode"))
    base["url"] = text_of(item.get("url")) or text_of(item.get("@id"))
    base["occupationalCategory"] = text_of(item.get("occupationalCategory"))
    given = item.get("hasCourseInstance")
    instances = [i for i in (given if isinstance(given, list) else [given]) if isinstance(i, dict)]
    for instance in instances or [{}]:
        row = dict(base)
        row["location"] = place_of(instance.get("location")) or place_of(item.get("location"))
        row["courseMode"] = text_of(instance.get("courseMode")) or base["courseMode"]
        seats = text_of(instance.get("maximumAttendeeCapacity"))
        row["maximumEnrollment"] = seats or base["maximumEnrollment"]
        parts = (row.get(k, "") for k in ("identifier", "courseCode", "url", "name", "location"))
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
