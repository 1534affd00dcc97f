"""Rows of tables as Arrow holds them: brought to what is declared, and compared."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from marsad.lake.tables import EMPTY


def as_declared(column: pa.Array, declared: pa.Field) -> pa.Array:
    """A column as declared: of its type, and where null may not stand with what stands for it."""
    if column.type != declared.type:
        column = column.cast(declared.type)
    if column.null_count and not declared.nullable and declared.type in EMPTY:
        column = pc.fill_null(column, EMPTY[declared.type])
    return column


def same_rows(one: pa.Table, other: pa.Table, key: Sequence[str]) -> bool:
    """Whether two tables hold the same rows, in whatever order; `key` tells rows apart."""
    if one.num_rows != other.num_rows:
        return False
    order = [(name, "ascending") for name in key]
    a, b = (t.select(one.schema.names).cast(one.schema).sort_by(order) for t in (one, other))
    return bool(a.combine_chunks().equals(b.combine_chunks()))
