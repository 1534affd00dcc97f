"""SDMX-CSV 1.0.0 and 2.0.0 from Arrow (SDMX-CSV field guides of SDMX 2.1 and 3.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base import periods
from marsad.publish.sdmx.data.columns import (
    ALL,
    Column,
    Frame,
    Options,
    Piece,
    Sets,
    Shape,
    coded,
    frame,
    is_number,
    joined,
    look_up,
    numbers,
)
from marsad.publish.sdmx.data.versions import Part, moments, parts
from marsad.publish.sdmx.structure.artefacts import V21, V30, version

_ACTIONS = {"Information": "I", "Append": "A", "Replace": "R", "Delete": "D"}
END = "\r\n"
_FINENESS = {"A": 4, "S": 7, "Q": 7, "M": 7}
"""Frequency -> letters of a date that tell its periods apart; a day in full for the others."""


class Names(Protocol):
    """Names for the options `labels`: of the dataflow, of a component, of one of its codes."""

    def flow(self, identifier: str, language: str) -> str: ...
    def component(self, identifier: str, language: str) -> str: ...
    def code(self, component: str, code: str, language: str) -> str: ...


def cell(text: str) -> str:
    """A text as a cell of RFC 4180."""
    if any(c in text for c in ',"\r\n') or text[:1] == " " or text[-1:] == " ":
        return '"' + text.replace('"', '""') + '"'
    return text


class _Writer:
    """The columns of one message: headings and pieces side by side."""

    def __init__(self, made: Frame, options: Options, names: Names) -> None:
        self.made, self.options, self.names = made, options, names
        self.heading: list[str] = []
        self.pieces: list[Piece] = []

    def fixed(self, heading: str, text: str) -> None:
        self.add(heading, cell(text))

    def add(self, heading: str, piece: Piece) -> None:
        self.heading.append(cell(heading))
        self.pieces += [",", piece] if self.pieces else [piece]

    def coded(
        self, column: Column, values: Sequence[str], make: Callable[[Sequence[str]], Piece]
    ) -> None:
        """A component whose values are `values`, in one or two columns."""
        name = self.names.component(column.id, self.options.language)
        if self.options.labels == "id":
            self.add(column.id, make([cell(v) for v in values]))
            return
        coded = bool(column.component.codelist) or column.component.role == "time"
        labels = [
            self.names.code(column.id, v, self.options.language) if coded else "" for v in values
        ]
        if self.options.labels == "both":
            both = [f"{v}: {s}" if coded else v for v, s in zip(values, labels)]
            self.add(f"{column.id}: {name}", make([cell(v) for v in both]))
        else:
            self.add(column.id, make([cell(v) for v in values]))
            self.add(name, make([cell(s) for s in labels]))

    def number(self, column: Column, piece: Piece) -> None:
        name = self.names.component(column.id, self.options.language)
        self.add(f"{column.id}: {name}" if self.options.labels == "both" else column.id, piece)
        if self.options.labels == "name":
            self.add(name, "")

    def key(self, column: Column) -> None:
        codes = self.made.keys[column.id]
        series = column in self.made.series
        self.coded(column, codes.values, lambda texts: look_up(texts, codes.index, key=series))

    def key_text(self, heading: str, columns: Sequence[Column]) -> None:
        """The column SERIES_KEY or OBS_KEY."""
        self.heading.append(heading)
        for place, column in enumerate(columns):
            codes = self.made.keys[column.id]
            texts, series = [cell(v) for v in codes.values], column in self.made.series
            self.pieces += ["." if place else ",", look_up(texts, codes.index, key=series)]

    def attribute(self, column: Column) -> None:
        values = self.made.table[column.name]
        if is_number(values):
            self.number(column, numbers(values, ""))
        else:
            codes = coded(values, blank=False)
            self.coded(column, codes.values, lambda texts: look_up(texts, codes.index))


def _start(w: _Writer, shape: Shape, sdmx: str, action: str) -> None:
    options = w.options
    flow = f"{shape.flow.agency}:{shape.flow.id}({version(shape.flow.kind, sdmx)})"
    name = w.names.flow(shape.flow.id, options.language) if options.labels != "id" else ""
    structure = f"{flow}: {name}" if options.labels == "both" else flow
    if sdmx == V21:
        w.fixed("DATAFLOW", structure)
        return
    w.fixed(
        "STRUCTURE", {"provisionagreement": "dataprovision"}.get(shape.flow.kind, shape.flow.kind)
    )
    w.fixed("STRUCTURE_ID", structure)
    if options.labels == "name":
        w.fixed("STRUCTURE_NAME", name)
    w.fixed("ACTION", _ACTIONS[action])
    if options.keys in ("series", "both"):
        w.key_text("SERIES_KEY", shape.dimensions)
    if options.keys in ("obs", "both"):
        w.key_text("OBS_KEY", shape.keys)


def _part(shape: Shape, part: Part, options: Options, names: Names, sdmx: str) -> _Writer:
    """The columns of one dataset; what is removed has its key only."""
    flat = options.sorted and options.with_observations  # rows stay as they are sorted
    made = frame(shape, part.table, replace(options, observation=ALL) if flat else options)
    columns: tuple[Column, ...] = shape.keys
    if not options.with_observations:  # one row for each series, without its time
        columns = shape.dimensions
        made = frame(shape, part.table.take(pa.array(made.starts)), options)
    w = _Writer(made, options, names)
    _start(w, shape, sdmx, part.options.action)
    for column in columns:
        w.key(column)
    if options.with_observations:
        if options.measure:
            missing = "" if part.options.action == "Delete" else "NaN"
            w.number(shape.measure, numbers(made.table[shape.measure.name], missing))
        for column in shape.attributes if options.detail == "full" else ():
            w.attribute(column)
        for name in ("valid_from", "valid_to") if options.history else ():
            times = moments(made.table[name])
            w.add(name.upper(), look_up(times.values, times.index))
    return w


def _write(sets: Sets, options: Options, names: Names, sdmx: str) -> Iterator[bytes]:
    if options.normalised:
        sets = normalised(sets)
    datasets = [
        (shape, part)
        for shape, table in sets
        for part in parts(shape, table, options)
        if sdmx == V30 or part.options.action != "Delete"
    ]
    shape, table = sets[0]
    for place, (of, part) in enumerate(datasets or [(shape, Part(table.slice(0, 0), options))]):
        w = _part(of, part, options, names, sdmx)
        if place == 0:
            yield (",".join(w.heading) + END).encode()
        yield from joined([*w.made.by_series(w.pieces), END], w.made.table.num_rows)


def normalised(sets: Sets) -> list[tuple[Shape, pa.Table]]:
    """Tables whose times are those of their first day, all as fine as the finest of the message: a year, a
    month or a day (ISO 8601)."""
    names = [
        name for shape, table in sets for name in pc.unique(table[shape.time.name]).to_pylist()
    ]
    finest = max((_FINENESS.get(periods.frequency(name), 10) for name in names), default=4)
    texts = {name: periods.start(name).isoformat()[:finest] for name in names}
    made = []
    for shape, table in sets:
        column = pc.dictionary_encode(pc.cast(table[shape.time.name], pa.string())).combine_chunks()
        listed = pa.array([texts[name] for name in column.dictionary.to_pylist()], pa.string())
        place = table.column_names.index(shape.time.name)
        made.append((shape, table.set_column(place, shape.time.name, listed.take(column.indices))))
    return made


def write_csv_1(sets: Sets, options: Options, names: Names) -> Iterator[bytes]:
    """SDMX-CSV 1.0.0: the dataflow, dimensions, value, attributes (history as two more columns)."""
    return _write(sets, options, names, V21)


def write_csv_2(sets: Sets, options: Options, names: Names) -> Iterator[bytes]:
    """SDMX-CSV 2.0.0: structure, its id, the action, then as in 1.0.0; keys where asked for."""
    return _write(sets, options, names, V30)
