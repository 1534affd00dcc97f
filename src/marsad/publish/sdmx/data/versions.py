"""The datasets of one message: what replaces what since when, and what was taken away.

With `includeHistory` there is one dataset for each moment at which values were published, and one
for each at which values were removed; with `updatedAfter`, one of changes and one of removals
(SDMX REST, data queries).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from marsad.publish.sdmx.data.columns import Coded, Options, Shape, coded

_MS = pa.timestamp("ms", tz="UTC")


@dataclass(frozen=True, slots=True)
class Part:
    """One dataset: its rows, how to write them, and the times it is valid from and to, if told."""

    table: pa.Table
    options: Options
    since: str = ""
    until: str = ""


def moments(column: pa.ChunkedArray) -> Coded:
    """A column of times, as texts in UTC."""
    return coded(pc.strftime(pc.cast(column, _MS), "%Y-%m-%dT%H:%M:%SZ"))


def parts(shape: Shape, table: pa.Table, options: Options) -> list[Part]:
    """The datasets of an answer; one alone unless history or changes are asked for."""
    if not (options.history or options.changes):
        return [Part(table, options)]
    gone = _gone(shape, table) if options.removals else np.zeros(table.num_rows, dtype=bool)
    removal = replace(options, action="Delete", detail="dataonly", measure=False)
    removed = _bare(shape, table.filter(pa.array(gone)))
    if options.changes and not options.history:
        changes = [
            Part(table.filter(pc.is_null(table["valid_to"])), options),
            Part(removed, removal),
        ]
        return [part for part in changes if part.table.num_rows]
    made = [Part(rows, options, since=when) for when, rows in _grouped(table, "valid_from")]
    return made + [Part(rows, removal, until=when) for when, rows in _grouped(removed, "valid_to")]


def _grouped(table: pa.Table, name: str) -> list[tuple[str, pa.Table]]:
    """The rows of each moment, in the order of time."""
    times = moments(table[name])
    order = np.argsort(times.index, kind="stable")
    ordered = times.index[order]
    cuts = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
    return [
        (times.values[ordered[start]], table.take(pa.array(order[start:end])))
        for start, end in pairwise(cuts)
        if start < end
    ]


def _bare(shape: Shape, table: pa.Table) -> pa.Table:
    """Rows with their keys only."""
    for column in (shape.measure, *shape.attributes):
        place = table.column_names.index(column.name)
        nothing = pa.nulls(table.num_rows, table[column.name].type)
        table = table.set_column(place, column.name, nothing)
    return table


def _gone(shape: Shape, table: pa.Table) -> npt.NDArray[np.bool_]:
    """Which versions ended without another in their place."""
    if not table.num_rows:
        return np.zeros(0, dtype=bool)
    codes = np.stack([coded(table[c.name]).index for c in shape.keys], axis=1)
    ids = np.unique(codes, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    since, until = (np.asarray(pc.fill_null(pc.cast(pc.cast(table[name], _MS), pa.int64()), -1))
                    for name in ("valid_from", "valid_to"))  # fmt: skip
    times, ranks = np.unique(np.concatenate([since, until]), return_inverse=True)
    ranks = ranks.reshape(2, -1)
    starts, ends = (ids * len(times) + rank for rank in ranks)
    return (until >= 0) & ~np.isin(ends, starts)
