"""The engine of a cluster: Apache Spark 4, for SQL and for our functions (`mapInArrow`).

It reads the same files of the lake, which its workers must reach under the same path (a disk that they
share). The package is sent to the workers with each session, so that they run the code that asks; what it
needs beside (the locked packages) is installed there. Needs the extra `spark` and Java 17.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

import marsad
from marsad.base.errors import PlaceError
from marsad.lake.engines import Files, Work

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SHIPPED = "marsad_package"
"""The folder in which the package is unpacked beside each worker."""
BATCHES = 200
"""Batches that go to the cluster together."""
_PLACE = "marsad_place"
"""Column that keeps the order of rows on their way through the cluster."""
_LEFT_OUT = frozenset({"web", "cli", "__pycache__"})


def package(folder: Path) -> Path:
    """The package as an archive for workers, without what only serves."""
    root = Path(marsad.__file__).resolve().parent
    path = folder / f"{SHIPPED}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(root.rglob("*")):
            inside = file.relative_to(root)
            if file.is_file() and not _LEFT_OUT & set(inside.parts):
                archive.write(file, Path("marsad") / inside)
    return path


class Spark:
    """A session with the cluster at `master` (`spark://host:7077`); results come through files in `shared`,
    a folder that its workers reach too."""

    explode, series = "explode", "sequence"

    def __init__(
        self, master: str, shared: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        """Open a session; PlaceError when Spark is not installed or the cluster does not answer."""
        try:
            from pyspark.errors.exceptions.base import PySparkException, PySparkRuntimeError
            from pyspark.sql import SparkSession
        except ImportError:
            raise PlaceError(
                "Spark is not installed: pip install 'marsad[spark]', and Java 17 (package"
                " openjdk-17-jre-headless)."
            ) from None
        self._shared = Path(mkdtemp(prefix="spark-", dir=shared))
        made = {
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.ansi.enabled": "true",
            "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.archives": f"{package(self._shared)}#{SHIPPED}",
            "spark.executorEnv.PYTHONPATH": f"./{SHIPPED}",
            "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
            "spark.task.maxFailures": "8",
            **(settings or {}),
        }
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("marsad").master(master)
        for name, value in made.items():
            builder = builder.config(name, value)
        try:
            self._session: SparkSession = builder.getOrCreate()
            self._session.sparkContext.setLogLevel("ERROR")
        except (PySparkException, PySparkRuntimeError, OSError) as error:
            raise PlaceError(
                f"The Spark cluster at {master} cannot be reached: {error}."
            ) from error

    def close(self) -> None:
        """End the session and remove what it left."""
        self._session.stop()
        shutil.rmtree(self._shared, ignore_errors=True)

    def sql(
        self, query: str, tables: Mapping[str, Files | pa.Table], views: Mapping[str, str]
    ) -> Iterator[pa.RecordBatch]:
        for name, table in tables.items():
            self._frame(table).createOrReplaceTempView(name)
        for name, view in views.items():
            self._session.sql(view).createOrReplaceTempView(name)
        yield from self._rows(self._session.sql(query))

    def map_batches(
        self, work: Work, batches: Iterator[pa.RecordBatch], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        from pyspark.sql.pandas.types import from_arrow_schema

        def each(given: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in given:
                place = batch.column(batch.num_columns - 1)
                made = work(batch.select(batch.schema.names[:-1]))
                yield pa.RecordBatch.from_arrays(
                    [*made.columns, place], names=[*made.schema.names, _PLACE]
                )

        result = from_arrow_schema(schema.append(pa.field(_PLACE, pa.int64())))
        while some := list(islice(batches, BATCHES)):
            table = pa.Table.from_batches(some)
            table = table.append_column(_PLACE, pa.array(range(table.num_rows), pa.int64()))
            parts = max(1, min(len(some), 2 * self._session.sparkContext.defaultParallelism))
            made = self._given(table).repartition(parts).mapInArrow(each, result)
            rows = pa.Table.from_batches(self._rows(made)).sort_by(_PLACE)
            yield from rows.select(schema.names).cast(schema).to_batches()

    def _rows(self, frame: DataFrame) -> Iterator[pa.RecordBatch]:
        """The rows of a frame, through files: the driver never holds them all."""
        folder = Path(mkdtemp(dir=self._shared))
        try:
            frame.write.mode("overwrite").parquet(str(folder))
            for path in sorted(folder.glob("*.parquet")):
                yield from pq.ParquetFile(path).iter_batches(50_000)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _frame(self, table: Files | pa.Table) -> DataFrame:
        from pyspark.sql import functions as f
        from pyspark.sql.pandas.types import from_arrow_schema, from_arrow_type

        if isinstance(table, pa.Table):
            return self._given(table)
        if not table.files:
            return self._session.createDataFrame([], from_arrow_schema(table.schema))
        read = self._session.read.option("basePath", table.folder).parquet(*table.files)
        return read.select(
            *(
                f.col(field.name)
                if field.name in table.present
                else f.lit(None).cast(from_arrow_type(field.type)).alias(field.name)
                for field in table.schema
            )
        )

    def _given(self, table: pa.Table) -> DataFrame:
        """Rows of ours as a frame, through a file."""
        from pyspark.sql.pandas.types import from_arrow_schema

        if not table.num_rows:
            return self._session.createDataFrame([], from_arrow_schema(table.schema))
        path = Path(mkdtemp(dir=self._shared)) / "given.parquet"
        pq.write_table(table, path)
        return self._session.read.parquet(str(path))
