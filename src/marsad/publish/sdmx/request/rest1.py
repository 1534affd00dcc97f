"""SDMX REST 1.0 to 1.5 (SDMX 2.1): paths and parameters into questions.

/{resource}/{agency}/{id}/{version}/{item}   /data/{flow}/{key}/{provider}
/availableconstraint/{flow}/{key}/{provider}/{component}   /schema/{context}/{agency}/{id}/{version}
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.metadata.request import MetadataAsk
from marsad.publish.sdmx.request.query import (
    AGENCY_ID,
    ID,
    NESTED,
    AvailabilityAsk,
    DataAsk,
    Key,
    SchemaAsk,
    checked,
    filters,
    key,
    number,
    observation,
    one_of,
    parameters,
    truth,
)
from marsad.publish.sdmx.request.times import days, moment
from marsad.publish.sdmx.structure.artefacts import ITEM_SCHEMES, KINDS, V21, Ref, known
from marsad.publish.sdmx.structure.definitions import DIMENSIONS, provider
from marsad.publish.sdmx.structure.graph import DETAILS, REFERENCES, StructureQuery

Ask = StructureQuery | DataAsk | AvailabilityAsk | SchemaAsk | MetadataAsk
_VTL = ("transformationscheme", "rulesetscheme", "userdefinedoperatorscheme", "customtypescheme",
        "namepersonalisationscheme", "namealiasscheme", "vtlmappingscheme")  # fmt: skip
RESOURCES = (
    *(k for k in KINDS if known(k, V21)), "organisationscheme", "actualconstraint",
    "allowedconstraint", "attachmentconstraint", "structure", *_VTL,
)  # fmt: skip
_ROLES = {"actualconstraint": "Actual", "allowedconstraint": "Allowed"}
_FREE = ("all", "ALL", "*", "")
_LATEST = (*_FREE, "latest", "LATEST", "~", "+")
VERSION = re.compile(r"\d+(\.\d+){0,2}")
_DATA = ("startPeriod", "endPeriod", "updatedAfter")
_CONTEXTS = ("datastructure", "metadatastructure", "dataflow", "metadataflow", "provisionagreement")


def _parts(path: Sequence[str], most: int) -> list[str]:
    parts = list(path)
    while parts and parts[-1] == "":
        parts.pop()
    if len(parts) > most:
        raise SdmxError(400, "sdmx_path", parts=str(len(parts)), most=str(most))
    return parts + [""] * (most - len(parts))


def _several(
    text: str, form: re.Pattern[str], what: str, free: Sequence[str] = _FREE
) -> tuple[str, ...]:
    """The values of a path part joined by plus; none when one of them is every value."""
    if text in free:
        return ()
    values = text.split("+")
    if any(v in free for v in values):
        return ()
    return checked(values, form, what)


def kinds(resource: str) -> tuple[str, ...]:
    """The kinds of artefact that a resource of REST 1.x gives; none is every kind."""
    if resource == "structure":
        return ()
    if resource == "organisationscheme":
        return tuple(k.resource for k in KINDS.values() if k.package == "base")
    return ("contentconstraint",) if resource in _ROLES else (resource,)


def ours(version: str) -> bool:
    """Whether a version asked for is the one we have."""
    versions = _several(version, VERSION, "version", _LATEST)
    return not versions or any(v in ("1", "1.0", "1.0.0") for v in versions)


def structure(resource: str, path: Sequence[str], query: bytes) -> StructureQuery:
    """A structure query; SdmxError 400 when it breaks the grammar."""
    arguments = parameters(query, ("detail", "references"))
    agency, identifier, version, item = _parts(path, 4)
    artefact_kinds = kinds(resource)
    items = _several(item, NESTED, "itemID")
    if item and artefact_kinds and not ITEM_SCHEMES.intersection(artefact_kinds):
        raise SdmxError(400, "sdmx_no_items", kind=resource)
    how = one_of("references", arguments.get("references", "none"), (*REFERENCES[:-1], *RESOURCES))
    allowed = [name for name in DETAILS if name != "raw"]
    return StructureQuery(
        artefact_kinds, _several(agency, AGENCY_ID, "agencyID"), _several(identifier, ID, "resourceID"), items,
        _ROLES.get(resource, ""), one_of("detail", arguments.get("detail", "full"), allowed), (how,),
        ours(version),
    )  # fmt: skip


def flow(text: str) -> Ref:
    """The dataflow of a reference AGENCY,ID,VERSION, ID alone or AGENCY,ID."""
    parts = text.split(",")
    if len(parts) > 3 or not text:
        raise SdmxError(400, "sdmx_not", value=text, what="AGENCY,DATAFLOW,VERSION")
    if len(parts) == 1:
        parts = ["all", *parts]
    agency, identifier, version = [*parts, "latest"][:3]
    checked([identifier], ID, "resourceID")
    if agency not in _FREE:
        checked([agency], AGENCY_ID, "agencyID")
    if not ours(version) or (agency not in _FREE and agency != "MARSAD"):
        raise SdmxError(404, "sdmx_none", what=f"dataflow {text}")
    return Ref("dataflow", identifier)


def _providers(text: str, surveys: Sequence[str]) -> tuple[Filter, ...]:
    """The surveys of the providers asked for."""
    if text in _FREE:
        return ()
    names = []
    for reference in text.split("+"):
        agency, _, name = reference.rpartition(",")
        checked([name], ID, "providerRef")
        if agency in (*_FREE, "MARSAD"):
            names.append(name)
    chosen = tuple(s for s in surveys if provider(s) in names)
    return (Filter("survey", "eq", chosen or ("",)),)


def _keys(text: str) -> tuple[Key, ...]:
    return () if text in _FREE else (key(text, short=False, wildcards=("", "*")),)


def _bounded(arguments: dict[str, str], where: tuple[Filter, ...]) -> CubeQuery:
    first = days(arguments["startPeriod"])[0].isoformat() if "startPeriod" in arguments else ""
    last = days(arguments["endPeriod"])[1].isoformat() if "endPeriod" in arguments else ""
    updated = moment(arguments["updatedAfter"]) if "updatedAfter" in arguments else None
    return CubeQuery(where, start=first, end=last, updated_after=updated)


def data(path: Sequence[str], query: bytes, surveys: Sequence[str]) -> DataAsk:
    """A data query."""
    arguments = parameters(query, (*_DATA, "firstNObservations", "lastNObservations",
                              "dimensionAtObservation", "detail", "includeHistory"))  # fmt: skip
    reference, key_text, who = _parts(path, 3)
    keys = _keys(key_text)
    cube_query = _bounded(arguments, (*filters(keys), *_providers(who, surveys)))
    cube_query = replace(cube_query, history=truth(arguments, "includeHistory"),
                    first=number(arguments, "firstNObservations"), last=number(arguments, "lastNObservations"))  # fmt: skip
    details = ("full", "dataonly", "serieskeysonly", "nodata")
    return DataAsk(
        (flow(reference),), cube_query, keys,
        observation(arguments.get("dimensionAtObservation", "TIME_PERIOD")),
        one_of("detail", arguments.get("detail", "full"), details),
    )  # fmt: skip


def availability(path: Sequence[str], query: bytes, surveys: Sequence[str]) -> AvailabilityAsk:
    """A query for available data."""
    arguments = parameters(query, (*_DATA, "references", "mode"))
    reference, key_text, who, component = _parts(path, 4)
    keys = _keys(key_text)
    cube_query = _bounded(arguments, (*filters(keys), *_providers(who, surveys)))
    names = () if component in _FREE else tuple(component.split("+"))
    for name in names:
        one_of("componentId", name, (*DIMENSIONS.values(), "TIME_PERIOD"))
    mode = one_of("mode", arguments.get("mode", "exact"), ("exact", "available"))
    return AvailabilityAsk(
        flow(reference), cube_query, keys, names, mode, available_references(arguments)
    )


def available_references(arguments: dict[str, str]) -> tuple[str, ...]:
    """The references an availability query may ask for."""
    allowed = ("none", "all", "codelist", "datastructure", "conceptscheme", "dataflow",
               "dataproviderscheme", "valuelist")  # fmt: skip
    return tuple(
        one_of("references", r, allowed) for r in arguments.get("references", "none").split(",")
    )


def schema(path: Sequence[str], query: bytes) -> SchemaAsk:
    """A schema query; SdmxError 501 for metadata."""
    arguments = parameters(query, ("dimensionAtObservation", "explicitMeasure"))
    context, agency, identifier, version = _parts(path, 4)
    truth(arguments, "explicitMeasure")  # there is no measure dimension: the schema is the same
    return SchemaAsk(context_ref(context, agency, identifier, ours(version)),
                     observation(arguments.get("dimensionAtObservation", "TIME_PERIOD")))  # fmt: skip


def context_ref(context: str, agency: str, identifier: str, known_version: bool) -> Ref:
    """The artefact that gives a schema its context."""
    if one_of("context", context, (*_CONTEXTS, "metadataprovisionagreement")).startswith("meta"):
        raise SdmxError(501, "sdmx_not_done", what="schema / metadata")
    if not agency or not identifier:
        raise SdmxError(400, "sdmx_schema_path")
    checked([agency], AGENCY_ID, "agencyID")
    checked([identifier], ID, "resourceID")
    if agency != "MARSAD" or not known_version:
        raise SdmxError(404, "sdmx_none", what=f"{context} {agency}:{identifier}")
    return Ref(context, identifier)


def ask(path: Sequence[str], query: bytes, surveys: Sequence[str]) -> Ask:
    """The question a path and a query string put; SdmxError 400 or 501 when it is none of ours."""
    resource, rest = path[0], path[1:]
    if resource == "data":
        return data(rest, query, surveys)
    if resource == "availableconstraint":
        return availability(rest, query, surveys)
    if resource == "schema":
        return schema(rest, query)
    if resource in ("metadata", "registration"):
        raise SdmxError(501, "sdmx_not_done", what=resource)
    return structure(one_of("resource", resource, RESOURCES), rest, query)
