"""SDMX-JSON data 1.0.0 and 2.0.0 from Arrow: series, or a flat list of observations.

Values are indices into the lists of the message's structure part, so rows hold numbers only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base import periods
from marsad.base.errors import InputError
from marsad.base.labels import LANGUAGES, Text
from marsad.publish.sdmx.data.columns import (
    ALL,
    Coded,
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
    strings,
)
from marsad.publish.sdmx.data.versions import Part, parts
from marsad.publish.sdmx.structure.artefacts import AGENCY, V21, V30, Ref
from marsad.publish.sdmx.structure.json2 import JSON_OF, SCHEMA, Json, meta, names
from marsad.publish.sdmx.xml import utc

CodeNames = Callable[[str, str], Text]
"""Name in all languages of a code: (component, code) -> text; of a component when code is ''."""


def _period_edges(period: str) -> Json:
    try:
        first, last = periods.start(period), periods.end(period)
    except InputError:
        return {}
    return {"start": f"{first}T00:00:00Z", "end": f"{last}T23:59:59Z"}


def _value(column: Column, value: str, texts: CodeNames, options: Options, sdmx: str) -> Json:
    """One value of a component: a code with its names, or a plain value."""
    localised = column.component.codelist and texts(column.id, value)
    labels: Text = localised or dict.fromkeys(LANGUAGES, value)
    if column.component.codelist or column.component.role == "time" or sdmx == V21:
        edges = _period_edges(value) if column.component.role == "time" else {}
        if sdmx == V21 and not column.component.codelist and column.component.role != "time":
            return {"name": value, "names": dict.fromkeys(LANGUAGES, value)}
        return {"id": value, **names(labels, None, options.language), **edges}
    return {"value": _plain(value, column.component.text)}


def _plain(text: str, kind: str) -> object:
    if kind == "Boolean":
        return text == "true"
    return text


def _component(column: Column, texts: CodeNames, options: Options) -> Json:
    return {"id": column.id, **names(texts(column.id, ""), None, options.language)}


class _Structure:
    """The structure part: components with the values that occur, and their indices."""

    def __init__(
        self, shape: Shape, table: pa.Table, texts: CodeNames, options: Options, sdmx: str
    ) -> None:
        self.shape, self.options, self.texts, self.sdmx = shape, options, texts, sdmx
        self.values = {c.id: coded(table[c.name]).values for c in shape.keys}
        self.attributes: dict[str, list[str] | list[float] | None] = {}
        if options.detail == "full" and options.with_observations:
            self.attributes = {c.id: _listed(table[c.name], sdmx) for c in shape.attributes}

    def places(self, column: Column, codes: Coded) -> Coded:
        """Indices among the values of this part, which may have more versions of the table."""
        values = self.values[column.id]
        if codes.values == values:
            return codes
        at = {v: i for i, v in enumerate(values)}
        moved = np.array([at[v] for v in codes.values] + [-1], dtype=np.int32)
        return Coded(values, moved[codes.index])

    def _dimensions(self) -> Mapping[str, list[Json]]:
        listed: dict[str, list[Json]] = {"dataSet": [], "series": [], "observation": []}
        flat, observed = self.options.observation == ALL, self.options.observation
        for place, column in enumerate(self.shape.keys):
            level = "observation" if flat or column.id == observed else "series"
            if level == "observation" and not self.options.with_observations:
                continue
            component = {**_component(column, self.texts, self.options), "keyPosition": place}
            component["values"] = [self._listed_value(column, v) for v in self.values[column.id]]
            if column.component.role == "time":
                component["roles" if self.sdmx == V30 else "role"] = (
                    ["TIME_PERIOD"] if self.sdmx == V30 else "TIME_PERIOD"
                )
            listed[level].append(component)
        return listed

    def _listed_value(self, column: Column, value: str) -> Json:
        return _value(column, value, self.texts, self.options, self.sdmx)

    def _attributes(self) -> Json:
        listed = []
        for column in self.shape.attributes:
            if column.id not in self.attributes:
                continue
            component = _component(column, self.texts, self.options)
            if self.sdmx == V30:
                component["relationship"] = {"observation": {}}
            else:
                component["relationship"] = {"primaryMeasure": "OBS_VALUE"}
            if values := self.attributes[column.id]:
                component["values"] = [self._listed_value(column, str(v)) for v in values]
            elif self.sdmx == V21:
                component["values"] = []
            listed.append(component)
        return {"dataSet": [], "series": [], "observation": listed}

    def json(self, sets: Sequence[int]) -> Json:
        """The structure as the message has it; `sets` are the places of its datasets."""
        flow = self.shape.flow
        name = self.texts("", flow.id)
        links = [
            {"rel": ref.kind, "urn": ref.urn(self.sdmx)}
            for ref in dict.fromkeys((flow, self.shape.structure))
        ]
        structure: Json = {**names(name, None, self.options.language), "links": links}
        structure |= {"dimensions": self._dimensions(), "attributes": self._attributes()}
        measure = _component(self.shape.measure, self.texts, self.options)
        if self.sdmx == V30:
            structure["dataSets"] = list(sets)
            structure["measures"] = {"observation": [measure] if self.options.measure else []}
        return structure


def _listed(column: pa.ChunkedArray, sdmx: str) -> list[str] | list[float] | None:
    """The distinct values of an attribute; None where they are in the rows (numbers, in 2.0)."""
    if not is_number(column):
        return list(coded(column, blank=False).values)
    return None if sdmx == V30 else sorted(pc.unique(_finite(column)).drop_null().to_pylist())


def _attribute_piece(
    made: Frame, column: Column, values: list[str] | list[float] | None, comma: str
) -> Piece:
    data = made.table[column.name]
    if values is None:
        return numbers(_finite(data), f"{comma}null", comma)
    if is_number(data):
        where = pc.index_in(_finite(data), pa.array(values, data.type))
        index = np.asarray(pc.fill_null(where.combine_chunks(), -1), dtype=np.int32)
        return look_up([f"{comma}{i}" for i in range(len(values))], index, f"{comma}null")
    codes = coded(data, blank=False)
    at = {v: i for i, v in enumerate(values)}
    return look_up([f"{comma}{at[v]}" for v in codes.values], codes.index, f"{comma}null")


def _finite(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers that JSON can hold; the others are null."""
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))


def _observations(made: Frame, part: _Structure, options: Options) -> list[Piece]:
    pieces: list[Piece] = []
    if options.measure:
        pieces.append(numbers(_finite(made.table[made.shape.measure.name]), "null"))
    for column in made.shape.attributes if options.detail == "full" else ():
        if column.id in part.attributes:
            comma = "," if pieces else ""
            pieces.append(_attribute_piece(made, column, part.attributes[column.id], comma))
    return pieces


def _places(
    part: _Structure, column: Column, codes: Coded, after: str = "", *, key: bool = False
) -> Piece:
    moved = part.places(column, codes)
    return look_up([f"{i}{after}" for i in range(len(moved.values))], moved.index, key=key)


def _flat(made: Frame, part: _Structure, options: Options) -> Iterator[bytes]:
    yield b'"observations":{'
    keys = made.shape.keys
    comma = np.full(made.table.num_rows, 0, dtype=np.int32)
    comma[:1] = -1
    pieces: list[Piece] = [look_up([","], comma), '"']
    for column in keys:
        after, series = ":" if column is not keys[-1] else "", column in made.series
        pieces.append(_places(part, column, made.keys[column.id], after, key=series))
    rows = [*made.by_series(pieces), '":[', *_observations(made, part, options), "]"]
    yield from joined(rows, made.table.num_rows)
    yield b"}"


def _series(made: Frame, part: _Structure, options: Options) -> Iterator[bytes]:
    last = made.series[-1]
    heads = [
        _places(part, c, made.keys[c.id].take(made.starts), ":" if c is not last else "")
        for c in made.series
    ]
    ids = strings(heads, len(made.starts))
    yield b'"series":{'
    if not options.with_observations:
        yield ",".join(f'"{i}":{{}}' for i in ids).encode() + b"}"
        return
    leads = [f'{"}}," if place else ""}"{i}":{{"observations":{{' for place, i in enumerate(ids)]
    comma = np.zeros(made.table.num_rows, dtype=np.int32)
    comma[made.starts] = -1
    at = next(c for c in made.shape.keys if c.id == options.observation)
    pieces = [made.lead(leads), look_up([',"'], comma, '"'), _places(part, at, made.keys[at.id]),
              '":[', *_observations(made, part, options), "]"]  # fmt: skip
    yield from joined(pieces, made.table.num_rows)
    yield b"}}}" if made.table.num_rows else b"}"


def _data_set(part: Part, sdmx: str, flow: Ref, structure: int) -> bytes:
    links = [{"rel": flow.kind, "urn": flow.urn(sdmx)}]
    content: Json = {"action": part.options.action, "links": links}
    content |= {"structure": structure} if sdmx == V30 else {}
    content |= {"validFrom": part.since} if part.since else {}
    content |= {"validTo": part.until} if part.until else {}
    return msgspec.json.encode(content)[:-1] + b","


def _head(options: Options, sdmx: str, identifier: str) -> Json:
    if sdmx == V30:
        schema = SCHEMA.format("data-message", f"{JSON_OF[options.edition]}/sdmx-json-data-schema")
        return meta(identifier, options.prepared, schema)
    schema = SCHEMA.format("data-message", "1.0/sdmx-json-data-schema")
    return {
        "schema": schema, "id": identifier, "test": False, "prepared": utc(options.prepared),
        "contentLanguages": list(LANGUAGES), "sender": {"id": AGENCY, "name": "Marsad"},
    }  # fmt: skip


def _write(sets: Sets, options: Options, texts: CodeNames, sdmx: str) -> Iterator[bytes]:
    structures: list[Json] = []
    datasets: list[tuple[int, _Structure, Part]] = []
    described = [_Structure(shape, table, texts, options, sdmx) for shape, table in sets]
    for place, (structure, (shape, table)) in enumerate(zip(described, sets)):
        made = [(place, structure, part) for part in parts(shape, table, options)]
        first = len(datasets)
        datasets += made
        structures.append(structure.json(range(first, len(datasets))))
    head = msgspec.json.encode(_head(options, sdmx, sets[0][0].flow.id))
    encoded = msgspec.json.encode(structures if sdmx == V30 else structures[0])
    name = b"structures" if sdmx == V30 else b"structure"
    yield b'{"meta":' + head + b',"data":{"' + name + b'":' + encoded + b',"dataSets":['
    body = _flat if options.observation == ALL else _series
    for place, (at, structure, part) in enumerate(datasets):
        shape = structure.shape
        yield (b"," if place else b"") + _data_set(part, sdmx, shape.flow, at)
        yield from body(frame(shape, part.table, part.options), structure, part.options)
        yield b"}"
    yield b"]}}"


def write_json_1(sets: Sets, options: Options, texts: CodeNames) -> Iterator[bytes]:
    """SDMX-JSON 1.0.0, of one structure."""
    return _write(sets, options, texts, V21)


def write_json_2(sets: Sets, options: Options, texts: CodeNames) -> Iterator[bytes]:
    """SDMX-JSON 2.0.0."""
    return _write(sets, options, texts, V30)
