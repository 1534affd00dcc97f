"""Control data carried from one database to another, whatever their kinds."""

from __future__ import annotations

from sqlalchemy import Connection, Integer, func, select, text
from sqlalchemy.exc import DatabaseError

from marsad.base.errors import PlaceError
from marsad.lake.control.database import Database
from marsad.lake.control.schema import leases, metadata

_TABLES = tuple(table for table in metadata.sorted_tables if table is not leases)
_BATCH = 1_000


def copy_control(source: Database, target: Database) -> int:
    """Copy every row of one control database into another, which is empty, as one transaction that
    reads one moment; how many. Leases stay behind: they are of processes.

    PlaceError when the target holds rows, or either of them refuses.
    """
    level = {"isolation_level": "REPEATABLE READ"} if source.dialect == "postgresql" else {}
    rows = 0
    try:
        with (
            source.engine.connect().execution_options(**level) as old,
            target.engine.begin() as new,
        ):
            for table in _TABLES:
                if new.execute(select(func.count()).select_from(table)).scalar():
                    raise PlaceError(
                        f"The control database {target.place} holds data: nothing was copied into it."
                    )
            for table in _TABLES:
                result = old.execution_options(yield_per=_BATCH).execute(select(table))
                for batch in result.mappings().partitions():
                    new.execute(table.insert(), [dict(row) for row in batch])
                    rows += len(batch)
            if target.dialect == "postgresql":
                _go_on_numbering(new)
    except DatabaseError as error:
        raise PlaceError(f"The control data cannot be copied ({error.orig}).") from error
    return rows


def _go_on_numbering(connection: Connection) -> None:
    """Let the next row of each table take the number after the last."""
    for table in _TABLES:
        if isinstance(table.c[0].type, Integer) and table.c[0].primary_key:
            connection.execute(
                text(
                    f"select setval(pg_get_serial_sequence('{table.name}', 'id'),"  # noqa: S608
                    f" coalesce(max(id), 0) + 1, false) from {table.name}"
                )
            )
