"""Structure messages in SDMX-JSON 1.0.0: the artefacts of SDMX 2.1."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from marsad.publish.sdmx.structure.artefacts import KINDS, V21, Artefact, Component
from marsad.publish.sdmx.structure.graph import Shown
from marsad.publish.sdmx.structure.json2 import (
    SCHEMA,
    Body,
    Json,
    MessageOptions,
    artefact_json,
    branches,
    component_json,
    meta,
    names,
    process_json,
    refs_json,
)


def _component(component: Component, options: MessageOptions) -> Json:
    content = component_json(component, options)
    if not component.codelist:
        content["localRepresentation"] = {"textFormat": {"textType": component.text}}
    return content


def _attribute(component: Component, options: MessageOptions) -> Json:
    status = "Mandatory" if component.mandatory else "Conditional"
    to = {"primaryMeasure": "OBS_VALUE"}
    return {
        **_component(component, options),
        "assignmentStatus": status,
        "attributeRelationship": to,
    }


def _data_structure(artefact: Artefact, options: MessageOptions) -> Json:
    if not artefact.components:
        return {}
    keys = [c for c in artefact.components if c.role in ("dimension", "time")]
    placed = [
        {**_component(c, options), "position": n, "type": "Dimension"} for n, c in enumerate(keys)
    ]
    attributes = [_attribute(c, options) for c in artefact.components if c.role == "attribute"]
    measure = next(c for c in artefact.components if c.role == "measure")
    time = {**placed[-1], "type": "TimeDimension"}
    return {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor", "dimensions": placed[:-1], "timeDimensions": [time],
            },
            "measureList": {
                "id": "MeasureDescriptor", "primaryMeasure": _component(measure, options),
            },
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        }
    }  # fmt: skip


def _metadata_structure(artefact: Artefact, options: MessageOptions) -> Json:
    if not artefact.components:
        return {}
    notes = [
        {**_component(c, options), "minOccurs": 0, "maxOccurs": "unbounded" if c.codelist else 1}
        for c in artefact.components
    ]
    shown = {"textFormat": {"textType": "IdentifiableReference"}}
    target = {"id": "DATAFLOW", "objectType": "Dataflow", "localRepresentation": shown}
    return {
        "metadataStructureComponents": {
            "metadataTargets": [{"id": "FLOW", "identifiableObjectTargets": [target]}],
            "reportStructures": [
                {"id": "METHOD", "metadataAttributes": notes, "metadataTargets": ["FLOW"]}
            ],
        }
    }


def _hierarchical(artefact: Artefact, options: MessageOptions) -> Json:
    trees = [
        {"id": i.id, **names(i.name, i.description, options.language), "leveled": False,
         "hierarchicalCodes": branches(i.items, options)}
        for i in artefact.items
    ]  # fmt: skip
    if not trees:
        return {}
    return {
        "includedCodelists": {r.id: r.urn(options.sdmx) for r in artefact.refs},
        "hierarchies": trees,
    }


def _structure_set(artefact: Artefact, options: MessageOptions) -> Json:
    if not artefact.pairs:
        return {}
    codelist_map: Json = {
        "id": f"{artefact.id}_CODES",
        **names(artefact.name, artefact.description, options.language),
    }
    codelist_map |= refs_json("source", "target")(artefact, options)
    codelist_map["codeMaps"] = [{"source": a, "target": b} for a, b in artefact.pairs]
    return {"codelistMaps": [codelist_map]}


def _constraint(artefact: Artefact, options: MessageOptions) -> Json:
    content: Json = {"type": artefact.role}
    if artefact.refs:
        key = KINDS[artefact.refs[0].kind].json
        content["constraintAttachment"] = {key: [ref.urn(options.sdmx) for ref in artefact.refs]}
    if not artefact.region:
        return content
    keys: list[Json] = [{"id": name, "values": list(values)} for name, values in artefact.region]
    if artefact.period:
        edges = {f"{side}Period": {"period": edge, "isInclusive": True}
                 for side, edge in zip(("start", "end"), artefact.period)}  # fmt: skip
        keys.append({"id": "TIME_PERIOD", "timeRange": edges})
    return {**content, "cubeRegions": [{"isIncluded": True, "keyValues": keys}]}


def _agreement(artefact: Artefact, options: MessageOptions) -> Json:
    return refs_json("structureUsage", "dataProvider")(artefact, options)


_BODIES: dict[str, Body] = {
    "dataflow": refs_json("structure"),
    "metadataflow": refs_json("structure"),
    "datastructure": _data_structure,
    "metadatastructure": _metadata_structure,
    "categorisation": refs_json("source", "target"),
    "provisionagreement": _agreement,
    "hierarchicalcodelist": _hierarchical,
    "structureset": _structure_set,
    "process": process_json,
    "contentconstraint": _constraint,
}
_NAMES = {"hierarchicalcodelist": "hierarchicalCodelists", "structureset": "structureSets",
          "contentconstraint": "contentConstraints"}  # fmt: skip


def structure_json1(
    shown: Iterable[Shown], base: str, prepared: dt.datetime, language: str
) -> bytes:
    """A structure message of SDMX-JSON 1.0.0; `names` has every language."""
    data: dict[str, list[Json]] = {}
    for entry in shown:
        made = artefact_json(entry, base, MessageOptions(language, V21), _BODIES)
        kind = entry.artefact.kind
        data.setdefault(_NAMES.get(kind) or KINDS[kind].json, []).append(made)
    schema = SCHEMA.format("structure-message", "1.0/sdmx-json-structure-schema")
    return msgspec.json.encode({"meta": meta("STRUCTURES", prepared, schema), "data": data})
