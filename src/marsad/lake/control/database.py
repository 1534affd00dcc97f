"""The control database of an installation: SQLite beside its data, or PostgreSQL by its address."""

from __future__ import annotations

import atexit
import datetime as dt
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from marsad.base.errors import PlaceError
from marsad.base.records import Row
from marsad.lake.control.chain import link
from marsad.lake.control.migrations import migrate, newest, version
from marsad.lake.control.schema import audit, metadata
from marsad.lake.folders import make_private

_LOG = logging.getLogger("marsad.control")
_DAMAGED = ("malformed", "not a database")
_LEAST_BYTES = 100
"""The header of a database of SQLite: a shorter file holds nothing."""
WAIT_SECONDS = 30
"""How long a writer waits for another one."""


_MIGRATING = 7_270_016
"""The number of PostgreSQL's lock under which one process brings a database forward."""
_CHAINING = _MIGRATING + 1
"""That under which entries of the audit trail follow each other."""


def instant(moment: dt.datetime) -> str:
    """A moment as the control tables hold it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def now() -> str:
    """This moment as the control tables hold it."""
    return instant(dt.datetime.now(dt.UTC))


def engine(place: Path | str) -> Engine:
    """The engine of a database: a file of SQLite, or an address `postgresql://user@host/name`."""
    if isinstance(place, str):
        address = make_url(place).set(drivername="postgresql+psycopg")
        return create_engine(address, pool_pre_ping=True)  # the server may have started anew
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
        cursor.execute("pragma secure_delete=on")  # what is deleted stands in no free page
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

    def __init__(self, place: Path | str, *, refuse_new: str = "") -> None:
        """Open the database and bring it forward; PlaceError when a newer Marsad made it, the place or
        the file cannot be used, or it is empty and `refuse_new` says why that cannot be."""
        self.place = place if isinstance(place, Path) else _without_password(place)
        refusal = PlaceError(f"The control database {self.place} {refuse_new}.")
        if refuse_new and isinstance(place, Path) and _size(place) < _LEAST_BYTES:
            raise refusal  # before SQLite touches it: it would throw away the log beside it
        try:
            self.engine = engine(place)
            with self.engine.connect() as connection:
                current = version(connection)
            if current == newest():
                return
            if refuse_new and not current:
                raise refusal
            alone = self.engine.execution_options(lock="immediate")
            with alone.begin() as connection:  # one process brings it forward
                if self.dialect == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
                migrate(connection)
        except (OSError, ArgumentError, DatabaseError) as error:
            raise PlaceError(
                f"The control database {self.place} cannot be opened ({_reason(error)})."
            ) from error

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def close(self) -> None:
        self.engine.dispose()

    def damage(self) -> str:
        """What is wrong with the database, '' when nothing is; every row of it is read."""
        try:
            with self.engine.connect() as connection:
                if self.dialect == "sqlite":
                    state = connection.exec_driver_sql("pragma integrity_check").scalars().first()
                    return "" if state == "ok" else str(state)
                for table in metadata.sorted_tables:
                    for _ in connection.execution_options(yield_per=1_000).execute(select(table)):
                        pass
        except DatabaseError as error:
            return _reason(error)
        return ""

    def forget_traces(self) -> None:
        """Leave nothing of what was deleted: neither in free pages nor in the log beside the database."""
        if self.dialect == "sqlite":
            connection = self.engine.raw_connection()  # no transaction begins on it
            try:
                cursor = connection.cursor()
                cursor.execute("vacuum")
                cursor.execute("pragma wal_checkpoint(truncate)")
            except (
                sqlite3.OperationalError
            ) as error:  # somebody reads: deleted pages are zeros as it is
                _LOG.warning("the control database was not packed: %s", error)
            finally:
                connection.close()

    @contextmanager
    def _transaction(self, lock: str = "") -> Iterator[Connection]:
        """One transaction, with SQLite's kind of lock; PlaceError when the disk refuses it."""
        try:
            with self.engine.execution_options(lock=lock).begin() as connection:
                yield connection
        except (DatabaseError, PoolTimeout) as error:
            reason, hint = _reason(error), "."
            if any(words in reason for words in _DAMAGED):
                hint = ": restore a backup."
            elif self.dialect == "sqlite":
                hint = "; is its disk full or read-only?"
            raise PlaceError(
                f"The control database {self.place} cannot be used ({reason}){hint}"
            ) from error

    def note(self, who: str, action: str, subject: str) -> None:
        """Enter in the audit trail who did what to what; nothing is ever taken out of it, and each entry is
        chained to the one before."""
        entry = storable({"at": now(), "who": who, "action": action, "subject": subject[:500]})
        with self._transaction("immediate") as connection:  # one after the other
            if self.dialect == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_CHAINING)))
            last = select(audit.c.chain).order_by(audit.c.id.desc()).limit(1)
            before = connection.execute(last).scalar() or ""
            connection.execute(audit.insert(), {**entry, "chain": link(before, **entry)})

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
            key = connection.execute(table.insert(), storable(values)).inserted_primary_key
        return key[0] if key and isinstance(key[0], int) else 0

    def _put(self, table: Table, *, replace: bool = True, **values: object) -> None:
        """Insert a row; one of the same key is replaced, or stays as it is."""
        values = storable(values)
        statement = self._insert_of(table).values(**values)
        self._execute(
            statement.on_conflict_do_update(table.primary_key, set_=values)
            if replace
            else statement.on_conflict_do_nothing(table.primary_key)
        )

    def _insert_of(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """The insertion of this database's dialect, which knows what to do with a key that is there."""
        return (sqlite.insert if self.dialect == "sqlite" else postgresql.insert)(table)


def storable(values: Mapping[str, object]) -> Row:
    """Values as every database holds them: PostgreSQL takes no NUL in a text, none takes half a pair
    of surrogates."""
    return {
        name: value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


def _reason(error: Exception) -> str:
    """What a database said, on one line."""
    return " ".join(str(getattr(error, "orig", error)).split())


def _size(place: Path) -> int:
    return place.stat().st_size if place.exists() else 0


def _without_password(address: str) -> str:
    """The address of a database as it may be shown."""
    try:
        return make_url(address).render_as_string(hide_password=True)
    except ArgumentError:
        return "named by MARSAD_DATABASE"
