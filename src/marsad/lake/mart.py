"""The serving mart: one read-only DuckDB file a release, derived from the lake's tables.

The only module that knows DuckDB; its extensions are never needed. A file may be read by many
processes and threads; it is never changed once its release is published.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.records import Row

NAME = "mart-5.duckdb"
"""The number changes when older code or releases could not be read together: `marsad up` then makes a
release anew."""


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
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(part)) as db:
            for name, table in tables.items():
                db.register("given", table)
                keys = ", ".join(f'"{k}"' for k in order.get(name, ()))
                by = f" order by {keys}" if keys else ""
                chosen = _enumerated(db, name, (coded or {}).get(name, ()))
                db.execute(f'create table "{name}" as select *{chosen} from given{by}')  # noqa: S608
                db.unregister("given")
            db.execute("checkpoint")
        part.replace(path)
    except (OSError, duckdb.IOException) as error:
        raise PlaceError(f"The release cannot be written at {path}: {error}.") from error


def _enumerated(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> str:
    """The `replace` clause that turns columns of `given` into enumerations of what they hold."""
    for column in columns:
        values = f'select distinct "{column}" from given where "{column}" is not null order by 1'  # noqa: S608
        db.execute(f'create type "{table}_{column}" as enum ({values})')
    changed = ", ".join(f'"{c}"::"{table}_{c}" as "{c}"' for c in columns)
    return f" replace ({changed})" if columns else ""


class Mart:
    """One release's mart, open for reading; threads share it, each with its own cursor."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise NotFoundError(f"There is no release at {path.parent}.")
        try:
            self._db = duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            raise PlaceError(f"The release at {path} cannot be opened: {error}.") from error
        self._db.execute("set threads to 2")
        self._local = threading.local()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of a query, each as column -> value; parameters stand for `?`."""
        cursor = self._cursor()
        cursor.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]

    def arrow(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """The rows of a query as an Arrow table; enumerations are dictionaries. A plain scan keeps
        the order in which the table was written."""
        table: pa.Table = self._cursor().sql(sql, params=list(parameters)).to_arrow_table()
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
        return cursor

    def close(self) -> None:
        self._db.close()
