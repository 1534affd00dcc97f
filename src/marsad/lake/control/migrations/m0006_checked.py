"""When a person of the installation last read a source's robots.txt and terms, and who is named to its host."""

from __future__ import annotations

from sqlalchemy import Connection, text


def upgrade(connection: Connection) -> None:
    collation = ' collate "C"' if connection.dialect.name == "postgresql" else ""
    for name in ("checked_on", "checked_by", "contact"):
        column = f"{name} text{collation} not null default ''"
        connection.execute(text(f"alter table collection add column {column}"))
