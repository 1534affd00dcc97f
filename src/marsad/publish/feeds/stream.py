"""Live: the feed of changes page by page, as server-sent events, and the releases as RSS.

The cursor is the number of the last change that was read; it never goes back, so whoever comes
again with it (`after`, or `Last-Event-ID` after a break) misses nothing and reads nothing twice.
Server-sent events: WHATWG HTML, 9.2. RSS 2.0.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated
from xml.sax.saxutils import escape

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from marsad.base.declare import load_declaration
from marsad.base.errors import InputError
from marsad.base.labels import LANGUAGES, Text
from marsad.base.refusals import refused
from marsad.base.settings import site_path
from marsad.publish.http.bodies import PublishedAdDetail, ad_body
from marsad.publish.http.described import PROBLEMS, UNCHANGED, answered, filed
from marsad.publish.http.replies import answer, refusal, site_of, unchanged
from marsad.publish.http.strict import StrictRoute
from marsad.publish.read.model import Change
from marsad.publish.read.reader import Reader

KINDS = ("new", "changed", "closed", "release")
PAGE, POLL_SECONDS, BEAT_SECONDS = 100, 2.0, 15.0


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    about: Text
    item: Text


_WORDS = load_declaration(Path(__file__).with_name("stream.yml"), _Words)


class PublishedChange(msgspec.Struct, frozen=True):
    """One change: an ad (`new`, `changed`, `closed`) or a `release`; `ad` is the ad as it is published
    now, None for a closed ad, a release, or an ad that has gone since."""

    seq: int
    changed_at: dt.datetime
    kind: str
    subject: str
    release: str
    ad: PublishedAdDetail | None


class ChangeList(msgspec.Struct, frozen=True):
    """Changes after a cursor, oldest first; `last` is the cursor of the newest change there is."""

    changes: tuple[PublishedChange, ...]
    cursor: int
    last: int
    next: str


BODIES = (ChangeList,)
"""The types of the answers in JSON."""


def change_body(change: Change) -> PublishedChange:
    """A change with its ad as it is published."""
    ad = ad_body(change.ad) if change.ad else None
    return PublishedChange(
        change.seq, change.changed_at, change.kind, change.subject, change.release, ad
    )


def kinds_of(text: str) -> tuple[str, ...]:
    """The kinds of changes asked for, separated by commas; InputError for one there is not."""
    kinds = tuple(part for part in text.split(",") if part)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise InputError(refused("no_change_kind", code=unknown[0], known=", ".join(KINDS)))
    return kinds


def event(change: Change) -> bytes:
    """One server-sent event: its number, its kind, and the change as JSON."""
    body = msgspec.json.encode(change_body(change))
    return f"id: {change.seq}\nevent: {change.kind}\n".encode() + b"data: " + body + b"\n\n"


def _read(reader: Callable[[], Reader], after: int, kinds: tuple[str, ...]) -> tuple[Change, ...]:
    return reader().changes(after, PAGE, kinds)


async def events(
    reader: Callable[[], Reader],
    after: int,
    kinds: tuple[str, ...],
    gone: Callable[[], Awaitable[bool]],
) -> AsyncIterator[bytes]:
    """Every change after a cursor, then each new one as its release appears; a comment now and
    then keeps the connection open. Ends when `gone()` says that nobody listens."""
    yield b"retry: 5000\n\n"
    quiet = 0.0
    while not await gone():
        changes = await asyncio.to_thread(_read, reader, after, kinds)
        for change in changes:
            after = change.seq
            yield event(change)
        if len(changes) == PAGE:
            continue
        await asyncio.sleep(POLL_SECONDS)
        quiet = 0.0 if changes else quiet + POLL_SECONDS
        if quiet >= BEAT_SECONDS:
            quiet = 0.0
            yield b": still here\n\n"


def rss(changes: tuple[Change, ...], base: str, language: str) -> bytes:
    """The releases as an RSS 2.0 channel, newest first."""
    title, about, word = (text[language] for text in (_WORDS.title, _WORDS.about, _WORDS.item))
    items = "".join(
        f"<item><title>{word} {change.subject[:8]} {change.subject[9:13]}</title>"
        f"<link>{escape(base)}/{language}/data</link>"
        f'<guid isPermaLink="false">{change.subject}</guid>'
        f"<pubDate>{format_datetime(change.changed_at)}</pubDate></item>"
        for change in reversed(changes)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>{escape(base)}/{language}/</link>"
        f"<description>{about}</description><language>{language}</language>{items}</channel></rss>"
    ).encode()


def change_list(reader: Reader, after: int, limit: int, kinds: str) -> ChangeList:
    """The changes after a cursor with the address of those that follow; errors as `kinds_of`."""
    changes = reader.changes(after, limit, kinds_of(kinds))
    cursor = changes[-1].seq if changes else after
    more = site_path(f"/api/v1/changes?after={cursor}&limit={limit}")
    return ChangeList(
        tuple(change_body(change) for change in changes),
        cursor,
        last=reader.last_change(),
        next=more + (f"&kinds={kinds}" if kinds else ""),
    )


def stream_router(reader: Callable[[], Reader]) -> APIRouter:
    """The routes of the feed, the stream and RSS."""
    router = APIRouter(route_class=StrictRoute, tags=["Live"], responses={**PROBLEMS, **UNCHANGED})

    @router.get(
        "/api/v1/changes",
        summary="New, changed and closed ads and releases, by cursor",
        responses=answered(ChangeList),
    )
    def feed(
        request: Request,
        after: Annotated[int, Query(ge=0, description="the cursor you had last")] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = PAGE,
        kinds: str = "",
    ) -> Response:
        now = reader()
        release = now.release().tag
        if same := unchanged(request, release):
            return same
        body = change_list(now, after, limit, kinds)
        return answer(request, release, msgspec.json.encode(body), "application/json")

    @router.get(
        "/api/v1/stream",
        summary="The same as server-sent events, resumable",
        response_class=StreamingResponse,
        responses=filed(["text/event-stream"], "Changes as they come, each one event."),
    )
    def stream(request: Request, after: int = -1, kinds: str = "") -> Response:
        chosen = kinds_of(kinds)
        last = request.headers.get("last-event-id", "")
        if last and not last.isdecimal():
            return refusal(InputError(refused("whole_number", name="Last-Event-ID")), request)
        start = int(last) if last else after if after >= 0 else reader().last_change()
        return StreamingResponse(
            events(reader, start, chosen, request.is_disconnected),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no",
                     "Access-Control-Allow-Origin": "*"},
        )  # fmt: skip

    _rss_route(router, reader)
    return router


def _rss_route(router: APIRouter, reader: Callable[[], Reader]) -> None:
    @router.get(
        "/{language}/releases.rss",
        summary="The releases as RSS",
        response_class=Response,
        responses=filed(["application/rss+xml"], "The newest fifty releases."),
    )
    def releases(request: Request, language: str) -> Response:
        if language not in LANGUAGES:
            error = InputError(refused("no_language", name=language, known=", ".join(LANGUAGES)))
            return refusal(error, request)
        now = reader()
        release = now.release().tag
        if same := unchanged(request, release):
            return same
        changes = now.changes(0, 500, ("release",))[-50:]
        base = site_of(request)
        return answer(request, release, rss(changes, base, language), "application/rss+xml")
