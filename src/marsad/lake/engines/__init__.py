"""Engines: what runs SQL over tables of the lake, and our functions over their rows in batches.

Two keep the port: `embedded` (DuckDB and a pool of processes, in this machine) and `spark` (Apache Spark
4). The same SQL and the same functions give the same rows on both: SQL keeps to what both read, and
functions take and give Arrow batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

Work = Callable[[pa.RecordBatch], pa.RecordBatch]
"""A function of ours over one batch: same rows in, same rows out, wherever it runs."""


@dataclass(frozen=True, slots=True)
class Files:
    """A table of the lake at one version: its Parquet files below `folder`, the declared `schema`, and
    the columns that stand in the files (`present`; the `partition` column stands in their paths)."""

    files: tuple[str, ...]
    folder: str
    schema: pa.Schema
    partition: str
    present: frozenset[str]


class Engine(Protocol):
    """What runs SQL and functions."""

    explode: str
    """The SQL function that makes a row of each part of a list."""
    series: str
    """The SQL function that makes a list of the whole numbers from one to another, both in it."""

    def sql(
        self, query: str, tables: Mapping[str, Files | pa.Table], views: Mapping[str, str]
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a query over tables and views (name -> SQL, each after those it reads), batch by
        batch and in no order but the query's."""

    def map_batches(
        self, work: Work, batches: Iterator[pa.RecordBatch], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        """What a function makes of each batch, a row of each row, in order; `schema` is that of its
        results."""
