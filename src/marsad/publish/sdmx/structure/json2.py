"""Structure messages in SDMX-JSON 2.0.0: the artefacts of SDMX 3.0, with names in every language.

What 1.0.0 says otherwise is in `structure_json1`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from marsad.base.labels import LANGUAGES, Text, pick
from marsad.publish.sdmx.structure.artefacts import (
    AGENCY,
    KINDS,
    V21,
    V30,
    Artefact,
    Component,
    Item,
    Ref,
    version,
)
from marsad.publish.sdmx.structure.definitions import CONCEPTS, INPUTS
from marsad.publish.sdmx.structure.graph import Shown
from marsad.publish.sdmx.xml import utc

Json = dict[str, Any]
SCHEMA = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/{}/tools/schemas/{}.json"


@dataclass(frozen=True, slots=True)
class Way:
    """How a message is written: the reader's language and the version of the standard."""

    language: str
    sdmx: str


Body = Callable[[Artefact, Way], Json]


def names(name: Text, description: Text | None, language: str) -> Json:
    """`name` in the reader's language and `names` in all; so too the description, if any."""
    said: Json = {"name": pick(name, language), "names": dict(name)}
    if description:
        said |= {"description": pick(description, language), "descriptions": dict(description)}
    return said


def meta(identifier: str, prepared: dt.datetime, schema: str) -> Json:
    """The head of a message of SDMX-JSON 2.0."""
    return {
        "schema": schema,
        "id": identifier,
        "test": False,
        "prepared": utc(prepared),
        "contentLanguages": list(LANGUAGES),
        "sender": {"id": AGENCY},
    }


def _items(found: Artefact, way: Way) -> list[Json]:
    return [_item(found, item, way) for item in found.items]


def _item(found: Artefact, item: Item, way: Way) -> Json:
    said: Json = {"id": item.id, **names(item.name, item.description, way.language)}
    said["links"] = [
        {"rel": "self", "urn": Ref(found.kind, found.id, item.id, found.agency).urn(way.sdmx)}
    ]
    if item.parent:
        said["parent"] = item.parent
    if item.items:
        said[KINDS[found.kind].items_json] = [_item(found, i, way) for i in item.items]
    if item.refs and found.kind == "conceptscheme":
        said["coreRepresentation"] = {"enumeration": item.refs[0].urn(way.sdmx)}
    elif item.refs:
        said["provisioningMetadata"] = [ref.urn(way.sdmx) for ref in item.refs]
    return said


def scheme_json(found: Artefact, way: Way) -> Json:
    said: Json = {"isPartial": True} if found.partial else {}
    return {**said, KINDS[found.kind].items_json: _items(found, way)} if found.items else said


def component_json(component: Component, way: Way) -> Json:
    shown: Json = {"enumeration": Ref("codelist", component.codelist).urn(way.sdmx)}
    if not component.codelist:
        shown = {"format": {"dataType": component.text}}
    concept = Ref("conceptscheme", CONCEPTS, component.id).urn(way.sdmx)
    return {"id": component.id, "conceptIdentity": concept, "localRepresentation": shown}


def _attribute(component: Component, way: Way) -> Json:
    usage = "mandatory" if component.mandatory else "optional"
    return {
        **component_json(component, way),
        "usage": usage,
        "attributeRelationship": {"observation": {}},
    }


def _data_structure(found: Artefact, way: Way) -> Json:
    if not found.components:
        return {}
    of = {role: [c for c in found.components if c.role == role]
          for role in ("dimension", "time", "measure", "attribute")}  # fmt: skip
    keys = [
        {**component_json(c, way), "position": place} for place, c in enumerate(of["dimension"])
    ]
    return {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor", "dimensions": keys,
                "timeDimension": component_json(of["time"][0], way),
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [{**component_json(c, way), "usage": "optional"} for c in of["measure"]],
            },
            "attributeList": {
                "id": "AttributeDescriptor",
                "attributes": [_attribute(c, way) for c in of["attribute"]],
            },
        }
    }  # fmt: skip


def _metadata_structure(found: Artefact, way: Way) -> Json:
    if not found.components:
        return {}
    notes = [
        {
            **component_json(c, way),
            "minOccurs": 0,
            "maxOccurs": "unbounded" if c.codelist else 1,
            "isPresentational": False,
        }
        for c in found.components
    ]
    inside = {"id": "MetadataAttributeDescriptor", "metadataAttributes": notes}
    return {"metadataStructureComponents": {"metadataAttributeList": inside}}


def refs_json(*keys: str) -> Body:
    def body(found: Artefact, way: Way) -> Json:
        return {key: ref.urn(way.sdmx) for key, ref in zip(keys, found.refs)}

    return body


def _metadataflow(found: Artefact, way: Way) -> Json:
    target = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=MARSAD:*(*)"
    return {**refs_json("structure")(found, way), "targets": [target]}


def branches(items: Iterable[Item], way: Way) -> list[Json]:
    return [
        {"id": i.id, "code": i.refs[0].urn(way.sdmx)}
        | ({"hierarchicalCodes": branches(i.items, way)} if i.items else {})
        for i in items
    ]


def _hierarchy(found: Artefact, way: Way) -> Json:
    said: Json = {"hasFormalLevels": False}
    return {**said, "hierarchicalCodes": branches(found.items, way)} if found.items else said


def _map(found: Artefact, way: Way) -> Json:
    sides: list[Json] = [{"codelist": ref.urn(way.sdmx)} for ref in found.refs]
    if len(sides) == 1:
        sides.append({"dataType": "String"})
    said: Json = {"source": sides[:1], "target": sides[1:]}
    if found.pairs:
        said["representationMappings"] = [
            {"sourceValues": [{"value": a}], "targetValues": [b]} for a, b in found.pairs
        ]
    return said


def process_json(found: Artefact, way: Way) -> Json:
    steps = []
    for item in found.items:
        step: Json = {"id": item.id, **names(item.name, item.description, way.language)}
        if item.refs:
            side = "inputs" if item.id in INPUTS else "outputs"
            step[side] = [{"objectReference": ref.urn(way.sdmx)} for ref in item.refs]
        steps.append(step)
    return {"processSteps": steps} if steps else {}


def _constraint(found: Artefact, way: Way) -> Json:
    said: Json = {"role": found.role}
    if found.refs:
        key = f"{found.refs[0].kind}s".replace("datastructures", "dataStructures")
        said["constraintAttachment"] = {key: [ref.urn(way.sdmx) for ref in found.refs]}
    if not found.region:
        return said
    keys: list[Json] = [
        {"id": name, "values": [{"value": v} for v in values]} for name, values in found.region
    ]
    if found.period:
        edges = {f"{side}Period": {"period": edge, "isInclusive": True}
                 for side, edge in zip(("start", "end"), found.period)}  # fmt: skip
        keys.append({"id": "TIME_PERIOD", "timeRange": edges})
    counts = zip(("series_count", "obs_count"), found.counts)
    notes = [{"id": name, "type": "sdmx_metrics", "title": str(n)} for name, n in counts]
    said |= {"annotations": notes} if notes else {}
    return {**said, "cubeRegions": [{"include": True, "keyValues": keys}]}


_BODIES: dict[str, Body] = {
    "dataflow": refs_json("structure"),
    "metadataflow": _metadataflow,
    "datastructure": _data_structure,
    "metadatastructure": _metadata_structure,
    "categorisation": refs_json("source", "target"),
    "provisionagreement": refs_json("dataflow", "dataProvider"),
    "hierarchy": _hierarchy,
    "representationmap": _map,
    "process": process_json,
    "dataconstraint": _constraint,
}


def artefact_json(shown: Shown, base: str, way: Way, bodies: Mapping[str, Body]) -> Json:
    """One artefact: what all have, and what its kind has by `bodies`."""
    found = shown.artefact
    said: Json = {
        "id": found.id,
        "agencyID": found.agency,
        "version": version(found.kind, way.sdmx),
    }
    said |= names(found.name, {} if shown.detail == "stub" else found.description, way.language)
    address = shown.address(base, way.sdmx)
    said["links"] = [{"rel": "self", "urn": found.urn(way.sdmx), "href": address}]
    if way.sdmx == V21 and KINDS[found.kind].final and shown.detail != "stub":
        said["isFinal"] = True
    if shown.stub:
        said["isExternalReference"] = True
        said["links"].append({"rel": "external", "href": address})
    return {**said, **bodies.get(found.kind, scheme_json)(found, way)}


def structure_json(
    shown: Iterable[Shown], base: str, prepared: dt.datetime, language: str
) -> bytes:
    """A structure message; `language` is that of `name`, `names` has them all."""
    data: dict[str, list[Json]] = {}
    for one in shown:
        made = artefact_json(one, base, Way(language, V30), _BODIES)
        data.setdefault(KINDS[one.artefact.kind].json, []).append(made)
    schema = SCHEMA.format("structure-message", "2.0.0/sdmx-json-structure-schema")
    return msgspec.json.encode({"meta": meta("STRUCTURES", prepared, schema), "data": data})
