"""Which source a file is of: the one whose declared fields its own fields match."""

from __future__ import annotations

from pathlib import Path

from marsad.base.errors import InputError
from marsad.collect.adapters import feed, table
from marsad.collect.context import Payload
from marsad.collect.register import Source, sources

_FEEDS = {".xml", ".rss", ".atom"}
_PAGES = {".html", ".htm", ".xhtml"}
_BY_PAGE = {"ads": "jobposting_pages", "courses": "course_pages"}


def _fields(payload: Payload) -> set[str]:
    if Path(payload.name).suffix.lower() in _FEEDS:
        return {key for _, row in feed.rows(payload) for key in row}
    return table.fields(payload)


def _unmatched(spec: Source, fields: set[str]) -> tuple[int, int]:
    """(fields of the declaration that are missing, fields of the file that are unknown)."""
    lacking = (
        set(spec.columns) - set(spec.optional) - fields - {"presentation", "debouches", "place"}
    )
    unknown = fields - set(spec.columns) - set(spec.ignore)
    return len(lacking), len(unknown)


def detect(kind: str, path: Path, data: bytes) -> Source:
    """The source of a file of one kind of records; InputError names the sources to choose from.

    A page goes to the markup reader; a table or feed to the source that misses no field and
    knows most of those there are.
    """
    known = [spec for spec in sources() if spec.kind == kind and not spec.embedded]
    if path.suffix.lower() in _PAGES and kind in _BY_PAGE:
        return next(spec for spec in known if spec.id == _BY_PAGE[kind])
    is_feed = path.suffix.lower() in _FEEDS
    if kind == "observations":
        known = [spec for spec in known if not spec.columns]
        if len(known) == 1:
            return known[0]
    fields = _fields(Payload(path.name, data))
    fitting = []
    for spec in known:
        if (spec.adapter == "feed") != is_feed or not spec.columns or spec.id in _BY_PAGE.values():
            continue
        lacking, unknown = _unmatched(spec, fields)
        if not lacking and (not unknown or spec.unknown_fields == "warn"):
            fitting.append((unknown, -len(fields & set(spec.columns)), spec.id, spec))
    if not fitting:
        choices = ", ".join(spec.id for spec in known)
        raise InputError(
            f"no source reads the fields {', '.join(sorted(fields))}; name one with --source ({choices}),"
            " or make one with `marsad new source`",
            file=str(path),
        )
    return min(fitting)[-1]
