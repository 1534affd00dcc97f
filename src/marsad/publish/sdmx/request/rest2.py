"""SDMX REST 2.x (SDMX 3.0): paths and parameters into questions.

/structure/{type}/{agency}/{id}/{version}/{item}   /data/{context}/{agency}/{id}/{version}/{key}
/availability/{context}/{agency}/{id}/{version}/{key}/{component}   /schema/{context}/...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from marsad.publish.read.cube import NUMBERS, AnyOf, CubeQuery, Filter
from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.metadata.request import MetadataAsk, metadata
from marsad.publish.sdmx.request.query import (
    AGENCY_ID,
    ID,
    NESTED,
    AvailabilityAsk,
    DataAsk,
    Key,
    SchemaAsk,
    check_times,
    checked,
    filters,
    key,
    number,
    observation,
    one_of,
    parameters,
    truth,
)
from marsad.publish.sdmx.request.rest1 import Ask, available_references, context_ref
from marsad.publish.sdmx.request.times import days, known_at, moment, plain
from marsad.publish.sdmx.structure.artefacts import AGENCY, ITEM_SCHEMES, KINDS, V30, Ref, known
from marsad.publish.sdmx.structure.definitions import ATTRIBUTES, DIMENSIONS, FLOW, STRUCTURE
from marsad.publish.sdmx.structure.graph import DETAILS, REFERENCES, StructureQuery

_NEVER = (
    "hierarchyassociation", "valuelist", "metadataproviderscheme", "metadataprovisionagreement",
    "structuremap", "conceptschememap", "categoryschememap", "organisationschememap",
    "reportingtaxonomymap", "metadataconstraint", "transformationscheme", "rulesetscheme",
    "userdefinedoperatorscheme", "customtypescheme", "namepersonalisationscheme",
    "vtlmappingscheme", "geographiccodelist", "geogridcodelist",
)  # fmt: skip
TYPES = (*(k for k in KINDS if known(k, V30)), *_NEVER)
_CONTEXTS = ("datastructure", "dataflow", "provisionagreement")
_VERSION = re.compile(r"[\d*+~]+(\.[\d*+~]+){0,2}(-[A-Za-z0-9.\-]+)?")
_OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")
_COLUMNS = {
    **{sdmx: name for name, sdmx in DIMENSIONS.items()},
    **{c.id: name for name, c in ATTRIBUTES.items()},
    "TIME_PERIOD": "period",
    "OBS_VALUE": "value",
}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def _parts(path: Sequence[str], most: int) -> list[str]:
    parts = list(path)
    while parts and parts[-1] == "":
        parts.pop()
    if len(parts) > most:
        raise SdmxError(400, "sdmx_path", parts=str(len(parts)), most=str(most))
    return [p or "*" for p in parts] + ["*"] * (most - len(parts))


def _several(text: str, form: re.Pattern[str], what: str) -> tuple[str, ...]:
    """The values of a path part joined by commas; none when one of them is every value."""
    values = text.split(",")
    return () if "*" in values else checked(values, form, what)


def ours(version: str) -> bool:
    """Whether a version asked for, with the wildcards of semantic versions, is 1.0.0 (or 1.0)."""
    return any(_our_version(v) for v in checked(version.split(","), _VERSION, "version"))


def _our_version(text: str) -> bool:
    if text in ("*", "+", "~", "1"):
        return True
    later = False  # after a wildcard, or a part above ours, anything is late enough
    for have, part in zip((1, 0, 0), text.split(".")):
        digits = part.rstrip("*+~")
        least = int(digits) if digits.isdigit() else 0
        if later:
            continue
        if part != digits:
            if least > have:
                return False
            later = least < have or not digits
        elif least != have:
            return False
    return "-" not in text


def structure(path: Sequence[str], query: bytes) -> StructureQuery:
    """A structure query."""
    arguments = parameters(query, ("detail", "references", "asOf"))
    if "asOf" in arguments:
        raise SdmxError(501, "sdmx_not_done", what="structure?asOf")
    kind, agency, identifier, version, item = _parts(path, 5)
    artefact_kinds = () if kind == "*" else (one_of("artefactType", kind, TYPES),)
    items = _several(item, NESTED, "itemID")
    if items and artefact_kinds and not ITEM_SCHEMES.intersection(artefact_kinds):
        raise SdmxError(400, "sdmx_no_items", kind=kind)
    allowed = (*REFERENCES, *TYPES)
    how = tuple(
        one_of("references", r, allowed) for r in arguments.get("references", "none").split(",")
    )
    return StructureQuery(
        artefact_kinds, _several(agency, AGENCY_ID, "agencyID"), _several(identifier, ID, "resourceID"), items,
        "", one_of("detail", arguments.get("detail", "full"), DETAILS), how,
        ours("~" if version == "*" and not path[3:] else version),
    )  # fmt: skip


def _flows(context: str, agency: str, identifier: str, version: str) -> tuple[Ref, ...]:
    """What data are asked of: every structure named, `*` for every agreement; every dataflow is the one
    over everything."""
    contexts = _several(context, re.compile("[a-z]+"), "context")
    for name in contexts:
        one_of("context", name, _CONTEXTS)
    agencies = _several(agency, AGENCY_ID, "agencyID")
    ids = _several(identifier, ID, "resourceID")
    if (agencies and AGENCY not in agencies) or not ours(version):
        raise SdmxError(404, "sdmx_none", what=f"{context} {agency}:{identifier}({version})")
    if ids:
        return tuple(Ref(kind, i) for kind in contexts or _CONTEXTS for i in ids)
    whole = {"datastructure": STRUCTURE, "dataflow": FLOW, "provisionagreement": "*"}
    return tuple(Ref(kind, whole[kind]) for kind in contexts or ("dataflow",))


def _flow(context: str, agency: str, identifier: str, version: str) -> Ref:
    """The one structure whose available codes are asked for."""
    flows = _flows(context, agency, identifier, version)
    named = [ref for ref in flows if context != "*" or ref.kind == "dataflow"]
    if len(named) > 1 or named[0].id == "*":
        raise SdmxError(501, "sdmx_not_done", what="availability / +1")
    return named[0]


def _keys(text: str) -> tuple[Key, ...]:
    keys = tuple(key(k, short=True, wildcards=("*", "")) for k in text.split(","))
    return () if any(not k for k in keys) else keys


def _condition(text: str, name: str, column: str) -> Filter:
    """One condition on a component: an operator with its value, or a value alone."""
    operator, colon, value = text.partition(":")
    if not colon or operator not in _OPERATORS:
        operator, value = "eq", text
    if operator in ("co", "nc", "sw", "ew") and column in NUMBERS:
        raise SdmxError(400, "sdmx_no_operator", operator=operator, name=name)
    if column in NUMBERS and not _NUMBER.fullmatch(value):
        raise SdmxError(400, "sdmx_no_number", value=value, name=name)
    if column == "period" and operator in ("eq", "ne"):
        value = plain(value)
    elif column == "period" and operator in ("lt", "le", "gt", "ge"):
        first, last = days(value)
        value = (first if operator in ("lt", "ge") else last).isoformat()
    return Filter(column, operator, (value,))


def _component(name: str, text: str) -> tuple[Filter | AnyOf, ...]:
    """The filters of one parameter c[...]: a comma says or, a plus says and."""
    if name not in _COLUMNS:
        raise SdmxError(400, "sdmx_no_component", name=name, structure=STRUCTURE)
    either = tuple(
        tuple(_condition(c, name, _COLUMNS[name]) for c in part.split("+"))
        for part in text.split(",")
    )
    if len(either) == 1:
        return either[0]
    if all(len(part) == 1 and part[0].operator == "eq" for part in either):
        return (Filter(_COLUMNS[name], "eq", tuple(part[0].values[0] for part in either)),)
    return (AnyOf(either),)


def _where(arguments: dict[str, str]) -> tuple[Filter | AnyOf, ...]:
    conditions: list[Filter | AnyOf] = []
    for name, text in arguments.items():
        if name.startswith("c["):
            if not name.endswith("]"):
                raise SdmxError(400, "sdmx_no_parameter", name=name)
            conditions += _component(name[2:-1], text)
    return tuple(conditions)


def _cube_query(arguments: dict[str, str], keys: tuple[Key, ...]) -> CubeQuery:
    if "reportingYearStartDay" in arguments:
        raise SdmxError(501, "sdmx_not_done", what="reportingYearStartDay")
    updated = moment(arguments["updatedAfter"]) if "updatedAfter" in arguments else None
    as_of = known_at(arguments["asOf"]) if "asOf" in arguments else None
    check_times(as_of, updated)
    return CubeQuery((*filters(keys), *_where(arguments)), updated_after=updated, as_of=as_of)


def _shown(arguments: dict[str, str]) -> tuple[str, tuple[str, ...] | None, bool]:
    """The detail, the attributes and whether measures are wanted."""
    attributes = arguments.get("attributes", "dsd").split(",")
    ids = {c.id for c in ATTRIBUTES.values()}
    for name in attributes:
        one_of("attributes", name, ("dsd", "msd", "dataset", "series", "obs", "all", "none", *ids))
    named = tuple(n for n in attributes if n in ids)
    every = bool({"dsd", "obs", "all"}.intersection(attributes))
    measures = arguments.get("measures", "all").split(",")
    for name in measures:
        one_of("measures", name, ("all", "none", "OBS_VALUE"))
    measure = measures != ["none"]
    if not every and not named:
        return "dataonly" if measure else "serieskeysonly", (), measure
    return "full", None if every else named, measure


def _sorted(text: str, observed: str) -> tuple[tuple[str, bool], ...]:
    """The columns to sort by, each with whether it descends: `*` is every dimension, `series_key` those
    that are not observed."""
    keys = [*DIMENSIONS.values(), "TIME_PERIOD"]
    order: dict[str, bool] = {}
    for part in text.split("+"):
        name = part.removesuffix(":asc").removesuffix(":desc")
        one_of("sort", name, ("*", "series_key", *_COLUMNS))
        named = {"*": keys, "series_key": [k for k in keys if k != observed]}.get(name, [name])
        for component in named:
            order.setdefault(_COLUMNS[component], part.endswith(":desc"))
    return tuple(order.items())


def data(path: Sequence[str], query: bytes) -> DataAsk:
    """A data query."""
    arguments = parameters(query, (
        "c", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation",
        "attributes", "measures", "includeHistory", "offset", "limit", "sort", "asOf",
        "reportingYearStartDay",
    ))  # fmt: skip
    context, agency, identifier, version, key_text = _parts(path, 5)
    keys = _keys(key_text)
    observed = observation(arguments.get("dimensionAtObservation", "TIME_PERIOD"))
    cube_query = replace(
        _cube_query(arguments, keys), history=truth(arguments, "includeHistory"),
        first=number(arguments, "firstNObservations"), last=number(arguments, "lastNObservations"),
        limit=number(arguments, "limit"), offset=number(arguments, "offset", 0) or 0,
        sort=_sorted(arguments["sort"], observed) if "sort" in arguments else (),
    )  # fmt: skip
    detail, attributes, measure = _shown(arguments)
    return DataAsk(
        _flows(context, agency, identifier, version), cube_query, keys, observed, detail, attributes,
        measure,
    )  # fmt: skip


def availability(path: Sequence[str], query: bytes) -> AvailabilityAsk:
    """A query for available data."""
    arguments = parameters(
        query, ("c", "updatedAfter", "references", "mode", "asOf", "reportingYearStartDay")
    )
    context, agency, identifier, version, key_text, component = _parts(path, 6)
    keys = _keys(key_text)
    names = () if component == "*" else tuple(component.split(","))
    for name in names:
        one_of("componentId", name, (*DIMENSIONS.values(), "TIME_PERIOD"))
    return AvailabilityAsk(
        _flow(context, agency, identifier, version), _cube_query(arguments, keys), keys, names,
        one_of("mode", arguments.get("mode", "exact"), ("exact", "available")), available_references(arguments),
    )  # fmt: skip


def schema(path: Sequence[str], query: bytes) -> SchemaAsk:
    """A schema query; SdmxError 501 for metadata, deletions and times past."""
    arguments = parameters(query, ("dimensionAtObservation", "deletion", "asOf"))
    if truth(arguments, "deletion") or "asOf" in arguments:
        raise SdmxError(501, "sdmx_not_done", what="schema?deletion, schema?asOf")
    parts = [p for p in path if p]
    if not 3 <= len(parts) <= 4:
        raise SdmxError(400, "sdmx_schema_path")
    context, agency, identifier = parts[:3]
    known_version = ours(parts[3]) if parts[3:] else True
    return SchemaAsk(context_ref(context, agency, identifier, known_version),
                     observation(arguments.get("dimensionAtObservation", "TIME_PERIOD")))  # fmt: skip


def metadata_query(path: Sequence[str], query: bytes) -> MetadataAsk:
    """A query for reference metadata."""
    parts = list(path)
    while parts and parts[-1] == "":
        parts.pop()
    place = 4 if parts[:1] == ["structure"] else 3
    if len(parts) > 5:
        raise SdmxError(400, "sdmx_path", parts=str(len(parts)), most="5")
    return metadata(parts, query, ours(parts[place]) if parts[place:] else True)


def ask(path: Sequence[str], query: bytes, surveys: Sequence[str]) -> Ask:
    """The question a path and a query string put; SdmxError 400 or 501 when it is none of ours."""
    resource, rest = path[0], path[1:]
    if resource == "registration":
        raise SdmxError(501, "sdmx_not_done", what=resource)
    one_of("resource", resource, (*_PARSERS, "registration"))
    return _PARSERS[resource](rest, query)


_PARSERS: dict[str, Callable[[Sequence[str], bytes], Ask]] = {
    "structure": structure,
    "data": data,
    "availability": availability,
    "schema": schema,
    "metadata": metadata_query,
}
