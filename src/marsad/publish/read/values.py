"""Values of one indicator held in memory by their codes, so that a question costs what it answers.

A page asks for a few values of many indicators, and an engine takes longer to plan such a question than
to answer it. What is held is what stands now (and first releases that were replaced): questions about
earlier days and about every version go to the mart.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from marsad.base.periods import end, start
from marsad.lake.mart import Mart
from marsad.products.declare import DIMENSIONS
from marsad.products.vintages import SUPERSEDED
from marsad.publish.read.model import DataQuery, Value

COLUMNS = [f.name for f in fields(Value)]
"""The columns of a value, in their order."""
ORDER = (*DIMENSIONS[1:], "freq", "period", "valid_from")
"""The columns by which values are ordered."""
MOST_BYTES = 14_000_000
_NUMBERS = frozenset({"value", "lower", "upper", "n"})
_SERIES = (*DIMENSIONS, "vintage")
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coded:
    """One column: a small number a row, and what the numbers stand for (None for an empty cell)."""

    codes: NDArray[np.integer]
    words: tuple[object, ...]

    def where(self, holds: Callable[[object], bool]) -> Mask:
        """The rows whose word `holds` is true of."""
        mask: Mask = np.fromiter(map(holds, self.words), bool, len(self.words))[self.codes]
        return mask

    def at(self, places: Places) -> list[object]:
        """The words of some rows."""
        words = self.words
        return [words[code] for code in self.codes[places].tolist()]


def _coded(column: pa.ChunkedArray) -> Coded:
    """A column of Arrow by codes, which ascend with the words; those that occur alone."""
    merged = column.combine_chunks()
    coded = merged if pa.types.is_dictionary(merged.type) else merged.dictionary_encode()
    empty = len(coded.dictionary)
    places = coded.indices.cast(pa.int64()).fill_null(empty).to_numpy()
    used, codes = np.unique(places, return_inverse=True)
    words = coded.dictionary.take(pa.array(used[used < empty])).to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(used), np.int64)
    rank[order] = np.arange(len(order))
    rank[len(order) :] = len(order)  # an empty cell is last
    ordered = [words[i] for i in order] + ([None] if empty in used else [])
    return Coded(rank[codes].astype(np.min_scalar_type(len(used))), tuple(ordered))


def _arrow(column: Coded, kind: pa.DataType, places: Places) -> pa.Array:
    """Some rows of a column as Arrow has it, dictionaries with the words that occur alone."""
    codes = column.codes[places]
    if not pa.types.is_dictionary(kind):
        return pa.array(column.words, kind).take(pa.array(codes))
    words = [word for word in column.words if word is not None]
    empty = codes == len(words) if len(words) < len(column.words) else None
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=empty), pa.array(words, kind.value_type)
    )


class Held:
    """The values of one indicator, from a table of COLUMNS and `area_level`, put into ORDER."""

    def __init__(self, table: pa.Table) -> None:
        coded = {n: _coded(table[n]) for n in table.column_names if n not in _NUMBERS}
        order = np.lexsort([coded[name].codes for name in reversed(ORDER)])
        self._kinds = {field.name: field.type for field in table.schema}
        self.coded = {n: Coded(column.codes[order], column.words) for n, column in coded.items()}
        self._numbers = {
            name: table[name].combine_chunks().take(pa.array(order))
            for name in _NUMBERS
            if table[name].null_count < len(table)  # a column that is empty is not held
        }
        self.size = sum(column.codes.nbytes for column in self.coded.values()) + sum(
            column.nbytes for column in self._numbers.values()
        )
        self._current = self.coded["valid_to"].where(lambda day: day is None)
        self._valued = np.zeros(len(table), bool)
        if "value" in self._numbers:
            self._valued = self._numbers["value"].is_valid().to_numpy(zero_copy_only=False)

    def places(self, query: DataQuery, *, valued: bool = False) -> Places:
        """The rows that a checked question chooses, without its page; `valued`: that have a value."""
        if query.vintage == "current":
            mask = self._current
        else:
            mask = self._all(("vintage", lambda v: query.vintage in ("*", v)))
        for name, codes in query.filters.items():
            if codes:
                mask = mask & self.coded[name].where(frozenset(codes).__contains__)
        if valued:
            mask = mask & self._valued
        conditions: list[tuple[str, Callable[[str], bool]]] = []
        if query.level:
            conditions.append(("area_level", query.level.__eq__))
        if query.parent:
            parent = query.parent
            conditions.append(("area", lambda a: a == parent or a.startswith(f"{parent}-")))
        if query.start:
            first = start(query.start)
            conditions.append(("period", lambda p: start(p) >= first))
        if query.end:
            last = end(query.end)
            conditions.append(("period", lambda p: end(p) <= last))
        places: Places = np.flatnonzero(mask & self._all(*conditions) if conditions else mask)
        return self._latest(places) if query.latest and len(places) else places

    def _all(self, *conditions: tuple[str, Callable[[str], bool]]) -> Mask:
        masks = [self.coded[name].where(holds) for name, holds in conditions]  # type: ignore[arg-type]
        mask: Mask = np.logical_and.reduce(masks)
        return mask

    def _latest(self, places: Places) -> Places:
        """Of these rows, those of the last period of their series."""
        series = np.zeros(len(places), np.int64)
        for name in _SERIES:
            column = self.coded[name]
            series = series * len(column.words) + column.codes[places]
            series = np.unique(series, return_inverse=True)[1]
        ranks = self.coded["period"].codes[places].astype(np.int64)
        last = np.full(int(series.max()) + 1, -1)
        np.maximum.at(last, series, ranks)
        latest: Places = places[ranks == last[series]]
        return latest

    def _number(self, name: str, places: Places) -> pa.Array:
        if name in self._numbers:
            return self._numbers[name].take(pa.array(places))
        return pa.nulls(len(places), self._kinds[name])

    def rows(self, places: Places) -> tuple[Value, ...]:
        """Some rows as values."""
        columns = (
            self._number(name, places).to_pylist()
            if name in _NUMBERS
            else self.coded[name].at(places)
            for name in COLUMNS
        )
        make: Callable[..., Value] = Value
        return tuple(make(*row) for row in zip(*columns))

    def table(self, places: Places) -> pa.Table:
        """Some rows as an Arrow table of COLUMNS."""
        arrays = [
            self._number(name, places)
            if name in _NUMBERS
            else _arrow(self.coded[name], self._kinds[name], places)
            for name in COLUMNS
        ]
        return pa.table(arrays, COLUMNS)

    def choices(self, codes: Mapping[str, str]) -> dict[str, frozenset[str]]:
        """For each dimension of `codes`, its codes that have a current value together with the others
        that are chosen."""
        masks = {d: self.coded[d].where(code.__eq__) for d, code in codes.items()}
        having = self._current & self._valued
        chosen = {}
        for name in codes:
            mask = np.logical_and.reduce([having, *(m for d, m in masks.items() if d != name)])
            column = self.coded[name]
            chosen[name] = frozenset(str(column.words[i]) for i in np.unique(column.codes[mask]))
        return chosen


class Values:
    """The indicators of one release that were asked for last, within `most` bytes; for many threads."""

    def __init__(self, mart: Mart, most: int = MOST_BYTES) -> None:
        self._mart, self._most = mart, most
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, indicator: str) -> Held:
        """The values of an indicator, read when they are not held."""
        with self._lock:
            held = self._held.get(indicator)
            if held is None:
                held = self._held[indicator] = Held(self._read(indicator))
                self._forget(keep=indicator)
            self._held.move_to_end(indicator)
            return held

    def _read(self, indicator: str) -> pa.Table:
        superseded = ", ".join("?" * len(SUPERSEDED))
        return self._mart.arrow(
            f"select {', '.join(COLUMNS)}, area_level from out_values where indicator = ?"
            f" and (valid_to is null or vintage in ({superseded}))",
            [indicator, *SUPERSEDED],
        )

    def _forget(self, keep: str) -> None:
        size = sum(held.size for held in self._held.values())
        for name in [n for n in self._held if n != keep]:
            if size <= self._most:
                return
            size -= self._held.pop(name).size


def page(places: Places, query: DataQuery) -> Places:
    """The rows of a question's page."""
    first = max(0, query.offset)
    return places[first : first + max(0, query.limit)]


def held_now(query: DataQuery) -> bool:
    """Whether a question is about what is held."""
    return query.as_of is None and not query.history
