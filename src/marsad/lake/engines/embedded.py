"""The engine in this machine: DuckDB for SQL, a pool of processes for our functions."""

from __future__ import annotations

import ctypes
import gc
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from itertools import chain, islice
from tempfile import gettempdir

import duckdb
import pyarrow as pa

from marsad.lake.engines import Files, Work

ROWS = 50_000
"""Rows of a batch that a query gives."""
MEMORY = "2GB"
"""What a query may hold before it goes on on the disk."""


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"{_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"struct({', '.join(f'{f.name} {_type(f.type)}' for f in kind)})"
    names = {
        pa.string(): "varchar",
        pa.float64(): "double",
        pa.int64(): "bigint",
        pa.bool_(): "boolean",
        pa.date32(): "date",
    }
    return names.get(kind, "timestamptz")


class Embedded:
    """DuckDB and a pool of `workers` processes; `prepare` loads before the pool forks what its processes
    then share."""

    explode, series = "unnest", "generate_series"

    def __init__(self, workers: int = 1, prepare: Callable[[], None] = lambda: None) -> None:
        self.workers, self._prepare = workers, prepare
        self._db: duckdb.DuckDBPyConnection | None = None

    def _connection(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the one database of this engine."""
        if self._db is None:
            self._db = duckdb.connect(
                config={
                    "threads": max(1, self.workers),
                    "memory_limit": MEMORY,
                    "temp_directory": gettempdir(),
                }
            )
            self._db.execute("set preserve_insertion_order = false")
            self._db.execute("set parquet_metadata_cache = true")
        return self._db.cursor()

    def sql(
        self, query: str, tables: Mapping[str, Files | pa.Table], views: Mapping[str, str]
    ) -> Iterator[pa.RecordBatch]:
        with self._connection() as db:
            for name, table in tables.items():
                if isinstance(table, pa.Table):
                    db.register(name, table)
                else:
                    db.execute(f'create temp view "{name}" as {_scan(table)}')
            for name, view in views.items():
                db.execute(f'create temp view "{name}" as {view}')
            yield from db.sql(query).to_arrow_reader(ROWS)

    def map_batches(
        self, work: Work, batches: Iterator[pa.RecordBatch], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        first = list(islice(batches, 2))
        if self.workers == 1 or len(first) < 2:
            for batch in chain(first, batches):
                yield work(batch)
            return
        self._prepare()
        gc.collect()
        gc.freeze()  # what is loaded is never garbage: collections need not look at it again
        with ProcessPoolExecutor(self.workers, initializer=_begin_worker) as pool:
            under_way: deque[Future[pa.RecordBatch]] = deque()
            for batch in chain(
                first, batches
            ):  # not Executor.map: it would take every batch at once
                under_way.append(pool.submit(work, batch))
                if len(under_way) > 2 * self.workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()


_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def _begin_worker() -> None:
    """A process of the pool: it collects no garbage, and ends when the one that it works for is killed."""
    gc.disable()
    with suppress(OSError, AttributeError):  # Linux only
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _scan(table: Files) -> str:
    columns = ", ".join(
        f'"{f.name}"' if f.name in table.present else f'cast(null as {_type(f.type)}) as "{f.name}"'
        for f in table.schema
    )
    if not table.files:
        empty = ", ".join(f'cast(null as {_type(f.type)}) as "{f.name}"' for f in table.schema)
        return f"select {empty} where false"
    files = ", ".join("'" + file.replace("'", "''") + "'" for file in table.files)
    return (
        f"select {columns} from read_parquet([{files}], hive_partitioning = true,"  # noqa: S608 - names of ours
        " hive_types_autocast = false)"
    )
