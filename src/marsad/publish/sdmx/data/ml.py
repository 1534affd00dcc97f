"""Data in SDMX-ML: generic 2.1, structure-specific 2.1 and structure-specific 3.0, from Arrow.

A missing value is NaN, as section 6 of the standard asks of numeric measures; attributes without a
value are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

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
from marsad.publish.sdmx.structure.artefacts import KINDS, V21, version
from marsad.publish.sdmx.xml import attribute_text, header, opening, tag, text

_XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def data_namespace(shape: Shape, sdmx: str, observation: str) -> str:
    """The namespace of structure-specific data of a dataflow (section 3A, 5.3 of SDMX 2.1)."""
    return f"{shape.flow.urn(sdmx)}:ObsLevelDim:{observation}"


@dataclass(frozen=True, slots=True)
class _Style:
    """How one format says things; `{}` stands for a value that is escaped already."""

    value: tuple[str, str]  # around an attribute or a dimension of a series: '{id}' inside
    series: tuple[str, str, str]  # before the key, after the key, after the observations
    obs: tuple[str, str]  # around an observation
    at: tuple[str, str]  # around the observation dimension
    measure: tuple[str, str]
    keys: tuple[str, str]  # around the key of a flat observation
    attributes: tuple[str, str]  # around the attributes of an observation


_SPECIFIC = _Style(
    value=(' {id}="', '"'), series=("<Series", ">", "</Series>"), obs=("<Obs", "/>"),
    at=(' {id}="', '"'), measure=(' OBS_VALUE="', '"'), keys=("", ""), attributes=("", ""),
)  # fmt: skip
_GENERIC = _Style(
    value=('<gen:Value id="{id}" value="', '"/>'),
    series=("<gen:Series><gen:SeriesKey>", "</gen:SeriesKey>", "</gen:Series>"),
    obs=("<gen:Obs>", "</gen:Obs>"),
    at=('<gen:ObsDimension value="', '"/>'),
    measure=('<gen:ObsValue value="', '"/>'),
    keys=("<gen:ObsKey>", "</gen:ObsKey>"),
    attributes=("<gen:Attributes>", "</gen:Attributes>"),
)


def _wrapped(codes: Coded, around: tuple[str, str], identifier: str, *, key: bool = False) -> Piece:
    before, after = around[0].format(id=identifier), around[1]
    texts = [f"{before}{attribute_text(v)}{after}" for v in codes.values]
    return look_up(texts, codes.index, key=key)


def _attribute(values: pa.ChunkedArray, column: Column, style: _Style) -> Piece:
    if not is_number(values):
        return _wrapped(coded(values, blank=False), style.value, column.id)
    return numbers(values, "", style.value[0].format(id=column.id), style.value[1])


def _present(values: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Which rows have a value of an attribute."""
    if is_number(values):
        return np.asarray(values.is_valid())
    return coded(values, blank=False).index >= 0


def _attributes(made: Frame, options: Options, style: _Style) -> list[Piece]:
    if options.detail != "full":
        return []
    columns = [(c, made.table[c.name]) for c in made.shape.attributes]
    columns = [(c, values) for c, values in columns if _present(values).any()]
    if not columns:
        return []
    pieces = [_attribute(values, column, style) for column, values in columns]
    if not style.attributes[0]:
        return pieces
    present = np.zeros(made.table.num_rows, dtype=bool)
    for _, values in columns:
        present |= _present(values)
    some = np.where(present, 0, -1).astype(np.int32)
    return [look_up([style.attributes[0]], some), *pieces, look_up([style.attributes[1]], some)]


def _measure(made: Frame, options: Options, style: _Style) -> Piece:
    if not options.measure:
        return ""
    before, after = style.measure
    return numbers(made.table[made.shape.measure.name], f"{before}NaN{after}", before, after)


def _flat(made: Frame, options: Options, style: _Style) -> Iterator[bytes]:
    keys = [
        _wrapped(made.keys[c.id], style.value, c.id, key=c in made.series) for c in made.shape.keys
    ]
    pieces = [style.obs[0] + style.keys[0], *keys, style.keys[1], _measure(made, options, style),
              *_attributes(made, options, style), style.obs[1]]  # fmt: skip
    yield from joined(made.by_series(pieces), made.table.num_rows)


def _series_texts(made: Frame, style: _Style) -> list[str]:
    heads = [made.keys[c.id].take(made.starts) for c in made.series]
    keys = [_wrapped(codes, style.value, c.id) for c, codes in zip(made.series, heads)]
    return strings([style.series[0], *keys, style.series[1]], len(made.starts))


def _series(made: Frame, options: Options, style: _Style) -> Iterator[bytes]:
    texts = _series_texts(made, style)
    if not options.with_observations:
        yield "".join(f"{text}{style.series[2]}" for text in texts).encode()
        return
    leads = [text if place == 0 else style.series[2] + text for place, text in enumerate(texts)]
    at = next(c for c in made.shape.keys if c.id == options.observation)
    pieces = [made.lead(leads), style.obs[0], _wrapped(made.keys[at.id], style.at, at.id),
              _measure(made, options, style), *_attributes(made, options, style), style.obs[1]]  # fmt: skip
    yield from joined(pieces, made.table.num_rows)
    if made.table.num_rows:
        yield style.series[2].encode()


def _structure(shape: Shape, name: str, options: Options, sdmx: str, specific: bool) -> str:
    """The part of the header that says what the data are; `name` is what datasets call it."""
    kind = KINDS[shape.flow.kind]
    attributes = {"structureID": name, "dimensionAtObservation": options.observation}
    if specific:
        attributes["namespace"] = data_namespace(shape, sdmx, options.observation)
    element = {"dataflow": "StructureUsage", "datastructure": "Structure"}.get(shape.flow.kind, "")
    element = element or (
        "ProvisionAgrement" if sdmx == V21 else "ProvisionAgreement"
    )  # as the schema has it
    if sdmx != V21:
        return tag("mes:Structure", text(f"com:{element}", shape.flow.urn(sdmx)), attributes)
    ref = tag("Ref", "", {"agencyID": shape.flow.agency, "id": shape.flow.id,
                          "version": version(shape.flow.kind, sdmx), "class": kind.cls})  # fmt: skip
    return tag("mes:Structure", tag(f"com:{element}", ref), attributes)


def _names(sets: Sets) -> list[str]:
    """What datasets call their structures: the data structure, by which clients find it; with several, each
    what it is of."""
    return [s.flow.id if len(sets) > 1 else s.structure.id for s, _ in sets]


def _opened(sets: Sets, options: Options, sdmx: str, specific: bool) -> tuple[str, str]:
    """The root element's name and everything up to the first dataset."""
    root = "StructureSpecific" if specific else "Generic"
    root += "TimeSeriesData" if options.time_series else "Data"
    extra = _XSI
    if specific:
        for place, (shape, _) in enumerate(sets, 1):
            extra += f' xmlns:ns{place}="{data_namespace(shape, sdmx, options.observation)}"'
    modules = {"ss": "data/structurespecific"} if specific else {"gen": "data/generic"}
    structures = "".join(
        _structure(shape, name, options, sdmx, specific)
        for name, (shape, _) in zip(_names(sets), sets)
    )
    return root, opening(root, sdmx, modules, extra) + header(
        sets[0][0].flow.id, options.prepared, structures
    )


def _data_set(part: Part, sdmx: str, specific: str, shape: Shape, name: str) -> str:
    pre = "ss:" if specific else ""
    attributes = {f"{pre}structureRef": name, f"{pre}action": part.options.action,
            f"{pre}validFromDate": part.since, f"{pre}validToDate": part.until}  # fmt: skip
    if specific:
        attributes["xsi:type"] = f"{specific}:DataSetType"
        if sdmx == V21:
            attributes["ss:dataScope"] = KINDS[shape.flow.kind].cls
    return tag("mes:DataSet", "", attributes)[:-2] + ">"


def _write(sets: Sets, options: Options, sdmx: str, specific: bool) -> Iterator[bytes]:
    style = _SPECIFIC if specific else _GENERIC
    root, start = _opened(sets, options, sdmx, specific)
    yield start.encode()
    body = _flat if options.observation == ALL else _series
    for place, (name, (shape, table)) in enumerate(zip(_names(sets), sets), 1):
        prefix = f"ns{place}" if specific else ""
        for part in parts(shape, table, options):
            yield _data_set(part, sdmx, prefix, shape, name).encode()
            yield from body(frame(shape, part.table, part.options), part.options, style)
            yield b"</mes:DataSet>"
    yield f"</mes:{root}>".encode()


def write_generic_21(sets: Sets, options: Options) -> Iterator[bytes]:
    """SDMX-ML 2.1 generic data, or generic time series data."""
    return _write(sets, options, V21, False)


def write_specific_21(sets: Sets, options: Options) -> Iterator[bytes]:
    """SDMX-ML 2.1 structure-specific data, or time series data."""
    return _write(sets, options, V21, True)


def write_specific_30(sets: Sets, options: Options) -> Iterator[bytes]:
    """SDMX-ML 3.0 or 3.1 structure-specific data."""
    return _write(sets, options, options.edition, True)
