"""The serving mart: one read-only DuckDB file a release, derived from the lake's tables.

The only module that knows DuckDB; its extensions are never needed. A file may be read by many
processes and threads; it is never changed once its release is published.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.recent import Recent
from marsad.base.records import Row

NAME = "mart-6.duckdb"
"""The number changes when older code or releases could not be read together: `marsad up` then makes a
release anew."""
_MOST_CELLS = 80_000


def write(path: Path, tables: Mapping[str, pa.RecordBatchReader]) -> None:
    """Write a file of tables from batches of rows, which are never held together; PlaceError as `build`."""
    with _made(path) as db:
        for name, reader in tables.items():
            db.register("given", reader)
            db.execute(f'create table "{name}" as select * from given')  # noqa: S608
            db.unregister("given")


def copied(path: Path, files: Mapping[str, Path], queries: Mapping[str, str]) -> None:
    """Write a file whose tables are queries over other files; PlaceError as `build`."""
    with _made(path, files) as db:
        for name, query in queries.items():
            db.execute(f'create table "{name}" as {query}')


def query_files(files: Mapping[str, Path], query: str, given: Mapping[str, pa.Table]) -> pa.Table:
    """The rows of a query over files and Arrow tables; PlaceError where a file cannot be opened."""
    try:
        with _opened(files) as db:
            for name, rows in given.items():
                db.register(name, rows)
            table: pa.Table = db.sql(query).to_arrow_table()
            return table
    except duckdb.Error as error:
        raise PlaceError(f"{next(iter(files.values())).parent} cannot be read: {error}.") from error


def added(path: Path, name: str, rows: pa.Table) -> None:
    """Add rows to a table of a file that nobody reads yet."""
    with _opened({}, {"made": path}) as db:
        db.register("given", rows)
        db.execute(f'insert into made."{name}" by name select * from given')  # noqa: S608 - a name of ours


def _attach(db: duckdb.DuckDBPyConnection, name: str, file: Path, only: str) -> None:
    db.execute(f"attach '{_quoted(file)}' as {name}{only}")


_lock = threading.RLock()
_database: list[duckdb.DuckDBPyConnection] = []


@contextmanager
def _opened(
    files: Mapping[str, Path], written: Mapping[str, Path] = MappingProxyType({})
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with files attached to be read, and others to be written, by name; they are let go after
    it. One database in memory serves all of them, for to make one costs more than a small question: one
    thread at a time."""
    with _lock:
        if not _database:
            _database.append(duckdb.connect(config={"memory_limit": "2GB"}))
        with _database[0].cursor() as db:
            attached = []
            try:
                for name, file in (*files.items(), *written.items()):
                    _attach(db, name, file, "" if name in written else " (read_only)")
                    attached.append(name)
                yield db
            finally:
                db.execute("use memory")
                for name in attached:
                    db.execute(f"detach {name}")


def overlaid(path: Path, tables: Mapping[str, pa.Table], before: Path | None) -> None:
    """Write the overlay of an edition: `tables`, with what the one `before` holds of ads that are not in
    `replaced` now, and with all its changes. PlaceError as `build`."""
    with _made(path, {"before": before} if before else {}) as db:
        for name, table in tables.items():
            db.register("given", table)
            db.execute(f'create table "{name}" as select * from given')  # noqa: S608
            db.unregister("given")
        if before:
            other = "select * from before.{} anti join replaced using (ad_key)"
            for name in ("ad_rows", "ad_copies", "ad_skills"):
                db.execute(f"insert into {name} by name {other.format(name)}")
            db.execute(f"insert into replaced {other.format('replaced')}")
            db.execute("insert into changes by name select * from before.changes")


@contextmanager
def _made(
    path: Path, files: Mapping[str, Path] = MappingProxyType({})
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new file of DuckDB, which appears whole or not at all, with `files` to be read; PlaceError when the
    disk refuses."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        with _opened(files, {"made": part}) as db:
            db.execute("use made")
            yield db
            db.execute("checkpoint")
        part.replace(path)
    except (OSError, duckdb.IOException) as error:
        raise PlaceError(f"The release cannot be written at {path}: {error}.") from error


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def build(
    path: Path,
    tables: Mapping[str, pa.Table],
    order: Mapping[str, Sequence[str]],
    coded: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write the mart at `path` from Arrow tables, each sorted by the columns that `order` names.

    Columns that `coded` names are kept as enumerations: small, and read as dictionaries of Arrow.
    The file appears whole or not at all. PlaceError when the disk refuses.
    """
    with _made(path) as db:
        for name, table in tables.items():
            db.register("given", table)
            keys = ", ".join(f'"{k}"' for k in order.get(name, ()))
            by = f" order by {keys}" if keys else ""
            chosen = _enumerated(db, name, (coded or {}).get(name, ()))
            db.execute(f'create table "{name}" as select *{chosen} from given{by}')  # noqa: S608
            db.unregister("given")


def _enumerated(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> str:
    """The `replace` clause that turns columns of `given` into enumerations of what they hold."""
    for column in columns:
        values = f'select distinct "{column}" from given where "{column}" is not null order by 1'  # noqa: S608
        db.execute(f'create type "{table}_{column}" as enum ({values})')
    changed = ", ".join(f'"{c}"::"{table}_{c}" as "{c}"' for c in columns)
    return f" replace ({changed})" if columns else ""


class Mart:
    """One release's mart, open for reading; threads share it, each with its own cursor.

    `beside` are files that are opened with it, by name, and `views` the statements that each connection
    begins with: the ads of an edition. What is read never changes, so that the answers to the last questions
    are held: a page in another language asks the same, and DuckDB takes longer to plan than to read.
    """

    def __init__(
        self, path: Path, beside: Mapping[str, Path] | None = None, views: Sequence[str] = ()
    ) -> None:
        if not path.exists():
            raise NotFoundError(f"There is no release at {path.parent}.")
        # A database of its own: connections to one file share one, with all that is attached to it.
        self._db = duckdb.connect()
        for name, file in {"release": path, **(beside or {})}.items():
            try:
                _attach(self._db, name, file, " (read_only)")
            except duckdb.Error as error:
                raise PlaceError(f"{file} cannot be opened: {error}.", place=file) from error
        self._db.execute("set threads to 2")
        self._db.execute("set allocator_background_threads = true")  # gives free memory back
        self._local = threading.local()
        self._rows: Recent[str, tuple[list[str], list[tuple[object, ...]]]] = Recent(_MOST_CELLS)
        self._tables: Recent[str, pa.Table] = Recent(_MOST_CELLS)
        self._views = ("use release", *views)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of a query, each as column -> value; parameters stand for `?`."""
        question = f"{sql}\x1f{parameters!r}"
        held = self._rows.get(question)
        if held is None:
            cursor = self._cursor()
            cursor.execute(sql, list(parameters))
            held = [column[0] for column in cursor.description], cursor.fetchall()
            self._rows.put(question, held, len(question) + len(held[0]) * max(1, len(held[1])))
        names, rows = held
        return [dict(zip(names, row)) for row in rows]

    def arrow(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """The rows of a query as an Arrow table; enumerations are dictionaries. A plain scan keeps
        the order in which the table was written."""
        question = f"{sql}\x1f{parameters!r}"
        table = self._tables.get(question)
        if table is None:
            table = self._cursor().sql(sql, params=list(parameters)).to_arrow_table()
            cells = table.num_columns * max(1, table.num_rows)
            self._tables.put(question, table, len(question) + cells)
        return table

    @cached_property
    def columns(self) -> Mapping[str, frozenset[str]]:
        """Table -> the columns that this release holds: an earlier version may lack some."""
        rows = self.rows("select table_name, column_name from information_schema.columns")
        columns: dict[str, set[str]] = {}
        for row in rows:
            columns.setdefault(row["table_name"], set()).add(row["column_name"])
        return {name: frozenset(held) for name, held in columns.items()}

    def holds(self, table: str, column: str = "") -> bool:
        """Whether the release has a table (and a column)."""
        return table in self.columns and (not column or column in self.columns[table])

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._db.cursor()
            for view in self._views:
                cursor.execute(view)
        return cursor

    def close(self) -> None:
        self._db.close()
