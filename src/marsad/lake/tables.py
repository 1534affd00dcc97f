"""Declared tables: every column typed and described in `tables/<layer>_<name>.yml`.

`raw_` holds the source's words, `core_` coded records, `out_` published values. A type that ends
in `?` may be null; nothing else may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base import fields
from marsad.base.declare import load_declaration
from marsad.base.errors import DeclarationError, InputError, NotFoundError

FOLDER = Path(__file__).parent / "tables"
_TYPES = {
    "string": pa.string(),
    "double": pa.float64(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "ints": pa.list_(pa.int64()),
    "skills": pa.list_(
        pa.struct([("skill", pa.string()), ("score", pa.float64()), ("evidence", pa.string())])
    ),
}
EMPTY: dict[pa.DataType, object] = {
    pa.string(): "",
    pa.float64(): 0.0,
    pa.int64(): 0,
    pa.bool_(): False,
}
"""What stands in a column that may not be null, in a row written before there was that column."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: str
    description: str


def schema_of(name: str, columns: Mapping[str, Column]) -> pa.Schema:
    """The Arrow schema of declared columns; DeclarationError for an unknown type in table `name`."""
    made = []
    for column_name, column in columns.items():
        kind = column.type.removesuffix("?")
        if kind not in _TYPES:
            raise DeclarationError(f"{name}.{column_name}: type {column.type!r} is unknown.")
        made.append(pa.field(column_name, _TYPES[kind], nullable=column.type.endswith("?")))
    return pa.schema(made)


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table that is not kept but asked of others: `sql` over the tables and views `of`, in words that
    DuckDB and Spark both read; `{columns}` stands for the columns of the view, each from the first table (as
    `a`) that has it, or by its expression; `{explode}` and `{series}` for functions of the engine (see
    `engines.Engine`); `{fresh}` and `{lead}` for days of `base.readings`."""

    of: tuple[str, ...]
    sql: str
    expressions: dict[str, str] = {}


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One declared table. `key` identifies a row; `partition` is the column replaced as a whole.

    `fields` adds the columns that the fields of an ad declare (`marsad.base.fields`): `every`, or those
    that rest on `words` alone, or on `days`. A table with `newest` is a log that is only added to: of the
    rows that agree in these columns the one of the greatest `revision` holds, unless it is `gone`. Rows are
    written in the `order` named, at most `row_group` together. `rebuilt_by` is the step that computes the
    whole table anew, empty when none can.
    """

    name: str
    description: str
    key: tuple[str, ...]
    partition: str
    columns: dict[str, Column]
    fields: Literal["", "every", "words", "days"] = ""
    newest: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    row_group: int = 1_048_576
    view: View | None = None
    rebuilt_by: str = ""

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema; columns that may be null say so."""
        return schema_of(self.name, self.columns)

    def arrow(self, rows: Iterable[Mapping[str, object]]) -> pa.Table:
        """Rows as an Arrow table of this schema, checked by `check`."""
        every = list(rows)
        if every and (unknown := sorted(set(every[0]) - set(self.columns))):
            raise InputError(f"table {self.name} has no column {', '.join(unknown)}")
        try:
            return self.check(pa.Table.from_pylist(every, schema=self.schema))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise InputError(f"table {self.name}: {error}") from None

    def without_nulls(self, table: pa.Table) -> pa.Table:
        """The table with `EMPTY` where a null stands and none may."""
        for i, name in enumerate(table.column_names):
            field = self.schema.field(name)
            if not field.nullable and table[field.name].null_count:
                filled = pc.fill_null(table[field.name], EMPTY[field.type])
                table = table.set_column(i, field, filled)
        return table

    def check(self, table: pa.Table) -> pa.Table:
        """The table itself, when no null stands where none may and its key is unique."""
        for field in self.schema:
            if not field.nullable and table[field.name].null_count:
                raise InputError(f"table {self.name}: column {field.name} may not be empty")
        counts = table.group_by(list(self.key)).aggregate([([], "count_all")])
        twice = counts.filter(pc.greater(counts["count_all"], 1))
        if twice.num_rows:
            first = {k: twice[k][0].as_py() for k in self.key}
            raise InputError(
                f"table {self.name}: {twice.num_rows} keys occur more than once, first {first}"
            )
        return table


def _declared(path: Path) -> Table:
    declared = load_declaration(path, Table)
    if declared.fields:
        days = {"every": None, "words": False, "days": True}[declared.fields]
        more = {name: Column(kind, about) for name, kind, about in fields.columns(days=days)}
        declared = msgspec.structs.replace(declared, columns={**declared.columns, **more})
    if declared.name != path.stem or declared.partition not in declared.columns:
        raise DeclarationError(f"lake/tables/{path.name}: name or partition is wrong.")
    return declared


@cache
def tables() -> Mapping[str, Table]:
    """Every declared table of the lake by name."""
    return {path.stem: _declared(path) for path in sorted(FOLDER.glob("*.yml"))}


def table(name: str) -> Table:
    """One declared table; NotFoundError when none has that name."""
    try:
        return tables()[name]
    except KeyError:
        raise NotFoundError(f"There is no table {name!r}.") from None
