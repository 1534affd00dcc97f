"""Answers to questions of SDMX REST, as the bytes of a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.publish.read.cube import CubeQuery
from marsad.publish.sdmx.catalogue import Catalogue, catalogue
from marsad.publish.sdmx.data.columns import Options, Sets, Shape
from marsad.publish.sdmx.data.csv import write_csv_1, write_csv_2
from marsad.publish.sdmx.data.json import write_json_1, write_json_2
from marsad.publish.sdmx.data.ml import (
    data_namespace,
    write_generic_21,
    write_specific_21,
    write_specific_30,
)
from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.metadata.request import MetadataAsk
from marsad.publish.sdmx.metadata.write import metadata_json, metadata_ml, notes
from marsad.publish.sdmx.request.negotiate import Media
from marsad.publish.sdmx.request.query import AvailabilityAsk, DataAsk, Key, SchemaAsk
from marsad.publish.sdmx.structure.artefacts import V21, V30, V31, Artefact, Ref
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
Writer = Callable[[Sets, Options, Catalogue], Iterator[bytes]]
WRITERS: Mapping[str, Writer] = {
    "csv1": write_csv_1,
    "csv2": write_csv_2,
    "json1": lambda sets, o, c: write_json_1(sets, o, c.text),
    "json2": lambda sets, o, c: write_json_2(sets, o, c.text),
    "gen21": lambda sets, o, c: write_generic_21(sets, o),
    "ss21": lambda sets, o, c: write_specific_21(sets, o),
    "gents21": lambda sets, o, c: write_generic_21(sets, replace(o, time_series=True)),
    "ssts21": lambda sets, o, c: write_specific_21(sets, replace(o, time_series=True)),
    "ss30": lambda sets, o, c: write_specific_30(sets, o),
}
"""Format -> writer."""
ONE_STRUCTURE = ("json1",)
"""Formats whose messages describe one structure alone."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What every answer needs to know of a request."""

    source: Source
    catalogue: Catalogue
    media: Media
    parameters: Mapping[str, str]  # of the media type asked for
    language: str
    base: str  # address of the root
    sdmx: str  # version of the root


def structures(context: RequestContext, shown: Sequence[Shown]) -> bytes:
    """A structure message."""
    prepared, edition = context.source.release().published_at, context.media.edition
    if edition == V31:  # there only an availability query tells what is present
        shown = [s for s in shown if s.artefact.role != "Actual"]
    if not shown:
        raise SdmxError(404, "sdmx_no_structure")
    if context.media.key == "json1":
        return structure_json1(shown, context.base, prepared, context.language)
    if context.media.key == "json":
        return structure_json(shown, context.base, prepared, context.language, edition)
    return structure_ml(shown, edition, context.base, prepared)


def structure_answer(context: RequestContext, query: StructureQuery) -> bytes:
    """The artefacts a query names, in the terms of the version of the format; 404 for none."""
    graph = context.catalogue.graphs[context.media.sdmx]
    return structures(context, graph.answer(_translated(query, context.media.sdmx)))


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
    mask = np.zeros(table.num_rows, dtype=bool)
    for key in keys:
        matching = np.ones(table.num_rows, dtype=bool)
        for name, codes in key.items():
            values = pc.cast(table[name], pa.string())
            matching &= np.asarray(pc.is_in(values, pa.array(codes, pa.string())))
        mask |= matching
    return table.filter(pa.array(mask))


def _query(ask: DataAsk) -> CubeQuery:
    query = ask.query
    if ask.detail in ("serieskeysonly", "nodata") and not query.history:
        return replace(query, first=1, last=None)
    return replace(query, history=True) if _changes(ask) else query  # what ended is told too


def _table(context: RequestContext, ask: DataAsk, flow: Ref) -> pa.Table:
    """The rows of one structure; SdmxError 413 for too many."""
    query = _query(ask)
    query = replace(query, where=(*context.catalogue.where(flow), *query.where))
    several, most = len(ask.keys) > 1, LARGEST + 1
    limit = min(query.limit or most, most)
    cut = replace(query, limit=2 * most, offset=0) if several else replace(query, limit=limit)
    table = _mask(context.source.cube(cut), ask.keys)
    if several:
        table = table.slice(query.offset, limit)
    if table.num_rows > LARGEST:
        raise SdmxError(413, "sdmx_large", most=f"{LARGEST:,}")
    return table


def _paged(tables: Sequence[pa.Table], query: CubeQuery) -> list[pa.Table]:
    """The page asked for of several tables, one after another."""
    skip, left, paged = query.offset, query.limit or LARGEST + 1, []
    for table in tables:
        part = table.slice(skip, left)
        skip, left = max(0, skip - table.num_rows), left - part.num_rows
        paged.append(part)
    if sum(t.num_rows for t in paged) > LARGEST:
        raise SdmxError(413, "sdmx_large", most=f"{LARGEST:,}")
    return paged


def _sets(context: RequestContext, ask: DataAsk) -> list[tuple[Shape, pa.Table]]:
    """What a message holds: the rows of each structure that has some; SdmxError 404 for none."""
    flows = context.catalogue.existing(ask.flows)
    if len(flows) == 1:
        tables = [_table(context, ask, flows[0])]
    else:
        whole = replace(ask, query=replace(ask.query, limit=None, offset=0))
        tables = _paged([_table(context, whole, flow) for flow in flows], ask.query)
    shapes = (context.catalogue.shape(flow, ask.attributes, ask.detail) for flow in flows)
    sets = [(shape, table) for shape, table in zip(shapes, tables) if table.num_rows]
    if not sets:
        raise SdmxError(404)
    return sets


def _changes(ask: DataAsk) -> bool:
    """Whether changes since a moment are asked for, and with them what was removed."""
    plain = ask.query.as_of is None and not ask.query.history
    return bool(ask.query.updated_after) and plain and ask.detail in ("full", "dataonly")


def _removals(ask: DataAsk) -> bool:
    """Whether a version that ended is told apart from one that was replaced: all are at hand."""
    keyed = all(f.dimension in (*DIMENSIONS, "period") for f in ask.query.where)
    return keyed and ask.query.limit is None and not ask.query.offset


def data_answer(context: RequestContext, ask: DataAsk) -> bytes:
    """Data in a format; SdmxError 404 for none, 406 where the format cannot show what is asked."""
    if context.media.key in ("gents21", "ssts21") and ask.observation != "TIME_PERIOD":
        raise SdmxError(406, "sdmx_time_series")
    parameters, sets = context.parameters, _sets(context, ask)
    if len(sets) > 1 and context.media.key in ONE_STRUCTURE:
        raise SdmxError(406, "sdmx_one_structure", known=context.media.content_type)
    options = Options(
        context.source.release().published_at, ask.observation, ask.detail,
        history=ask.query.history, changes=_changes(ask), removals=_removals(ask),
        action="Replace" if ask.query.history or ask.query.updated_after else "Information",
        labels=parameters.get("labels", "id"), keys=parameters.get("keys", parameters.get("key", "none")),
        language=context.language, measure=ask.measure, sorted=bool(ask.query.sort),
        edition=context.media.edition or V30,
        normalised=parameters.get("timeformat", "original") == "normalized",
    )  # fmt: skip
    _check(options, parameters)
    return b"".join(WRITERS[context.media.key](sets, options, context.catalogue))


def download(
    source: Source, indicator: str, table: pa.Table, key: str = "csv2", language: str = "en"
) -> bytes:
    """Values of one indicator as a file in a format of WRITERS, for the portal's own links.

    `table` has the columns of the cube (`cube.COLUMNS`), the rows of a series together.
    """
    release_catalogue = catalogue(source)
    shape = release_catalogue.shape(Ref("dataflow", flow_id(indicator)), None, "full")
    options = Options(source.release().published_at, language=language)
    return b"".join(WRITERS[key]([(shape, table)], options, release_catalogue))


def _check(options: Options, parameters: Mapping[str, str]) -> None:
    ok = options.labels in ("id", "name", "both") and options.keys in (
        "none",
        "obs",
        "series",
        "both",
    )
    if not ok or parameters.get("timeformat", "original") not in ("original", "normalized"):
        raise SdmxError(406, "sdmx_csv_options")


def _occurring(
    context: RequestContext, ask: AvailabilityAsk, query: CubeQuery
) -> dict[str, tuple[str, ...]]:
    """The codes that occur, by dimension of ours."""
    if len(ask.keys) < 2:
        return context.source.cube_codes(query)
    table = _mask(context.source.cube(query), ask.keys)
    names = [n for n in DIMENSIONS if n in table.column_names]
    occurring = {
        n: tuple(sorted(set(pc.cast(pc.unique(table[n]), pa.string()).to_pylist()))) for n in names
    }
    periods = sorted(set(table["period"].to_pylist()))
    return {**occurring, "period": (periods[0], periods[-1]) if periods else ()}


def _available(
    context: RequestContext, ask: AvailabilityAsk, query: CubeQuery
) -> dict[str, tuple[str, ...]]:
    """For each dimension, the codes that could be chosen with the other choices kept."""
    occurring, fixed = _occurring(context, ask, query), context.catalogue.where(ask.flow)
    chosen = {f.dimension for f in query.where if f not in fixed}
    for name in chosen.union(*ask.keys).intersection(DIMENSIONS):
        filters = tuple(f for f in query.where if f.dimension != name or f in fixed)
        keys = tuple({n: c for n, c in k.items() if n != name} for k in ask.keys)
        freed = _occurring(context, replace(ask, keys=keys), replace(query, where=filters))
        occurring[name] = freed.get(name, ())
    return occurring


def availability_answer(context: RequestContext, ask: AvailabilityAsk) -> bytes:
    """A constraint with the codes that have data; SdmxError 404 when there are none."""
    if context.media.edition == V31:
        raise SdmxError(406, "sdmx_not_done", what=f"availability: {context.media.content_type}")
    query = replace(ask.query, where=(*context.catalogue.where(ask.flow), *ask.query.where))
    occurring = (_available if ask.mode == "available" else _occurring)(context, ask, query)
    if not any(occurring.get(name) for name in DIMENSIONS):
        raise SdmxError(404)
    surveys = occurring.get("survey", ())
    if ask.components:
        names = {n for n, i in DIMENSIONS.items() if i in ask.components}
        names |= {"period"} if "TIME_PERIOD" in ask.components else set()
        occurring = {n: codes for n, codes in occurring.items() if n in names}
    sdmx = context.media.sdmx
    graph = context.catalogue.graphs[sdmx]
    flow = context.catalogue.flow_of(ask.flow)
    kind = "contentconstraint" if sdmx == V21 else "dataconstraint"
    made = constraint(kind, flow, occurring, f"CR_{flow.id}")
    counts = tuple(context.source.cube_count(q) for q in (replace(query, first=1), query))
    made = replace(made, refs=(replace(ask.flow),), counts=counts if len(ask.keys) < 2 else ())
    used = tuple(Shown(a) for a in _references(graph, context, ask, made, flow, surveys))
    return structures(context, [Shown(made), *used])


def _references(
    graph: Graph,
    context: RequestContext,
    ask: AvailabilityAsk,
    made: Artefact,
    flow: Artefact,
    surveys: Sequence[str],
) -> list[Artefact]:
    """The artefacts that an availability query brings along, with the items it uses."""
    region = dict(made.region)
    kinds = set(ask.references) - {"none"}
    artefacts = []
    for a in [flow, *graph.artefacts]:
        if a in artefacts or not ({a.kind, "all"} & kinds):
            continue
        if a.kind == "codelist":
            used = {
                v for n, c in context.catalogue.components.items() if c.codelist == a.id
                for v in region.get(n, ())
            }  # fmt: skip
            artefacts += [keep_items(a, used)] if used else []
        elif a.kind == "conceptscheme":
            artefacts.append(keep_items(a, {*region, *(("TIME_PERIOD",) if made.period else ())}))
        elif a.kind == "dataproviderscheme":
            artefacts.append(keep_items(a, {provider(s) for s in surveys}))
        elif a.kind == "datastructure" or a == flow:
            artefacts.append(a)
    return artefacts


def metadata_answer(context: RequestContext, ask: MetadataAsk) -> bytes:
    """The method notes asked for; SdmxError 404 for none."""
    chosen, prepared = (
        notes(context.source.indicators(), ask),
        context.source.release().published_at,
    )
    if context.media.key == "metaml":
        return metadata_ml(chosen, ask, prepared)
    return metadata_json(chosen, ask, prepared, context.language)


def schema_answer(context: RequestContext, ask: SchemaAsk) -> bytes:
    """An XML schema, or the structures that a context allows."""
    allowed = context.catalogue.allowed(ask.flow)
    sdmx = context.media.sdmx
    if context.media.key == "schema":
        ref = Ref(ask.flow.kind, ask.flow.id)
        shape = context.catalogue.shape(ref, None, "full")
        target = data_namespace(shape, sdmx, ask.observation)
        parts = tuple(context.catalogue.components.values())
        return data_schema(
            target,
            parts,
            context.catalogue.codelists,
            allowed,
            ask.observation,
            context.media.edition,
        )
    graph, shown = context.catalogue.graphs[sdmx], []
    for a in graph.artefacts:
        if a.kind in ("datastructure", "agencyscheme"):
            shown.append(Shown(a))
        elif a.kind == "conceptscheme":
            shown.append(Shown(keep_items(a, set(context.catalogue.components))))
        elif a.kind == "codelist":
            names = [n for n, c in context.catalogue.components.items() if c.codelist == a.id]
            codes = {v for n in names for v in allowed.get(n, ())}
            shown += [Shown(keep_items(a, codes) if codes else a)] if names else []
    return structures(context, shown)
