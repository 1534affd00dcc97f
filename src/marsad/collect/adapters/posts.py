"""Posts of social networks and messaging, as their platforms export them or their owners hand them over.

Telegram (JSON export, public preview), Mastodon (statuses, outbox), Bluesky (feed, records), Discord
(DiscordChatExporter), WhatsApp (chat text), Facebook (JSON export), LinkedIn (Shares.csv). A record is
one post: its words, day and address. Who wrote it is never read. Whether it offers work is for `enrich`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from marsad.base.countries import country_code
from marsad.base.dates import impossible, parse_date
from marsad.base.documents import read_json
from marsad.base.encoding import without_controls
from marsad.base.errors import InputError
from marsad.base.html import parse_html
from marsad.base.records import JobAd, Row
from marsad.base.text import clean, name_of, repair
from marsad.collect.adapters import table
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import MOST_TEXT, text_of

_MOST_POSTS = 1_000_000
_TITLE = 120
"""Letters of the first line that stand for the title until the jobs of a post are told apart."""
_DAY = (
    r"(\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4})[,،]?\s+(?:à\s+|at\s+)?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?"
    r"\s*(?:[AaPp]\.?\s?[Mm]\.?|صباح[اً]*|مساء[اً]*|ص|م)?"
)
_BEGINS = re.compile(rf"^\s*(?:\[{_DAY}\]\s*|{_DAY}\s+[-–]\s)(.*)$")
"""A line of a chat that begins a message, or tells what happened in the group."""
_WRITER = re.compile(r"^[~\s]*([^:\n]{1,80}):\s?(.*)$")
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_SYSTEM = re.compile(
    r"<(?:Médias omis|Media omitted|الوسائط مستبعدة|pièce jointe|attached)[^>]*>|^(?:null|This message was deleted|Ce message a été supprimé)$"
)


class Message(NamedTuple):
    """One post: its identifier on the platform ('' for none), when it was written (in any form), its words,
    address, and the channel or group."""

    id: str
    written: object
    text: str
    url: str = ""
    board: str = ""


Reading = Iterator[Message | InputError]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _row(value: object) -> Row:
    return value if isinstance(value, dict) else {}


def _telegram(document: Row) -> Reading:
    chats = _list(_row(document.get("chats")).get("list")) or [document]
    for chat in map(_row, chats):
        for message in map(_row, _list(chat.get("messages"))):
            if message.get("type") != "message":  # of the service: joined, pinned
                continue
            parts = message.get("text", "")
            words = [text_of(_row(p).get("text", "")) if isinstance(p, dict) else text_of(p) for p in (parts if isinstance(parts, list) else [parts])]  # fmt: skip
            yield Message(
                text_of(message.get("id")),
                message.get("date"),
                "".join(words),
                board=text_of(chat.get("name")),
            )


def _discord(document: Row) -> Reading:
    board = f"{text_of(_row(document.get('guild')).get('name'))} {text_of(_row(document.get('channel')).get('name'))}"
    for message in map(_row, _list(document.get("messages"))):
        words = [text_of(message.get("content"))]
        words += [text_of(_row(e).get("description")) for e in _list(message.get("embeds"))]
        yield Message(
            text_of(message.get("id")),
            message.get("timestamp"),
            "\n".join(filter(None, words)),
            board=board.strip(),
        )


def _mastodon(statuses: list[object]) -> Reading:
    for status in map(_row, statuses):
        status = _row(status.get("object")) or status
        url = text_of(status.get("url")) or text_of(status.get("id"))
        written = status.get("created_at") or status.get("published")
        yield Message(
            text_of(status.get("id")), written, clean(_lines(text_of(status.get("content")))), url
        )


def _lines(markup: str) -> str:
    return re.sub(r"<br\s*/?>|</p>|</div>|</li>", "\n", markup, flags=re.I)


def _bluesky(posts: list[object]) -> Reading:
    for post in map(_row, posts):
        post = _row(post.get("post")) or post
        record = _row(post.get("record")) or _row(post.get("value"))
        address = re.fullmatch(
            r"at://([\w:.%-]+)/app\.bsky\.feed\.post/(\w+)", text_of(post.get("uri"))
        )
        url = f"https://bsky.app/profile/{address[1]}/post/{address[2]}" if address else ""
        yield Message(
            text_of(post.get("uri")), record.get("createdAt"), text_of(record.get("text")), url
        )


def _facebook(posts: list[object]) -> Reading:
    for post in map(_row, posts):
        words = [text_of(_row(part).get("post")) for part in _list(post.get("data"))]
        text = repair("\n".join(filter(None, words)))  # the export writes UTF-8 as Latin-1
        yield Message("", post.get("timestamp"), text)


def _documents(document: object) -> Reading:
    """The posts of a JSON export, by its shape."""
    if isinstance(document, list):
        first = _row(document[0] if document else None)
        yield from (_facebook if "data" in first or "timestamp" in first else _mastodon)(document)
        return
    held = _row(document)
    if "messages" in held and "channel" in held:
        yield from _discord(held)
    elif "messages" in held or "chats" in held:
        yield from _telegram(held)
    elif "feed" in held or "records" in held:
        yield from _bluesky(_list(held.get("feed")) or _list(held.get("records")))
    elif "orderedItems" in held:
        yield from _mastodon(_list(held["orderedItems"]))
    else:
        groups = [
            value for name, value in held.items() if "posts" in name and isinstance(value, list)
        ]
        if not groups:
            raise InputError("no export of posts that is known: " + ", ".join(sorted(held)[:20]))
        yield from _facebook(list(chain.from_iterable(groups)))


def _chat_lines(text: str) -> list[str]:
    """The lines of a chat without marks of direction, which phones set beside signs and days."""
    return _DIRECTIONS.sub("", text).replace("\u202f", " ").splitlines()


def _is_chat(text: str) -> bool:
    return any(_BEGINS.match(line) for line in _chat_lines(text[:_HEAD])[:50])


def _whatsapp(text: str) -> Reading:
    """The messages of a chat's text: each begins with its day, hour and writer, who is left out; what a line
    tells of the group itself (joined, left, added) is no message."""
    written, lines = "", []  # type: str, list[str]
    for line in _chat_lines(text):
        begins = _BEGINS.match(line)
        if begins is None:
            lines.append(line)
            continue
        if written:
            yield Message("", written, "\n".join(lines))
        writer = _WRITER.match(begins[3])
        written, lines = (begins[1] or begins[2], [writer[2]]) if writer else ("", [])
    if written:
        yield Message("", written, "\n".join(lines))


def _preview(text: str) -> Reading:
    """The messages of Telegram's public preview of a channel."""
    for node in parse_html(text).css(".tgme_widget_message[data-post]"):
        words, time = node.css_first(".tgme_widget_message_text"), node.css_first("time[datetime]")
        if words is None:
            continue
        post = node.attributes.get("data-post") or ""
        written = time.attributes.get("datetime") if time else None
        yield Message(
            post,
            written,
            clean(_lines(words.html or "")),
            f"https://t.me/{post}",
            post.partition("/")[0],
        )


def _shares(ctx: Context, payload: Payload) -> Reading:
    names = ("Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility")
    for _, row in table.rows(ctx, payload, names):
        yield Message(
            text_of(row.get("ShareLink")),
            row.get("Date"),
            text_of(row.get("ShareCommentary")),
            text_of(row.get("ShareLink")),
        )


_HEAD = 20_000
_EXPORTS = re.compile(
    r'"(?:messages|chats|orderedItems|group_posts_v2|your_posts[^"]*)"\s*:\s*[\[{]|app\.bsky\.feed\.post/|tgme_widget_message'
    r'|^\s*\[\s*\{\s*"timestamp"|"data"\s*:\s*\[\s*\{\s*"post"|ShareCommentary|"acct"\s*:'
)


def is_export(payload: Payload) -> bool:
    """Whether a payload is an export of posts of a platform, by how it begins."""
    text = payload.data[:_HEAD].decode("utf-8", "replace")
    return bool(_EXPORTS.search(text)) or _is_chat(text)


def _messages(ctx: Context, payload: Payload) -> Reading:
    text = ctx.text(payload)
    head = text[:_HEAD].lstrip("\ufeff\u200e \r\n\t")
    if _is_chat(head):
        yield from _whatsapp(text)
    elif head.startswith(("{", "[")):
        yield from _documents(read_json(text))
    elif head.startswith("<"):
        yield from _preview(text)
    else:
        yield from _shares(ctx, payload)


def _day(ctx: Context, written: object, file: str, row: int) -> dt.date | None:
    try:
        day = parse_date(written, today=ctx.seen_on)
        if day and (
            rule := impossible(day, today=ctx.today, earliest=ctx.spec.earliest, ahead=False)
        ):
            raise InputError(rule)
    except InputError as error:
        ctx.warn(f"the day of a post is left out: {error.rule}", file=file, row=row)
        return None
    return day


def _ad(ctx: Context, message: Message, file: str, row: int) -> JobAd:
    words = without_controls(message.text).strip()[:MOST_TEXT]
    if not words:
        raise InputError("a post without words", file=file, row=row)
    board = message.board or str(ctx.spec.constants.get("board", ctx.spec.id))
    return JobAd(
        source_id=ctx.spec.id,
        board=without_controls(board)[:100],
        ad_id=without_controls(message.id)[:200] or name_of(words, 16),
        raw_title=words.splitlines()[0][:_TITLE],
        raw_text=words,
        url=without_controls(message.url) if message.url.startswith("https://") else "",
        posted_on=_day(ctx, message.written, file, row),
        country=country_code(
            str(ctx.options.get("country") or ctx.spec.constants.get("country", ""))
        ),
        synthetic=ctx.spec.synthetic,
    )


_KNOWN = (
    "read are exports of Telegram (JSON, or the page of a channel), WhatsApp (text), Discord, Facebook, LinkedIn"
    " (JSON, CSV), Mastodon and Bluesky (JSON)"
)


def collect(ctx: Context) -> Iterator[JobAd]:
    """Every post with words; what the platform itself wrote, and media alone, are no posts."""
    for payload in ctx.payloads:
        posts, before = 0, ctx.rejected
        every: Callable[[Context, Payload], Reading] = _messages
        for number, message in enumerate(every(ctx, payload), 1):
            if number > _MOST_POSTS:
                raise InputError(
                    f"more than {_MOST_POSTS:,} posts: give it in parts", file=payload.name
                )
            try:
                if isinstance(message, InputError):
                    raise message
                if message.text.strip() and not _SYSTEM.search(message.text.strip()):
                    yield _ad(ctx, message, payload.name, number)
                    posts += 1
            except InputError as error:
                ctx.reject(InputError(error.rule, file=payload.name, row=number), {})
        if not posts and ctx.rejected == before:
            ctx.warn(f"no post in this file: {_KNOWN}", file=payload.name)
