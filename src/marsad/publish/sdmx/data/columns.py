"""Columns of a table as pieces of text: the ground of every data writer.

What repeats (codes, periods, statuses) is written once for each distinct value and then looked up;
rows are joined column by column, some hundred thousand at a time, so that a million observations
cost about a second and little memory.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from marsad.publish.sdmx.structure.artefacts import V30, Component, Ref

ROWS = 100_000
"""Rows joined at a time."""
TIME, ALL = "TIME_PERIOD", "AllDimensions"
Index = npt.NDArray[np.int32]
Piece = str | Callable[[int, int], pa.Array]
"""A part of every row: a fixed text, or the texts of rows from (included) to (excluded)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, by `name`, that holds a component."""

    name: str
    component: Component

    @property
    def id(self) -> str:
        """The id of the component."""
        return self.component.id


@dataclass(frozen=True, slots=True)
class Shape:
    """What a table holds: data of a dataflow, by the components of its data structure.

    Rows are sorted by the dimensions and then by time.
    """

    flow: Ref
    structure: Ref
    dimensions: tuple[Column, ...]
    time: Column
    measure: Column
    attributes: tuple[Column, ...] = ()

    @property
    def keys(self) -> tuple[Column, ...]:
        """The dimensions, time last."""
        return (*self.dimensions, self.time)


Sets = Sequence[tuple[Shape, pa.Table]]
"""What a message holds: a table of each structure."""


@dataclass(frozen=True, slots=True)
class Options:
    """How data are to be written. `labels` and `keys` are those of SDMX-CSV."""

    prepared: dt.datetime
    observation: str = TIME
    detail: str = "full"
    history: bool = False
    changes: bool = False  # since a moment, with what was removed
    removals: bool = True
    action: str = "Information"
    labels: str = "id"
    keys: str = "none"
    language: str = "en"
    time_series: bool = False
    measure: bool = True
    sorted: bool = False  # by the question, and not by the key
    normalised: bool = False  # times by their first day
    edition: str = V30  # of the standard, of formats that both 3.0 and 3.1 have

    @property
    def with_observations(self) -> bool:
        """Whether observations are wanted, and not the keys of series only."""
        return self.detail in ("full", "dataonly")


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as indices into its distinct values; -1 is null."""

    values: tuple[str, ...]
    index: Index

    def take(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Coded:
        """The column at some rows."""
        return Coded(self.values, self.index[rows])


def coded(column: pa.ChunkedArray, *, blank: bool = True) -> Coded:
    """Any column as `Coded`, with only the values that occur, sorted; an empty text is no value
    unless `blank`."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = (
            array.unify_dictionaries().chunk(0) if array.num_chunks else array.type.wrap_array([])
        )
    if not pa.types.is_dictionary(array.type):
        array = pc.dictionary_encode(array)
    index = np.asarray(pc.fill_null(pc.cast(array.indices, pa.int32()), -1))
    listed = pc.cast(array.dictionary, pa.string()).to_pylist()
    used = np.bincount(index[index >= 0], minlength=len(listed)) > 0
    places = sorted(
        (place for place in range(len(listed)) if used[place] and (blank or listed[place])),
        key=listed.__getitem__,
    )
    position = np.full(len(listed) + 1, -1, dtype=np.int32)
    position[places] = np.arange(len(places), dtype=np.int32)
    return Coded(tuple(listed[place] for place in places), position[index])


@dataclass(frozen=True, slots=True)
class Look:
    """A piece that looks up the text of each row's value; `key` where it is part of a series."""

    texts: tuple[str, ...]  # -1 finds the last
    index: Index
    key: bool = False

    def __call__(self, start: int, end: int) -> pa.Array:
        """The texts of some rows."""
        part = self.index[start:end]
        return pa.array(self.texts, pa.string()).take(
            pa.array(np.where(part < 0, len(self.texts) - 1, part))
        )


def look_up(texts: Sequence[str], index: Index, null: str = "", *, key: bool = False) -> Look:
    """The text of each row's value, `null` for none."""
    return Look((*texts, null), index, key)


def numbers(column: pa.ChunkedArray, null: str, before: str = "", after: str = "") -> Piece:
    """Numbers in their shortest form that reads back equal, between two texts; `null` for none."""
    array = column.combine_chunks()

    def piece(start: int, end: int) -> pa.Array:
        part = array.slice(start, end - start)
        texts = pc.cast(part, pa.string())
        if pa.types.is_floating(part.type) and not pc.all(pc.is_finite(part), min_count=0).as_py():
            for name, sdmx in (("nan", "NaN"), ("inf", "INF"), ("-inf", "-INF")):
                texts = pc.if_else(pc.equal(texts, name), sdmx, texts)
        if before or after:
            texts = pc.binary_join_element_wise(before, texts, after, "")
        return pc.fill_null(texts, null)

    return piece


def is_number(column: pa.ChunkedArray) -> bool:
    """Whether a column holds numbers."""
    return bool(pa.types.is_floating(column.type) or pa.types.is_integer(column.type))


def joined(pieces: Sequence[Piece], rows: int) -> Iterator[bytes]:
    """The rows, each the pieces one after another, as bytes."""
    pieces = [
        piece
        for fixed, run in groupby(pieces, key=lambda p: isinstance(p, str))
        for piece in (["".join(p for p in run if isinstance(p, str))] if fixed else run)
    ]
    for start in range(0, rows, ROWS):
        end = min(rows, start + ROWS)
        parts = [p if isinstance(p, str) else p(start, end) for p in pieces]
        if all(isinstance(p, str) for p in parts):
            yield ("".join(parts) * (end - start)).encode()
            continue
        yield data_of(pc.binary_join_element_wise(*parts, ""))


def data_of(texts: pa.Array) -> bytes:
    """All texts of an array without nulls, one after another."""
    if isinstance(texts, pa.ChunkedArray):
        return b"".join(data_of(chunk) for chunk in texts.chunks)
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[
        texts.offset : texts.offset + len(texts) + 1
    ]
    buffer = texts.buffers()[2]
    return bytes(memoryview(buffer)[offsets[0] : offsets[-1]]) if buffer is not None else b""


def strings(pieces: Sequence[Piece], rows: int) -> list[str]:
    """The rows as texts."""
    parts = [p if isinstance(p, str) else p(0, rows) for p in pieces]
    if all(isinstance(p, str) for p in parts):
        return ["".join(parts)] * rows
    texts: list[str] = pc.binary_join_element_wise(*parts, "").to_pylist()
    return texts


@dataclass(frozen=True, slots=True)
class Frame:
    """A table ready to be written: its key columns coded, rows grouped by what makes a series."""

    shape: Shape
    table: pa.Table
    keys: dict[str, Coded]
    series: tuple[Column, ...]  # what makes a series
    starts: npt.NDArray[np.int64]  # first row of each series

    def lead(self, texts: Sequence[str]) -> Piece:
        """A text for the first row of each series, nothing for the others."""
        index = np.full(self.table.num_rows, -1, dtype=np.int32)
        index[self.starts] = np.arange(len(self.starts), dtype=np.int32)
        return look_up(texts, index)

    def by_series(self, pieces: Sequence[Piece]) -> list[Piece]:
        """The same pieces, those that are the same for a whole series joined once for it."""
        counts = np.diff(np.append(self.starts, self.table.num_rows))
        group = np.repeat(np.arange(len(self.starts), dtype=np.int32), counts)
        merged: list[Piece] = []
        for fixed, run in groupby(
            pieces, key=lambda p: isinstance(p, str) or (isinstance(p, Look) and p.key)
        ):
            parts = list(run)
            if not fixed or all(isinstance(p, str) for p in parts):
                merged += parts
                continue
            heads = [
                look_up(p.texts[:-1], p.index[self.starts]) if isinstance(p, Look) else p
                for p in parts
            ]
            merged.append(look_up(strings(heads, len(self.starts)), group))
        return merged


def _gathered(shape: Shape, table: pa.Table, observed: str = TIME) -> pa.Table:
    """Rows in the order they have, those of a series together where its first one stands."""
    columns = [coded(table[c.name]).index for c in shape.keys if c.id != observed]
    keys = np.stack(columns, axis=1)
    _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return table.take(pa.array(np.argsort(first[place.reshape(-1)], kind="stable")))


def frame(shape: Shape, table: pa.Table, options: Options) -> Frame:
    """The table as a frame, sorted anew when the observation dimension is not time."""
    observed = options.observation
    if observed not in (TIME, ALL) and options.sorted:
        table = _gathered(shape, table, observed)
    elif observed not in (TIME, ALL):
        order = [
            *(c for c in shape.keys if c.id != observed),
            *(c for c in shape.keys if c.id == observed),
        ]
        first = [coded(table[c.name]).index for c in reversed(order)]
        table = table.take(pa.array(np.lexsort(first)))
    elif options.sorted and observed == TIME:
        table = _gathered(shape, table)
    keys = {c.id: coded(table[c.name]) for c in shape.keys}
    inside = TIME if observed == ALL else observed
    series = tuple(c for c in shape.keys if c.id != inside)
    changed = np.zeros(table.num_rows, dtype=bool)
    changed[:1] = True
    for column in series:
        index = keys[column.id].index
        changed[1:] |= index[1:] != index[:-1]
    return Frame(shape, table, keys, series, np.flatnonzero(changed))
