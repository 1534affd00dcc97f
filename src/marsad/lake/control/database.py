"""The control database of an installation: SQLite beside its data, or PostgreSQL by its address."""

from __future__ import annotations

import atexit
import datetime as dt
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError

from marsad.base.errors import PlaceError
from marsad.base.records import Row
from marsad.lake.control.migrations import migrate, newest, version
from marsad.lake.folders import make_private

WAIT_SECONDS = 30
"""How long a writer waits for another one."""


def now() -> str:
    """This moment as the control tables hold it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def engine(place: Path | str) -> Engine:
    """The engine of a database: a file of SQLite, or an address such as `postgresql+psycopg://...`."""
    if isinstance(place, str):
        return create_engine(place)
    readable = place.exists() and not os.access(place.parent, os.W_OK)
    if readable:
        place = _copy(place)
    else:
        make_private(place.parent)
        place.touch(mode=0o600)
        with suppress(OSError):  # what SQLite writes beside it takes the same mode
            place.chmod(0o600)
    made = create_engine(f"sqlite:///{place}", connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(made, "connect")
    def _open(connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, by the event below
        cursor = connection.cursor()
        cursor.execute(f"pragma {'query_only=1' if readable else 'journal_mode=wal'}")
        cursor.close()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"begin {connection.get_execution_options().get('lock', '')}")

    return made


def _copy(place: Path) -> Path:
    """A database on a disk that cannot be written, with what its log holds, in a folder for this
    process: SQLite reads a log only where it may write. What is read from it stays unchanged."""
    folder = Path(mkdtemp(prefix="marsad-control-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in (place.name, f"{place.name}-wal"):
        if (place.parent / name).exists():
            shutil.copyfile(place.parent / name, folder / name)
    return folder / place.name


class Database:
    """A control database, open and on the newest schema. Threads and processes may share it: every
    call is one transaction."""

    def __init__(self, place: Path | str) -> None:
        """Open the database and bring it forward; PlaceError when a newer Marsad made it,
        or the place or the file cannot be used."""
        try:
            self._engine = engine(place)
            with self._engine.connect() as connection:
                if version(connection) == newest():
                    return
            alone = self._engine.execution_options(
                lock="immediate"
            )  # one process brings it forward
            with alone.begin() as connection:
                migrate(connection)
        except (OSError, DatabaseError) as error:
            reason = getattr(error, "orig", error)
            raise PlaceError(
                f"The control database {place} cannot be opened ({reason})."
            ) from error

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """One transaction; PlaceError when the disk refuses it."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            raise PlaceError(
                f"The control database {self._engine.url.database} cannot be used ({error.orig});"
                " is its disk full or read-only?"
            ) from error

    def _execute(self, statement: Executable, values: Mapping[str, object] | None = None) -> int:
        """Run a statement that changes rows; how many it changed."""
        with self._transaction() as connection:
            return connection.execute(statement, values or {}).rowcount

    def _rows(self, statement: Executable) -> list[Row]:
        """The rows of a statement, each as column -> value; what it changes is kept."""
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def _first(self, statement: Executable) -> Row | None:
        rows = self._rows(statement)
        return rows[0] if rows else None

    def _insert(self, table: Table, **values: object) -> int:
        """Insert a row; the number it was given (0 in a table without numbers)."""
        with self._transaction() as connection:
            key = connection.execute(table.insert(), values).inserted_primary_key
        return key[0] if key and isinstance(key[0], int) else 0

    def _put(self, table: Table, *, replace: bool = True, **values: object) -> None:
        """Insert a row; one of the same key is replaced, or stays as it is."""
        insert = insert_sqlite if self._engine.dialect.name == "sqlite" else insert_postgresql
        statement = insert(table).values(**values)
        self._execute(
            statement.on_conflict_do_update(table.primary_key, set_=values)
            if replace
            else statement.on_conflict_do_nothing(table.primary_key)
        )
