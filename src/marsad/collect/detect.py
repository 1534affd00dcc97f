"""Which source a file is of: the one whose declared fields its own fields match."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.pdf import is_pdf
from marsad.base.records import Broken
from marsad.base.tables import read_sheets
from marsad.base.text import fold
from marsad.collect.adapters import feed, posts, table
from marsad.collect.context import Context, Payload
from marsad.collect.names import plan, says_enough
from marsad.collect.register import Source, sources

_PAGES = {".html", ".htm", ".xhtml", ".mhtml"}
_SYNDICATED = "rss_ads"
_BY_DOCUMENT = "public_notices"
_BY_PAGE = {"ads": "jobposting_pages", "courses": "course_pages"}
_GENERAL = "ads_table"
"""The source of flat tables under ordinary names; those of nested things go to the one of feeds."""
_OF_XML = {"xml_job_feed": True, "rss_ads": True, "job_feed": False, "lheo_catalogue": True}
_SDMX = ({"time_period", "obs_value"}, {"time", "obs_value"}, {"period", "area", "value"})
"""Headings of which one shows that a table is SDMX, ILOSTAT's or our own export, in lower case."""
_PAGE = re.compile(r"<!doctype html|<html[\s>]")
_OF_ROWS = ("table", "feed", "")
"""Adapters of files that are rows of fields; pages and documents are told by what they are."""
_HEAD = 5_000  # bytes in which an interface shows what it is
_READ = 100
"""Rows by which a file is recognised."""


def _fields(known: list[Source], payload: Payload, *, xml: bool) -> list[str]:
    """The fields that occur in the first rows of a file."""
    ctx = Context(msgspec.structs.replace(known[0], ordinary_names=True), (payload,))
    names = {name for spec in known for name in spec.names}
    rows = feed.rows(ctx, payload) if xml else table.rows(ctx, payload, names)
    fields = {key: None for _, row in itertools.islice(rows, _READ) for key in row}
    if not fields:
        rejected = next((issue for issue in ctx.issues if issue.level == "rejected"), None)
        if rejected:
            raise InputError(rejected.rule, file=payload.name, row=rejected.row)
        raise InputError(
            "no item in this feed" if xml else "no row below a heading", file=payload.name
        )
    return list(fields)


def _paths(spec: Source, payload: Payload) -> list[str]:
    """The fields of a file as a feed names them, by path."""
    ctx = Context(spec, (payload,))
    rows = itertools.islice(feed.rows(ctx, payload), _READ)
    return list({key: None for _, row in rows for key in row})


def _unmatched(spec: Source, fields: list[str]) -> tuple[int, int]:
    """(fields of the declaration that are missing, fields of the file that are unknown), by their
    folded names."""
    if spec.ordinary_names:
        return 0, len(plan(spec, fields).unknown)
    needed = spec.needed - {"presentation", "debouches", "admission", "place"}
    return len(_folded(needed) - _folded(fields)), len(_folded(fields) - _folded(spec.names))


def _folded(names: Iterable[str]) -> set[str]:
    """Names as headings are compared: without case, accents and spaces around."""
    return {fold(name) for name in names}


def _is_page(path: Path, data: bytes) -> bool:
    """Whether a file is a page, and not a table that is written as one."""
    suffix = path.suffix.lower()
    if suffix in _PAGES:
        return True
    head = decode(data[:2000]).text.lower()
    return suffix not in {".xls", ".csv"} and _PAGE.search(head) is not None


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


def _says_enough(spec: Source, fields: list[str], *, xml: bool) -> bool:
    """Whether a file has a title and, a table, one more of what an ad or a course says; a feed says by
    the names of its elements that it is one."""
    return not spec.ordinary_names or xml or says_enough(plan(spec, fields))


def _fitting(known: list[Source], payload: Payload) -> tuple[Source | None, list[str]]:
    """(the source that misses no field of a file and knows most of those there are, the fields)."""
    xml = feed.is_xml(payload) and not payload.name.lower().endswith((".xls", ".csv", ".txt"))
    fields = _fields(known, payload, xml=xml)
    fitting = []
    nested = not xml and any("/" in path for path in _paths(known[0], payload))
    for spec in known:
        if (
            not (spec.columns or spec.ordinary_names)
            or spec.adapter not in _OF_ROWS
            or _OF_XML.get(spec.id, xml) != xml
        ):
            continue
        if spec.adapter == "table" and xml:
            continue
        paths = _paths(spec, payload) if spec.adapter == "feed" and not xml else fields
        lacking, unknown = _unmatched(spec, paths)
        if (
            lacking
            or not _says_enough(spec, paths, xml=xml)
            or (unknown and spec.unknown_fields != "warn")
        ):
            continue
        dialect = plan(spec, paths).dialect
        general = spec.ordinary_names and not dialect
        other = (
            (spec.id == _SYNDICATED) != _is_syndicated(payload)
            if xml
            else general and nested == (spec.id == _GENERAL)
        )
        matched = len(_folded(paths) & _folded(spec.columns))
        fitting.append(
            (spec.ordinary_names and not dialect, other, unknown, -matched, spec.id, spec)
        )
    return (min(fitting, key=lambda entry: entry[:-1])[-1] if fitting else None), fields


def detect(kind: str, path: Path, data: bytes) -> Source:
    """The source of a file of one kind of records; InputError names the sources to choose from.

    A page goes to the markup reader; a table or feed to the source that misses no field and
    knows most of those there are.
    """
    known = [spec for spec in sources() if spec.kind == kind and not spec.embedded]
    payload = Payload(path.name, data)
    if kind == "ads" and posts.is_export(payload):
        return next(spec for spec in known if spec.posts)
    if kind in _BY_PAGE and _is_page(path, data):
        return next(spec for spec in known if spec.id == _BY_PAGE[kind])
    if kind == "ads" and is_pdf(data):
        return next(spec for spec in known if spec.id == _BY_DOCUMENT)
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
