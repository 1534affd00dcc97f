"""The lake: declared tables kept with Delta Lake, every version readable.

A write replaces one partition whole (or appends to the table) in one commit, so a reader never
sees half of it and a repeated run gives the same table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from pyarrow import dataset

from marsad.base.errors import InputError, NotFoundError, PlaceError
from marsad.lake.tables import Table, table


class Lake:
    """The tables of one installation, in the folder `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, name: str) -> str:
        return str(self.root / table(name).name)

    def replace(
        self, name: str, partition: str, rows: Iterable[Mapping[str, object]] | pa.Table
    ) -> int:
        """Replace the partition `partition` of a table by these rows; the new version's number.

        InputError when a row breaks the declaration; PlaceError when the disk refuses.
        """
        declared = table(name)
        data = declared.check(rows) if isinstance(rows, pa.Table) else declared.arrow(rows)
        strangers = set(data[declared.partition].unique().to_pylist()) - {partition}
        if strangers:
            raise InputError(f"table {name}: rows of {strangers} given for partition {partition!r}")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlaceError(f"The lake cannot be written at {self.root}: {error}.") from error
        exists = DeltaTable.is_deltatable(self._path(name))
        if exists:
            self._bring_forward(declared)
        if exists and not data.num_rows:
            current = DeltaTable(self._path(name))
            current.delete(f"{declared.partition} = '{_quoted(partition)}'")
            return int(current.version())
        self._write(
            declared, data, f"{declared.partition} = '{_quoted(partition)}'" if exists else None
        )
        return self.version(name)

    def _write(
        self, declared: Table, data: pa.Table, predicate: str | None, *, anew: bool = False
    ) -> None:
        try:
            write_deltalake(
                self._path(declared.name),
                data,
                mode="overwrite",
                schema_mode="overwrite" if anew else None,
                partition_by=[declared.partition],
                predicate=predicate,
            )
        except CommitFailedError as error:
            raise PlaceError(
                f"Another run writes table {declared.name} now: run this again when it has ended."
            ) from error
        except (OSError, DeltaError) as error:
            if isinstance(error, DeltaError) and "os error" not in str(error):
                raise
            raise PlaceError(f"The lake cannot be written at {self.root}: {error}.") from error

    def _bring_forward(self, declared: Table) -> None:
        """Rewrite a table that was written under an older declaration, with the columns of today."""
        columns = {f.name for f in DeltaTable(self._path(declared.name)).schema().fields}
        if columns != set(declared.columns):
            self._write(declared, self.read(declared.name), None, anew=True)

    def version(self, name: str) -> int:
        """The number of the current version of a table; -1 before the first write."""
        try:
            return int(DeltaTable(self._path(name)).version())
        except TableNotFoundError:
            return -1

    def read(
        self,
        name: str,
        *,
        version: int | None = None,
        partition: str | None = None,
        where: tuple[str, Collection[str]] | None = None,
    ) -> pa.Table:
        """A table, or one partition of it, as of a version; empty before the first write.

        `where` keeps the rows whose column holds one of the values. Columns that came later are
        empty in rows written before (the value of `tables.EMPTY` where null may not stand).
        NotFoundError when that version does not exist.
        """
        declared = table(name)
        if self.version(name) < 0 or (version is not None and version < 0):
            return declared.schema.empty_table()
        if version is not None and version > self.version(name):
            raise NotFoundError(f"Table {name} has no version {version}.")
        current = DeltaTable(self._path(name), version=version)
        only = [(declared.partition, "=", partition)] if partition is not None else None
        files = current.file_uris(only)
        if not files:
            return declared.schema.empty_table()
        # Not DeltaTable.to_pyarrow_table: its file system sometimes aborts the process at exit.
        data = dataset.dataset(
            files,
            schema=declared.schema,
            partitioning=dataset.partitioning(
                pa.schema([declared.schema.field(declared.partition)]), flavor="hive"
            ),
            partition_base_dir=self._path(name),
        )
        condition = dataset.field(where[0]).isin(list(where[1])) if where else None
        rows = data.to_table(columns=list(declared.columns), filter=condition)
        return declared.without_nulls(rows)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
