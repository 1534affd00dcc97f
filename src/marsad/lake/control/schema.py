"""The control tables as they are now. A change here comes with a numbered migration beside it.

Times are texts in ISO 8601 with microseconds, in UTC, so that they sort as they follow each other.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData()


def _text(name: str, *, default: str | None = None, null: bool = False) -> Column[str]:
    server_default = None if default is None else text(f"'{default}'")
    return Column(name, Text, nullable=null, server_default=server_default)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _number() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _name(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


runs = Table(
    "runs", metadata, _number(), _text("step"), _text("subject"), _text("started_at"),
    _text("ended_at", null=True), _text("status"), _text("message", default=""),
    _count("rows_in"), _count("rows_out"), _count("rejected"), _text("detail", default="{}"),
    _text("holder", default=""),
)  # fmt: skip
rejects = Table(
    "rejects", metadata, Column("run_id", Integer, nullable=False), _text("level"), _text("rule"),
    _text("file"), Column("row", Integer), _text("content"),
)  # fmt: skip
documents = Table(
    "documents", metadata, _text("sha256"), _text("source_id"), _text("name"),
    Column("size_bytes", BigInteger, nullable=False), _text("received_at"), _text("licence"),
    _text("expires_on", null=True), PrimaryKeyConstraint("sha256", "source_id"),
)  # fmt: skip
releases = Table(
    "releases", metadata, _name("id"), _text("published_at"), _text("reference_on"), _text("tables"),
    _count("approvals"), _text("embargo_until", default=""),
)  # fmt: skip
judgements = Table(
    "judgements", metadata, _number(), _text("scheme"), _text("subject"), _text("value"),
    _text("previous"), Column("score", Float), _text("judge"), _text("judged_at"),
    _text("note", default=""), _text("words", default=""), Index("judgements_subject", "scheme", "subject"),
)  # fmt: skip
api_keys = Table(
    "api_keys", metadata, _name("sha256"), _text("owner"),
    Column("per_minute", Integer, nullable=False), _text("made_at"), _text("revoked_at", null=True),
    _text("scopes", default=""),
)  # fmt: skip
agreements = Table(
    "agreements", metadata, _name("name"), _text("purpose"), _text("until_on"), _text("made_at")
)
reports = Table(
    "reports", metadata, _number(), _text("ad"), _text("field"), _text("shown"), _text("value"),
    _text("note"), _text("made_at"), _text("status", default="open"), _text("judge", default=""),
    _text("settled_at", null=True),
)  # fmt: skip
alerts = Table(
    "alerts", metadata, _name("token"), _text("channel"), _text("address"), _text("language"),
    _text("kind"), _text("about"), _text("made_at"), _text("confirmed_at", null=True),
    _text("since"), _count("failures"), _text("message_at", null=True),
)  # fmt: skip
users = Table(
    "users", metadata, _name("name"), _text("role"), Column("salt", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False), _text("made_at"),
    Column("totp", LargeBinary), _count("totp_step"),
)  # fmt: skip
tries = Table("tries", metadata, _name("subject"), _count("failures"), _text("until_at"))
approvals = Table(
    "approvals", metadata, _text("kind"), _text("subject"), _text("name"), _text("at"),
    PrimaryKeyConstraint("kind", "subject", "name"),
)  # fmt: skip
erasures = Table(
    "erasures", metadata, _number(), _text("kind"), _text("value"), _text("reason"), _text("at"),
    _text("who"),
)  # fmt: skip
sessions = Table("sessions", metadata, _name("sha256"), _text("name"), _text("until_at"))
audit = Table(
    "audit", metadata, _number(), _text("at"), _text("who"), _text("action"), _text("subject"),
    _text("chain", default=""),
)  # fmt: skip
leases = Table(
    "leases", metadata, _name("name"), _text("holder"), _text("task", default=""), _text("token"),
    _text("since"), _text("until"),
)  # fmt: skip
frontier = Table(
    "frontier", metadata, _text("source_id"), _text("address"), _text("kind"),
    _text("via", default=""), _text("state"), _text("due_at"), _count("poll"), _count("tries"),
    _count("status"), _text("note", default=""), _text("etag", default=""),
    _text("modified", default=""), _text("lastmod", default=""), _text("lastmod_read", default=""),
    _text("sha256", default=""), _text("payload", default=""), _text("seen_on", default=""),
    _text("read_at", default=""), PrimaryKeyConstraint("source_id", "address"),
    Index("frontier_due", "source_id", "state", "kind", "due_at"),
)  # fmt: skip
polls = Table(
    "polls", metadata, _number(), _text("source_id"), _text("started_at"),
    _text("read_at", null=True), _text("ended_at", null=True), _text("how", default=""),
    _text("note", default=""), _text("alarm", default=""), _count("requests"),
    Column("bytes", BigInteger, nullable=False, server_default=text("0")), _count("records"),
    _count("added"), _count("changed"), _count("closed"), _count("set_aside"),
    Index("polls_source", "source_id", "id"),
)  # fmt: skip
collection = Table(
    "collection", metadata, _name("source_id"), _text("state", default="active"),
    _text("reason", default=""), _text("note", default=""), _text("since"),
    _text("judge", default=""), _text("next_at", default=""), _text("checked_on", default=""),
    _text("checked_by", default=""), _text("contact", default=""),
    _count("approvals"),
)  # fmt: skip
