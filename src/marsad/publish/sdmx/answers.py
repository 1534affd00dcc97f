"""Answers to questions of SDMX REST, as the bytes of a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.publish.read.cube import CubeQuery
from marsad.publish.sdmx.catalogue import Catalogue, catalogue
from marsad.publish.sdmx.data.columns import Options, Shape
from marsad.publish.sdmx.data.csv import write_csv_1, write_csv_2
from marsad.publish.sdmx.data.json import write_json_1, write_json_2
from marsad.publish.sdmx.data.ml import (
    data_namespace,
    write_generic_21,
    write_specific_21,
    write_specific_30,
)
from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.request.negotiate import Media
from marsad.publish.sdmx.request.query import AvailabilityAsk, DataAsk, Key, SchemaAsk
from marsad.publish.sdmx.structure.artefacts import V21, V30, Artefact, Ref
from marsad.publish.sdmx.structure.definitions import (
    DIMENSIONS,
    Source,
    constraint,
    flow_id,
    provider,
)
from marsad.publish.sdmx.structure.graph import Graph, Shown, StructureQuery, keep_items
from marsad.publish.sdmx.structure.json1 import structure_json1
from marsad.publish.sdmx.structure.json2 import structure_json
from marsad.publish.sdmx.structure.ml import structure_ml
from marsad.publish.sdmx.structure.schema import data_schema

LARGEST = 1_000_000
"""Most observations of one answer; more is 413."""
Writer = Callable[[Shape, pa.Table, Options, Catalogue], Iterator[bytes]]
WRITERS: Mapping[str, Writer] = {
    "csv1": write_csv_1,
    "csv2": write_csv_2,
    "json1": lambda s, t, o, c: write_json_1(s, t, o, c.text),
    "json2": lambda s, t, o, c: write_json_2(s, t, o, c.text),
    "gen21": lambda s, t, o, c: write_generic_21(s, t, o),
    "ss21": lambda s, t, o, c: write_specific_21(s, t, o),
    "gents21": lambda s, t, o, c: write_generic_21(s, t, replace(o, time_series=True)),
    "ssts21": lambda s, t, o, c: write_specific_21(s, t, replace(o, time_series=True)),
    "ss30": lambda s, t, o, c: write_specific_30(s, t, o),
}
"""Format -> writer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every answer needs to know of a request."""

    source: Source
    catalogue: Catalogue
    media: Media
    parameters: Mapping[str, str]  # of the media type asked for
    language: str
    base: str  # address of the root
    sdmx: str  # version of the root


def structures(asked: Asked, shown: Sequence[Shown]) -> bytes:
    """A structure message."""
    prepared = asked.source.release().published_at
    if asked.media.key in ("json", "json1"):
        write = structure_json if asked.media.key == "json" else structure_json1
        return write(shown, asked.base, prepared, asked.language)
    return structure_ml(shown, asked.media.sdmx, asked.base, prepared)


def structure_answer(asked: Asked, query: StructureQuery) -> bytes:
    """The artefacts a query names, in the terms of the version of the format; 404 for none."""
    graph = asked.catalogue.graphs[asked.media.sdmx]
    return structures(asked, graph.answer(_translated(query, asked.media.sdmx)))


_SAME = (("contentconstraint", "dataconstraint"), ("hierarchicalcodelist", "hierarchy"),
         ("structureset", "representationmap"))  # fmt: skip


def _translated(query: StructureQuery, sdmx: str) -> StructureQuery:
    """The query in the names of a version: what one calls a content constraint, the other a data
    constraint."""
    place = 1 if sdmx == V30 else 0
    to = {pair[1 - place]: pair[place] for pair in _SAME}
    return replace(
        query, kinds=tuple(to.get(k, k) for k in query.kinds),
        references=tuple(to.get(r, r) for r in query.references),
    )  # fmt: skip


def _mask(table: pa.Table, keys: Sequence[Key]) -> pa.Table:
    """The rows of any of several keys."""
    if len(keys) < 2:
        return table
    kept = np.zeros(table.num_rows, dtype=bool)
    for key in keys:
        one = np.ones(table.num_rows, dtype=bool)
        for name, codes in key.items():
            values = pc.cast(table[name], pa.string())
            one &= np.asarray(pc.is_in(values, pa.array(codes, pa.string())))
        kept |= one
    return table.filter(pa.array(kept))


def _table(asked: Asked, ask: DataAsk) -> pa.Table:
    """The rows asked for; SdmxError 404 for none and 413 for too many."""
    query = replace(ask.query, where=(*asked.catalogue.where(ask.flow), *ask.query.where))
    several, most = len(ask.keys) > 1, LARGEST + 1
    if ask.detail in ("serieskeysonly", "nodata") and not query.history:
        query = replace(query, first=1, last=None)
    elif _changes(ask):
        query = replace(query, history=True)  # what ended is told too
    limit = min(query.limit or most, most)
    cut = replace(query, limit=2 * most, offset=0) if several else replace(query, limit=limit)
    table = _mask(asked.source.cube(cut), ask.keys)
    if several:
        table = table.slice(query.offset, limit)
    if table.num_rows > LARGEST:
        raise SdmxError(413, f"more than {LARGEST} observations: narrow the key or the periods")
    if not table.num_rows:
        raise SdmxError(404, "")
    return table


def _changes(ask: DataAsk) -> bool:
    """Whether changes since a moment are asked for, and with them what was removed."""
    plain = ask.query.as_of is None and not ask.query.history
    return bool(ask.query.updated_after) and plain and ask.detail in ("full", "dataonly")


def _removals(ask: DataAsk) -> bool:
    """Whether a version that ended is told apart from one that was replaced: all are at hand."""
    keyed = all(f.dimension in (*DIMENSIONS, "period") for f in ask.query.where)
    return keyed and ask.query.limit is None and not ask.query.offset


def data_answer(asked: Asked, ask: DataAsk) -> bytes:
    """Data in a format; SdmxError 404 for none, 406 where the format cannot show what is asked."""
    if asked.media.key in ("gents21", "ssts21") and ask.observation != "TIME_PERIOD":
        raise SdmxError(406, "time series formats observe TIME_PERIOD")
    table, said = _table(asked, ask), asked.parameters
    options = Options(
        asked.source.release().published_at, ask.observation, ask.detail,
        history=ask.query.history, changes=_changes(ask), removals=_removals(ask),
        action="Replace" if ask.query.history or ask.query.updated_after else "Information",
        labels=said.get("labels", "id"), keys=said.get("keys", said.get("key", "none")),
        language=asked.language, measure=ask.measure,
    )  # fmt: skip
    _check(options, said)
    shape = asked.catalogue.shape(ask.flow, ask.attributes, ask.detail)
    return b"".join(WRITERS[asked.media.key](shape, table, options, asked.catalogue))


def download(
    source: Source, indicator: str, table: pa.Table, key: str = "csv2", language: str = "en"
) -> bytes:
    """Values of one indicator as a file in a format of WRITERS, for the portal's own links.

    `table` has the columns of the cube (`cube.COLUMNS`), the rows of a series together.
    """
    found = catalogue(source)
    shape = found.shape(Ref("dataflow", flow_id(indicator)), None, "full")
    options = Options(source.release().published_at, language=language)
    return b"".join(WRITERS[key](shape, table, options, found))


def _check(options: Options, said: Mapping[str, str]) -> None:
    ok = options.labels in ("id", "name", "both") and options.keys in (
        "none",
        "obs",
        "series",
        "both",
    )
    if not ok or said.get("timeformat", "original") != "original":
        raise SdmxError(406, "labels are id, name or both; keys none, obs, series or both; "
                        "timeFormat original")  # fmt: skip


def _found(asked: Asked, ask: AvailabilityAsk, query: CubeQuery) -> dict[str, tuple[str, ...]]:
    """The codes that occur, by dimension of ours."""
    if len(ask.keys) < 2:
        return asked.source.cube_codes(query)
    table = _mask(asked.source.cube(query), ask.keys)
    names = [n for n in DIMENSIONS if n in table.column_names]
    found = {
        n: tuple(sorted(set(pc.cast(pc.unique(table[n]), pa.string()).to_pylist()))) for n in names
    }
    periods = sorted(set(table["period"].to_pylist()))
    return {**found, "period": (periods[0], periods[-1]) if periods else ()}


def _available(asked: Asked, ask: AvailabilityAsk, query: CubeQuery) -> dict[str, tuple[str, ...]]:
    """For each dimension, the codes that could be chosen with the other choices kept."""
    found, fixed = _found(asked, ask, query), asked.catalogue.where(ask.flow)
    chosen = {f.dimension for f in query.where if f not in fixed}
    for name in chosen.union(*ask.keys).intersection(DIMENSIONS):
        kept = tuple(f for f in query.where if f.dimension != name or f in fixed)
        keys = tuple({n: c for n, c in k.items() if n != name} for k in ask.keys)
        freed = _found(asked, replace(ask, keys=keys), replace(query, where=kept))
        found[name] = freed.get(name, ())
    return found


def availability_answer(asked: Asked, ask: AvailabilityAsk) -> bytes:
    """A constraint with the codes that have data; SdmxError 404 when there are none."""
    query = replace(ask.query, where=(*asked.catalogue.where(ask.flow), *ask.query.where))
    found = (_available if ask.mode == "available" else _found)(asked, ask, query)
    if not any(found.get(name) for name in DIMENSIONS):
        raise SdmxError(404, "")
    surveys = found.get("survey", ())
    if ask.components:
        kept = {n for n, i in DIMENSIONS.items() if i in ask.components}
        kept |= {"period"} if "TIME_PERIOD" in ask.components else set()
        found = {n: codes for n, codes in found.items() if n in kept}
    sdmx = asked.media.sdmx
    graph = asked.catalogue.graphs[sdmx]
    flow = asked.catalogue.flow_of(ask.flow)
    kind = "contentconstraint" if sdmx == V21 else "dataconstraint"
    made = constraint(kind, flow, found, f"CR_{flow.id}")
    counts = tuple(asked.source.cube_count(q) for q in (replace(query, first=1), query))
    made = replace(made, refs=(replace(ask.flow),), counts=counts if len(ask.keys) < 2 else ())
    used = tuple(Shown(a) for a in _references(graph, asked, ask, made, flow, surveys))
    return structures(asked, [Shown(made), *used])


def _references(
    graph: Graph,
    asked: Asked,
    ask: AvailabilityAsk,
    made: Artefact,
    flow: Artefact,
    surveys: Sequence[str],
) -> list[Artefact]:
    """The artefacts that an availability query brings along, with the items it uses."""
    region = dict(made.region)
    wanted = set(ask.references) - {"none"}
    found = []
    for a in [flow, *graph.artefacts]:
        if a in found or not ({a.kind, "all"} & wanted):
            continue
        if a.kind == "codelist":
            used = {
                v for n, c in asked.catalogue.components.items() if c.codelist == a.id
                for v in region.get(n, ())
            }  # fmt: skip
            found += [keep_items(a, used)] if used else []
        elif a.kind == "conceptscheme":
            found.append(keep_items(a, {*region, *(("TIME_PERIOD",) if made.period else ())}))
        elif a.kind == "dataproviderscheme":
            found.append(keep_items(a, {provider(s) for s in surveys}))
        elif a.kind == "datastructure" or a == flow:
            found.append(a)
    return found


def schema_answer(asked: Asked, ask: SchemaAsk) -> bytes:
    """An XML schema, or the structures that a context allows."""
    allowed = asked.catalogue.allowed(ask.flow)
    sdmx = asked.media.sdmx
    if asked.media.key == "schema":
        ref = Ref(ask.flow.kind, ask.flow.id)
        shape = asked.catalogue.shape(ref, None, "full")
        target = data_namespace(shape, sdmx, ask.observation)
        parts = tuple(asked.catalogue.components.values())
        return data_schema(target, parts, asked.catalogue.codelists, allowed, ask.observation, sdmx)
    graph, shown = asked.catalogue.graphs[sdmx], []
    for a in graph.artefacts:
        if a.kind in ("datastructure", "agencyscheme"):
            shown.append(Shown(a))
        elif a.kind == "conceptscheme":
            shown.append(Shown(keep_items(a, set(asked.catalogue.components))))
        elif a.kind == "codelist":
            names = [n for n, c in asked.catalogue.components.items() if c.codelist == a.id]
            kept = {v for n in names for v in allowed.get(n, ())}
            shown += [Shown(keep_items(a, kept) if kept else a)] if names else []
    return structures(asked, shown)
