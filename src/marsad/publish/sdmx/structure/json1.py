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
    Way,
    artefact_json,
    branches,
    component_json,
    meta,
    names,
    process_json,
    refs_json,
)


def _component(component: Component, way: Way) -> Json:
    said = component_json(component, way)
    if not component.codelist:
        said["localRepresentation"] = {"textFormat": {"textType": component.text}}
    return said


def _attribute(component: Component, way: Way) -> Json:
    status = "Mandatory" if component.mandatory else "Conditional"
    to = {"primaryMeasure": "OBS_VALUE"}
    return {**_component(component, way), "assignmentStatus": status, "attributeRelationship": to}


def _data_structure(found: Artefact, way: Way) -> Json:
    if not found.components:
        return {}
    keys = [c for c in found.components if c.role in ("dimension", "time")]
    placed = [
        {**_component(c, way), "position": n, "type": "Dimension"} for n, c in enumerate(keys)
    ]
    attributes = [_attribute(c, way) for c in found.components if c.role == "attribute"]
    measure = next(c for c in found.components if c.role == "measure")
    time = {**placed[-1], "type": "TimeDimension"}
    return {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor", "dimensions": placed[:-1], "timeDimensions": [time],
            },
            "measureList": {
                "id": "MeasureDescriptor", "primaryMeasure": _component(measure, way),
            },
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        }
    }  # fmt: skip


def _metadata_structure(found: Artefact, way: Way) -> Json:
    if not found.components:
        return {}
    notes = [
        {**_component(c, way), "minOccurs": 0, "maxOccurs": "unbounded" if c.codelist else 1}
        for c in found.components
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


def _hierarchical(found: Artefact, way: Way) -> Json:
    trees = [
        {"id": i.id, **names(i.name, i.description, way.language), "leveled": False,
         "hierarchicalCodes": branches(i.items, way)}
        for i in found.items
    ]  # fmt: skip
    if not trees:
        return {}
    return {"includedCodelists": {r.id: r.urn(way.sdmx) for r in found.refs}, "hierarchies": trees}


def _structure_set(found: Artefact, way: Way) -> Json:
    if not found.pairs:
        return {}
    said: Json = {"id": f"{found.id}_CODES", **names(found.name, found.description, way.language)}
    said |= refs_json("source", "target")(found, way)
    said["codeMaps"] = [{"source": a, "target": b} for a, b in found.pairs]
    return {"codelistMaps": [said]}


def _constraint(found: Artefact, way: Way) -> Json:
    said: Json = {"type": found.role}
    if found.refs:
        key = KINDS[found.refs[0].kind].json
        said["constraintAttachment"] = {key: [ref.urn(way.sdmx) for ref in found.refs]}
    if not found.region:
        return said
    keys: list[Json] = [{"id": name, "values": list(values)} for name, values in found.region]
    if found.period:
        edges = {f"{side}Period": {"period": edge, "isInclusive": True}
                 for side, edge in zip(("start", "end"), found.period)}  # fmt: skip
        keys.append({"id": "TIME_PERIOD", "timeRange": edges})
    return {**said, "cubeRegions": [{"isIncluded": True, "keyValues": keys}]}


def _agreement(found: Artefact, way: Way) -> Json:
    return refs_json("structureUsage", "dataProvider")(found, way)


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
    for one in shown:
        made = artefact_json(one, base, Way(language, V21), _BODIES)
        kind = one.artefact.kind
        data.setdefault(_NAMES.get(kind) or KINDS[kind].json, []).append(made)
    schema = SCHEMA.format("structure-message", "1.0/sdmx-json-structure-schema")
    return msgspec.json.encode({"meta": meta("STRUCTURES", prepared, schema), "data": data})
