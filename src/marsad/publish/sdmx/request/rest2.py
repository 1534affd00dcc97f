"""SDMX REST 2.x (SDMX 3.0): paths and parameters into questions.

/structure/{type}/{agency}/{id}/{version}/{item}   /data/{context}/{agency}/{id}/{version}/{key}
/availability/{context}/{agency}/{id}/{version}/{key}/{component}   /schema/{context}/...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.sdmx.errors import SdmxError
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
from marsad.publish.sdmx.structure.artefacts import ITEM_SCHEMES, KINDS, V30, Ref, known
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
}
_FILTERED = frozenset((*DIMENSIONS, "period", "unit", "obs_status", "conf_status", "vintage",
                       "reliability", "verification"))  # fmt: skip


def _parts(path: Sequence[str], most: int) -> list[str]:
    parts = list(path)
    while parts and parts[-1] == "":
        parts.pop()
    if len(parts) > most:
        raise SdmxError(400, f"the path has {len(parts)} parts, at most {most} are known here")
    return [p or "*" for p in parts] + ["*"] * (most - len(parts))


def _several(text: str, form: re.Pattern[str], what: str) -> tuple[str, ...]:
    """The values of a path part joined by commas; none when one of them is every value."""
    values = text.split(",")
    return () if "*" in values else checked(values, form, what)


def ours(version: str) -> bool:
    """Whether a version asked for, with the wildcards of semantic versions, is 1.0.0 (or 1.0)."""
    return any(_our_version(v) for v in checked(version.split(","), _VERSION, "a version"))


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
        raise SdmxError(501, "structures as of a date")
    kind, agency, identifier, version, item = _parts(path, 5)
    artefact_kinds = () if kind == "*" else (one_of("artefactType", kind, TYPES),)
    items = _several(item, NESTED, "an item")
    if items and artefact_kinds and not ITEM_SCHEMES.intersection(artefact_kinds):
        raise SdmxError(400, f"{kind} has no items")
    allowed = (*REFERENCES, *TYPES)
    how = tuple(
        one_of("references", r, allowed) for r in arguments.get("references", "none").split(",")
    )
    return StructureQuery(
        artefact_kinds, _several(agency, AGENCY_ID, "an agency"), _several(identifier, ID, "an id"), items,
        "", one_of("detail", arguments.get("detail", "full"), DETAILS), how,
        ours("~" if version == "*" and not path[3:] else version),
    )  # fmt: skip


def _flow(context: str, agency: str, identifier: str, version: str) -> Ref:
    """What data are asked of; every dataflow is the one over everything."""
    contexts = _several(context, re.compile("[a-z]+"), "a context")
    for name in contexts:
        one_of("context", name, _CONTEXTS)
    agencies = _several(agency, AGENCY_ID, "an agency")
    ids = _several(identifier, ID, "an id")
    if (agencies and "MARSAD" not in agencies) or not ours(version):
        raise SdmxError(404, f"there is no {context} {agency}:{identifier}({version})")
    if len(contexts) > 1 or len(ids) > 1:
        raise SdmxError(501, "data of several structures at once: ask for DF_LABOUR")
    kind = contexts[0] if contexts else "dataflow"
    if not ids and kind == "provisionagreement":
        raise SdmxError(501, "data of several provision agreements at once")
    return Ref(kind, ids[0] if ids else STRUCTURE if kind == "datastructure" else FLOW)


def _keys(text: str) -> tuple[Key, ...]:
    keys = tuple(key(k, short=True, wildcards=("*", "")) for k in text.split(","))
    return () if any(not k for k in keys) else keys


def _condition(text: str, column: str) -> tuple[str, str]:
    """The operator and the value of one condition."""
    operator, colon, value = text.partition(":")
    if not colon or operator not in _OPERATORS:
        operator, value = "eq", text
    if column == "period" and operator in ("eq", "ne"):
        value = plain(value)
    elif column == "period" and operator in ("lt", "le", "gt", "ge"):
        first, last = days(value)
        value = (first if operator in ("lt", "ge") else last).isoformat()
    return operator, value


def _component(name: str, text: str) -> tuple[Filter, ...]:
    """The filters of one parameter c[...]."""
    if name not in _COLUMNS and name != "OBS_VALUE":
        raise SdmxError(400, f"{name!r} is no component of {STRUCTURE}")
    column = _COLUMNS.get(name, "")
    if column not in _FILTERED:
        raise SdmxError(501, f"filters on {name}")
    either = [[_condition(c, column) for c in part.split("+")] for part in text.split(",")]
    if len(either) == 1:
        return tuple(Filter(column, operator, (value,)) for operator, value in either[0])
    operators = {operator for part in either for operator, _ in part}
    if any(len(part) > 1 for part in either) or len(operators) > 1 or operators & {"ne", "nc"}:
        raise SdmxError(501, f"alternatives of this kind in c[{name}]")
    return (Filter(column, operators.pop(), tuple(part[0][1] for part in either)),)


def _where(arguments: dict[str, str]) -> tuple[Filter, ...]:
    conditions: list[Filter] = []
    for name, text in arguments.items():
        if name.startswith("c["):
            if not name.endswith("]"):
                raise SdmxError(400, f"there is no parameter {name!r}")
            conditions += _component(name[2:-1], text)
    return tuple(conditions)


def _cube_query(arguments: dict[str, str], keys: tuple[Key, ...]) -> CubeQuery:
    if "reportingYearStartDay" in arguments:
        raise SdmxError(501, "reportingYearStartDay")
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


def _sorted(text: str) -> None:
    """SdmxError 501 unless the order asked for is the one data have."""
    parts = [p.removesuffix(":asc") for p in text.split("+")]
    names = [*DIMENSIONS.values(), "TIME_PERIOD"]
    for part in parts:
        one_of("sort", part.removesuffix(":desc"), (*names, "*", "series_key", "OBS_VALUE",
                                                    *(c.id for c in ATTRIBUTES.values())))  # fmt: skip
    whole = names if parts == ["*"] else [
        n for p in parts for n in (names[:-1] if p == "series_key" else [p])
    ]  # fmt: skip
    if whole != names[: len(whole)]:
        raise SdmxError(501, f"data sorted by {text}")


def data(path: Sequence[str], query: bytes) -> DataAsk:
    """A data query."""
    arguments = parameters(query, (
        "c", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation",
        "attributes", "measures", "includeHistory", "offset", "limit", "sort", "asOf",
        "reportingYearStartDay",
    ))  # fmt: skip
    context, agency, identifier, version, key_text = _parts(path, 5)
    keys = _keys(key_text)
    if "sort" in arguments:
        _sorted(arguments["sort"])
    cube_query = replace(
        _cube_query(arguments, keys), history=truth(arguments, "includeHistory"),
        first=number(arguments, "firstNObservations"), last=number(arguments, "lastNObservations"),
        limit=number(arguments, "limit"), offset=number(arguments, "offset", 0) or 0,
    )  # fmt: skip
    detail, attributes, measure = _shown(arguments)
    return DataAsk(
        _flow(context, agency, identifier, version), cube_query, keys,
        observation(arguments.get("dimensionAtObservation", "TIME_PERIOD")), detail, attributes, measure,
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
        raise SdmxError(501, "schemas of deletions or as of a date")
    parts = [p for p in path if p]
    if not 3 <= len(parts) <= 4:
        raise SdmxError(400, "a schema query names a context, an agency, an id and maybe a version")
    context, agency, identifier = parts[:3]
    known_version = ours(parts[3]) if parts[3:] else True
    return SchemaAsk(context_ref(context, agency, identifier, known_version),
                     observation(arguments.get("dimensionAtObservation", "TIME_PERIOD")))  # fmt: skip


def ask(path: Sequence[str], query: bytes, surveys: Sequence[str]) -> Ask:
    """The question a path and a query string put; SdmxError 400 or 501 when it is none of ours."""
    resource, rest = path[0], path[1:]
    if resource in _NOT_HERE:
        raise SdmxError(501, _NOT_HERE[resource])
    one_of("resource", resource, (*_PARSERS, *_NOT_HERE))
    return _PARSERS[resource](rest, query)


_NOT_HERE = {"metadata": "reference metadata", "registration": "registrations"}
_PARSERS: dict[str, Callable[[Sequence[str], bytes], Ask]] = {
    "structure": structure,
    "data": data,
    "availability": availability,
    "schema": schema,
}
