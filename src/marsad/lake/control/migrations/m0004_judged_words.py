"""A judgement names the words that were judged, as a hash: it holds as long as they stand."""

from __future__ import annotations

from sqlalchemy import Connection, text


def upgrade(connection: Connection) -> None:
    collation = ' collate "C"' if connection.dialect.name == "postgresql" else ""
    column = f"words text{collation} not null default ''"
    connection.execute(text(f"alter table judgements add column {column}"))
