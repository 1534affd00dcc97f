"""Reports: what an ad showed when it was reported is `shown` (it was called `said`)."""

from __future__ import annotations

from sqlalchemy import Connection, text


def upgrade(connection: Connection) -> None:
    connection.execute(text("alter table reports rename column said to shown"))
