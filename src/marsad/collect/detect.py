"""Which source a file is of: the one whose declared fields its own fields match."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.records import Broken
from marsad.base.tables import read_sheets
from marsad.base.text import fold
from marsad.collect.adapters import feed, table
from marsad.collect.context import Context, Payload
from marsad.collect.register import Source, sources

_PAGES = {".html", ".htm", ".xhtml", ".mhtml"}
_SYNDICATED = "rss_ads"
_BY_PAGE = {"ads": "jobposting_pages", "courses": "course_pages"}
_GENERAL = "ads_table"
"""The source of tables under ordinary names: for those that no other source reads."""
_SDMX = ({"time_period", "obs_value"}, {"time", "obs_value"}, {"period", "area", "value"})
"""Headings of which one shows that a table is SDMX, ILOSTAT's or our own export, in lower case."""
_HEAD = 5_000  # bytes in which an interface shows what it is
_READ = 100
"""Rows by which a file is recognised."""


def _fields(known: list[Source], payload: Payload, *, xml: bool) -> set[str]:
    """The fields that occur in the first rows of a file."""
    ctx = Context(known[0], (payload,))
    names = {name for spec in known for name in spec.names}
    rows = feed.rows(ctx, payload) if xml else table.rows(ctx, payload, names)
    fields = {key for _, row in itertools.islice(rows, _READ) for key in row}
    if not fields:
        rejected = next((issue for issue in ctx.issues if issue.level == "rejected"), None)
        if rejected:
            raise InputError(rejected.rule, file=payload.name, row=rejected.row)
        raise InputError(
            "no item in this feed" if xml else "no row below a heading", file=payload.name
        )
    return fields


def _paths(known: list[Source], payload: Payload) -> set[str]:
    """The fields of a file as a feed names them, by path."""
    ctx = Context(known[0], (payload,))
    return {key for _, row in itertools.islice(feed.rows(ctx, payload), _READ) for key in row}


def _unmatched(spec: Source, fields: set[str]) -> tuple[int, int]:
    """(fields of the declaration that are missing, fields of the file that are unknown), by their
    folded names."""
    needed = set(spec.columns) - set(spec.optional) - {"presentation", "debouches", "place"}
    return len(_folded(needed) - fields), len(fields - _folded(spec.names))


def _folded(names: Iterable[str]) -> set[str]:
    """Names as headings are compared: without case, accents and spaces around."""
    return {fold(name) for name in names}


def _is_page(path: Path, data: bytes) -> bool:
    """Whether a file is a page, and not a table that is written as one."""
    suffix = path.suffix.lower()
    if suffix in _PAGES:
        return True
    head = decode(data[:2000]).text.lower()
    return suffix not in {".xls", ".csv"} and ("<!doctype html" in head or "<html" in head)


def _is_sdmx(payload: Payload) -> bool:
    """Whether observations come as SDMX, or under the names of Marsad's own export."""
    if feed.is_xml(payload) or payload.data.lstrip(b"\xef\xbb\xbf \r\n")[:1] in (b"{", b"["):
        return True
    for sheet in read_sheets(payload.data).sheets:
        for line in sheet.lines[:_READ]:
            if not isinstance(line, Broken):
                words = {str(cell).partition(": ")[0].strip().lower() for cell in line}
                if any(words >= names for names in _SDMX):
                    return True
                if any("\\time_period" in word or "\\time" in word for word in words):
                    return True
    return False


def _is_syndicated(payload: Payload) -> bool:
    """Whether a feed is RSS or Atom, by its first element."""
    head = payload.data[:2000].replace(b"\x00", b"").lower()
    return any(root in head for root in (b"<rss", b"<feed", b":rdf", b"<channel"))


def _says_enough(spec: Source, fields: set[str]) -> bool:
    """Whether a file has a title and one more of what a table of ads says."""
    named = {name for column, name in spec.columns.items() if fold(column) in fields}
    return spec.id != _GENERAL or ("raw_title" in named and len(named) > 1)


def _fitting(known: list[Source], payload: Payload) -> tuple[Source | None, set[str]]:
    """(the source that misses no field of a file and knows most of those there are, the fields)."""
    xml = feed.is_xml(payload) and not payload.name.lower().endswith((".xls", ".csv", ".txt"))
    fields = _fields(known, payload, xml=xml)
    fitting = []
    for spec in known:
        if (spec.adapter == "feed" and not spec.dialects) != xml or not spec.columns:
            continue
        if spec.id in _BY_PAGE.values():
            continue
        paths = _folded(_paths(known, payload) if spec.dialects and not xml else fields)
        lacking, unknown = _unmatched(spec, paths)
        dialect = not spec.dialects or any(paths >= _folded(d) for d in spec.dialects.values())
        if not _says_enough(spec, paths):
            continue
        if not lacking and dialect and (not unknown or spec.unknown_fields == "warn"):
            other = xml and (spec.id == _SYNDICATED) != _is_syndicated(payload)
            other = other or spec.id == _GENERAL
            fitting.append((other, unknown, -len(paths & _folded(spec.columns)), spec.id, spec))
    return (min(fitting)[-1] if fitting else None), fields


def detect(kind: str, path: Path, data: bytes) -> Source:
    """The source of a file of one kind of records; InputError names the sources to choose from.

    A page goes to the markup reader; a table or feed to the source that misses no field and
    knows most of those there are.
    """
    known = [spec for spec in sources() if spec.kind == kind and not spec.embedded]
    if kind in _BY_PAGE and _is_page(path, data):
        return next(spec for spec in known if spec.id == _BY_PAGE[kind])
    payload = Payload(path.name, data)
    if kind == "observations":
        wanted = "sdmx_data" if _is_sdmx(payload) else "hcp_table"
        if b'"countryiso3code"' in payload.data[:_HEAD]:
            wanted = "worldbank_indicators"
        return next(spec for spec in known if spec.id == wanted)
    spec, fields = _fitting(known, payload)
    if spec is None:
        choices = ", ".join(spec.id for spec in known)
        listed = ", ".join(sorted(fields)[:30])
        raise InputError(
            f"no source reads the fields {listed}; name one with --source ({choices}),"
            " or make one with `marsad new source`",
            file=str(path),
        )
    return spec
