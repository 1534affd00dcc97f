"""The lake: declared tables kept with Delta Lake, every version readable.

A write replaces one partition whole, or adds to a log, in one commit: a reader never sees half of it and
a repeated run gives the same table. A commit that carries a mark says how far its step had read when it
wrote, so that a step that was cut off goes on where its last commit stands. Views are asked of other
tables by an engine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from marsad.base.errors import InputError, NotFoundError, PlaceError
from marsad.lake.engines import Engine, Files
from marsad.lake.engines.embedded import Embedded
from marsad.lake.queries import bases, needed, newest, view_sql
from marsad.lake.rows import as_declared, same_rows
from marsad.lake.tables import Table, table

MOST_FILES, FILE_BYTES, SMALL_BYTES = 12, 128_000_000, 4_000_000
"""Files of a table from which small ones are joined, how large they become at most, and how large where
few ads come at a time."""
FOLD_LEAST, FOLD_RATIO = 20_000, 1.5
_FOLDED = "folded"
Version = int | str
"""The version of a table: its number, or those of the tables that a view is asked of, joined by dots."""


class Lake:
    """The tables of one installation, in the folder `root`, asked through `engine`."""

    def __init__(self, root: Path, engine: Engine | None = None) -> None:
        self.root = root
        self.engine: Engine = engine or Embedded()
        self._opened: dict[str, DeltaTable] = {}

    def _path(self, name: str) -> str:
        return str(self.root / table(name).name)

    def _table(self, name: str) -> DeltaTable | None:
        """A stored table as it stands now; None before the first write."""
        opened = self._opened.get(name)
        try:
            if opened is None:
                opened = self._opened[name] = DeltaTable(self._path(name))
            elif not self._is_newest(name, opened):
                opened.update_incremental()
        except TableNotFoundError:
            self._opened.pop(name, None)
            return None
        except DeltaError as error:
            self._opened.pop(name, None)
            raise PlaceError(
                f"Table {name} cannot be read at {self.root}: {error}. `marsad doctor` says what is wrong."
            ) from error
        return opened

    def _is_newest(self, name: str, opened: DeltaTable) -> bool:
        """Whether nobody has written since a table was opened: its commit is there, and no next one."""
        log = self.root / name / "_delta_log"
        mine, following = (log / f"{opened.version() + n:020}.json" for n in (0, 1))
        return mine.exists() and not following.exists()

    def replace(
        self, name: str, partition: str, rows: Iterable[Mapping[str, object]] | pa.Table
    ) -> int:
        """Replace the partition `partition` of a table by these rows; the number of the version, which is
        a new one where a row differs.

        InputError when a row breaks the declaration; PlaceError when the disk refuses.
        """
        declared = table(name)
        if declared.view:
            raise InputError(f"table {name} is a view: nothing is written to it")
        data = declared.check(rows) if isinstance(rows, pa.Table) else declared.arrow(rows)
        strangers = set(data[declared.partition].unique().to_pylist()) - {partition}
        if strangers:
            raise InputError(f"table {name}: rows of {strangers} given for partition {partition!r}")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlaceError(f"The lake cannot be written at {self.root}: {error}.") from error
        exists = self.number(name) >= 0
        if exists:
            self._bring_forward(declared)
            if same_rows(self.read(name, partition=partition), data, declared.key):
                return self.number(name)
        if exists and not data.num_rows:
            current = DeltaTable(self._path(name))
            current.delete(f"{declared.partition} = '{_quoted(partition)}'")
            return int(current.version())
        self._write(
            declared, data, f"{declared.partition} = '{_quoted(partition)}'" if exists else None
        )
        return self.number(name)

    def append(self, name: str, rows: pa.Table, marks: Mapping[str, int] | None = None) -> None:
        """Add rows to a log, sorted by its `order`, and set `marks` (name -> how far its step has read),
        in one commit; nothing is written for neither. InputError and PlaceError as `replace`."""
        declared = table(name)
        if not rows.num_rows and not marks:
            return
        data = declared.check(rows.select(declared.schema.names).cast(declared.schema))
        if self.number(name) >= 0:
            self._bring_forward(declared)
        if declared.order:
            data = data.sort_by([(column, "ascending") for column in declared.order])
        self._write(declared, data, None, mode="append", marks=marks)

    def join(self, name: str, size: int = SMALL_BYTES) -> int:
        """Join the files of a table that are smaller than `size` bytes where they are many, without changing
        a row; how many files went. PlaceError as `replace`."""
        stored = self._table(name)
        before = len(stored.file_uris()) if stored else 0
        if stored is None or before <= MOST_FILES:
            return 0
        properties = WriterProperties(
            max_row_group_size=table(name).row_group, compression="ZSTD", compression_level=1
        )
        with self._writes(name):
            stored.optimize.compact(target_size=size, writer_properties=properties)
        return max(0, before - len(stored.file_uris()))

    def compact(self, name: str) -> int:
        """`join` up to large files. Where a log holds half as many rows again as when it was folded last, what
        newer rows replace is left out, and the rest is sorted anew. PlaceError as `replace`."""
        stored = self._table(name)
        if stored is None:
            return 0
        before, declared = len(stored.file_uris()), table(name)
        rows = int(pa.table(stored.get_add_actions(flatten=True))["num_records"].to_pandas().sum())
        if not declared.newest or rows <= FOLD_LEAST + FOLD_RATIO * self.mark(name, _FOLDED):
            return self.join(name, FILE_BYTES)
        self._fold(declared)
        return max(0, before - len(self._files(name).files))

    def _fold(self, declared: Table) -> None:
        """Keep of a log the rows that hold."""
        name, counted = declared.name, pa.schema([("n", pa.int64())])
        held = self.table(f"select count(*) as n from {name}", (name,), counted)["n"][0].as_py()  # noqa: S608
        query = f"select * from {name} order by {', '.join(declared.order)}"  # noqa: S608 - names of ours
        batches = self.batches(query, (name,), declared.schema)
        rows = pa.RecordBatchReader.from_batches(declared.schema, batches)
        self._write(declared, rows, None, marks={_FOLDED: held})

    def vacuum(self, name: str, versions: Collection[int], hours: int) -> int:
        """Remove the files that no version of a table needs which is younger than some hours or among
        `versions`; how many went."""
        stored = self._table(name)
        if stored is None:
            return 0
        logged = (path.name[:20] for path in (self.root / name / "_delta_log").glob("0*"))
        first = min(map(int, logged))  # earlier ones were forgotten
        known = [v for v in versions if first <= v <= stored.version()]
        named = stored.vacuum(hours, True, False, keep_versions=known or None)  # it tries first
        gone = sum((self.root / name / file).exists() for file in named)
        if gone:
            stored.vacuum(hours, False, False, keep_versions=known or None)
        return gone

    def remove(self, name: str, condition: str) -> None:
        """Take out the rows of a table that fulfil a condition in SQL; PlaceError as `replace`."""
        if self.number(name) >= 0:
            with self._writes(name):
                DeltaTable(self._path(name)).delete(condition)

    def forget_versions(self, name: str) -> None:
        """Leave nothing of a table but its rows as they are now: neither files nor the log of earlier versions."""
        if (stored := self._table(name)) is None:
            return
        with self._writes(name):
            stored.vacuum(0, False, False, full=True)
            stored.create_checkpoint()
        for path in (self.root / name / "_delta_log").glob("*"):
            if path.name[:20].isdecimal() and int(path.name[:20]) < stored.version():
                path.unlink()
        self._opened.pop(name, None)

    def mark(self, name: str, step: str) -> int:
        """How far a step had read when it last wrote to a table; 0 before that."""
        stored = self._table(name)
        return (stored.transaction_version(step) or 0) if stored else 0

    def _write(
        self,
        declared: Table,
        data: pa.Table | pa.RecordBatchReader,
        predicate: str | None,
        *,
        mode: Literal["append", "overwrite"] = "overwrite",
        anew: bool = False,
        marks: Mapping[str, int] | None = None,
    ) -> None:
        transactions = [Transaction(step, until) for step, until in (marks or {}).items()]
        with self._writes(declared.name):
            write_deltalake(  # type: ignore[misc]
                self._table(declared.name) or self._path(declared.name),
                data,
                mode=mode,  # type: ignore[arg-type]
                schema_mode="overwrite" if anew else None,
                partition_by=[declared.partition],
                predicate=predicate,
                writer_properties=WriterProperties(
                    max_row_group_size=declared.row_group, compression="ZSTD", compression_level=1
                ),
                commit_properties=CommitProperties(app_transactions=transactions),
            )

    @contextmanager
    def _writes(self, name: str) -> Iterator[None]:
        """What a write to a table meets, as PlaceError in a sentence."""
        try:
            yield
        except CommitFailedError as error:
            raise PlaceError(
                f"Another run writes table {name} now: run this again when it has ended."
            ) from error
        except (OSError, DeltaError) as error:
            if isinstance(error, DeltaError) and "os error" not in str(error):
                raise
            raise PlaceError(f"The lake cannot be written at {self.root}: {error}.") from error

    def _bring_forward(self, declared: Table) -> None:
        """Rewrite a table that was written under an older declaration, with the columns of today."""
        stored = self._table(declared.name)
        columns = {f.name for f in stored.schema().fields} if stored else set(declared.columns)
        if columns != set(declared.columns):
            self._write(declared, self.read(declared.name), None, anew=True)

    def number(self, name: str) -> int:
        """The number of the current version of a stored table; -1 before the first write."""
        stored = self._table(name)
        return int(stored.version()) if stored else -1

    def version(self, name: str) -> Version:
        """The current version of a table: -1 before the first write; of a view, those of its tables."""
        if not table(name).view:
            return self.number(name)
        return ".".join(str(self.number(base)) for base in bases(name))

    def read(
        self,
        name: str,
        *,
        version: Version | None = None,
        partition: str | None = None,
        where: tuple[str, Collection[str]] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """A table or view, or one partition of it, as of a version; empty before the first write.

        `where` keeps the rows whose column holds one of the values, `columns` names those to read. Columns that came later are
        empty in rows written before (the value of `tables.EMPTY` where null may not stand). A log is
        given with every revision, a view in the order of its key where that is read. NotFoundError when that version does not exist.
        """
        declared = table(name)
        if declared.view and version is None and self._before_views(name):
            version = self.number(name)
        if declared.view and not isinstance(version, int):  # a number: kept before it was a view
            return self._ask_view(declared, version, partition, where, columns)
        if not isinstance(version, int | None):
            raise NotFoundError(f"Table {name} has no version {version}.")
        if version is not None and version > max(self.number(name), -1):
            raise NotFoundError(f"Table {name} has no version {version}.")
        names = list(columns or declared.columns)
        files = self._files(name, version, partition)
        if not files.files:
            return declared.schema.empty_table().select(names)
        from pyarrow import dataset  # it loads pandas, which who serves has no use for

        # Not DeltaTable.to_pyarrow_table: its file system sometimes aborts the process at exit.
        data = dataset.dataset(
            list(files.files),
            schema=declared.schema,
            partitioning=dataset.partitioning(
                pa.schema([declared.schema.field(declared.partition)]), flavor="hive"
            ),
            partition_base_dir=self._path(name),
        )
        condition = dataset.field(where[0]).isin(list(where[1])) if where else None
        rows = data.to_table(columns=names, filter=condition)
        return declared.without_nulls(rows)

    def _before_views(self, name: str) -> bool:
        """Whether a view was a table when this lake was last written."""
        return self.number(name) >= 0 and all(self.number(base) < 0 for base in bases(name))

    def _files(self, name: str, version: int | None = None, partition: str | None = None) -> Files:
        """The files of a table at a version, of one partition where it is named."""
        declared, path = table(name), self._path(name)
        current = self._table(name)
        if current is None or (version is not None and version < 0):
            return Files((), path, declared.schema, declared.partition, frozenset())
        if version is not None and version != current.version():
            try:
                current = DeltaTable(path, version=version)
            except DeltaError:
                raise PlaceError(f"Version {version} of table {name} is kept no more.") from None
        only = [(declared.partition, "=", partition)] if partition is not None else None
        present = frozenset(f.name for f in current.schema().fields)
        return Files(
            tuple(current.file_uris(only)), path, declared.schema, declared.partition, present
        )

    def _ask_view(
        self,
        declared: Table,
        version: Version | None,
        partition: str | None,
        where: tuple[str, Collection[str]] | None,
        columns: Sequence[str] | None,
    ) -> pa.Table:
        conditions = ["true"]
        if partition is not None:
            conditions.append(f"{declared.partition} = '{_quoted(partition)}'")
        if where:
            column, values = where
            conditions.append(f"{column} in ({_list(values)})")
        names = columns or list(declared.columns)
        query = f"select {', '.join(names)} from {declared.name} where {' and '.join(conditions)}"  # noqa: S608 - names of ours
        versions = dict(zip(bases(declared.name), str(version).split("."))) if version else {}
        rows = self.table(
            query,
            (declared.name,),
            pa.schema([declared.schema.field(name) for name in names]),
            versions={name: int(number) for name, number in versions.items()},
        )
        order = [(name, "ascending") for name in declared.key if name in names]
        return rows.sort_by(order) if len(order) == len(declared.key) else rows

    def table(
        self,
        query: str,
        of: Iterable[str],
        schema: pa.Schema,
        given: Mapping[str, pa.Table] | None = None,
        *,
        versions: Mapping[str, int] | None = None,
        only: Mapping[str, str] | None = None,
    ) -> pa.Table:
        """As `batches`, as one table."""
        return pa.Table.from_batches(
            self.batches(query, of, schema, given, versions=versions, only=only), schema
        )

    def batches(
        self,
        query: str,
        of: Iterable[str],
        schema: pa.Schema,
        given: Mapping[str, pa.Table] | None = None,
        *,
        versions: Mapping[str, int] | None = None,
        only: Mapping[str, str] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a query over the tables and views `of` and the Arrow tables `given`, as `schema`; one
        given under a declared name stands for the table or view of that name.

        A log stands for its newest rows (of those that fulfil the condition that `only` gives for it, see
        `newest`), and under `<name>_rows` for every revision.
        """
        tables: dict[str, Files | pa.Table] = dict(given or {})
        views: dict[str, str] = {}
        for name in dict.fromkeys(name for wanted in of for name in needed(wanted, given or ())):
            if table(name).view:
                views[name] = view_sql(name, self.engine)
                continue
            log = bool(table(name).newest)
            tables[f"{name}_rows" if log else name] = self._files(name, (versions or {}).get(name))
            if log:
                views[name] = newest(name, (only or {}).get(name, "true"))
        # What the tables are now is settled here; the rows come when they are asked for.
        rows = self.engine.sql(query, tables, views)
        return (
            pa.record_batch([as_declared(batch.column(f.name), f) for f in schema], schema=schema)
            for batch in rows
            if batch.num_rows
        )


def _list(values: Iterable[str]) -> str:
    """Texts as a list of SQL; a list of nothing holds nothing."""
    return ", ".join(f"'{_quoted(value)}'" for value in values) or "null"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
