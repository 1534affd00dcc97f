"""Structure messages in SDMX-JSON 2.0.0: the artefacts of SDMX 3.0, with names in every language.

What 1.0.0 says otherwise is in `structure_json1`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from marsad.base.labels import LANGUAGES, Text, pick
from marsad.publish.sdmx.structure.artefacts import (
    AGENCY,
    KINDS,
    V21,
    V30,
    V31,
    Artefact,
    Component,
    Item,
    Ref,
    version,
)
from marsad.publish.sdmx.structure.definitions import CONCEPTS, INPUTS
from marsad.publish.sdmx.structure.graph import Shown
from marsad.publish.sdmx.xml import utc

Json: TypeAlias = dict[str, object]
"""A piece of a message, as it is encoded."""
JSON_OF = {V30: "2.0.0", V31: "2.1.0"}
"""Version of the standard -> that of SDMX-JSON."""
SCHEMA = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/{}/tools/schemas/{}.json"


@dataclass(frozen=True, slots=True)
class MessageOptions:
    """How a message is written: the reader's language and the version of the standard."""

    language: str
    sdmx: str


Body = Callable[[Artefact, MessageOptions], Json]


def names(name: Text, description: Text | None, language: str) -> Json:
    """`name` in the reader's language and `names` in all; so too the description, if any."""
    content: Json = {"name": pick(name, language), "names": dict(name)}
    if description:
        content |= {"description": pick(description, language), "descriptions": dict(description)}
    return content


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


def _items(scheme: Artefact, options: MessageOptions) -> list[Json]:
    return [_item(scheme, item, options) for item in scheme.items]


def _item(scheme: Artefact, item: Item, options: MessageOptions, above: str = "") -> Json:
    path = f"{above}{item.id}"
    content: Json = {"id": item.id, **names(item.name, item.description, options.language)}
    content["links"] = [
        {
            "rel": "self",
            "urn": Ref(scheme.kind, scheme.id, path, scheme.agency).urn(options.sdmx),
        }
    ]
    if item.parent:
        content["parent"] = item.parent
    if item.items:
        content[KINDS[scheme.kind].items_json] = [
            _item(scheme, i, options, f"{path}.") for i in item.items
        ]
    if item.refs and scheme.kind == "conceptscheme":
        content["coreRepresentation"] = {"enumeration": item.refs[0].urn(options.sdmx)}
    elif item.refs:
        content["provisioningMetadata"] = [ref.urn(options.sdmx) for ref in item.refs]
    return content


def scheme_json(scheme: Artefact, options: MessageOptions) -> Json:
    content: Json = {"isPartial": True} if scheme.partial else {}
    return (
        {**content, KINDS[scheme.kind].items_json: _items(scheme, options)}
        if scheme.items
        else content
    )


def component_json(component: Component, options: MessageOptions) -> Json:
    shown: Json = {"enumeration": component.enumeration.urn(options.sdmx)}
    if not component.codelist:
        shown = {"format": {"dataType": component.text}}
    concept = Ref("conceptscheme", CONCEPTS, component.id).urn(options.sdmx)
    return {"id": component.id, "conceptIdentity": concept, "localRepresentation": shown}


def _attribute(component: Component, options: MessageOptions) -> Json:
    usage = "mandatory" if component.mandatory else "optional"
    return {
        **component_json(component, options),
        "usage": usage,
        "attributeRelationship": {"observation": {}},
    }


def _data_structure(artefact: Artefact, options: MessageOptions) -> Json:
    if not artefact.components:
        return {}
    of = {role: [c for c in artefact.components if c.role == role]
          for role in ("dimension", "time", "measure", "attribute")}  # fmt: skip
    keys = [
        {**component_json(c, options), "position": place} for place, c in enumerate(of["dimension"])
    ]
    return {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor", "dimensions": keys,
                "timeDimension": component_json(of["time"][0], options),
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [{**component_json(c, options), "usage": "optional"} for c in of["measure"]],
            },
            "attributeList": {
                "id": "AttributeDescriptor",
                "attributes": [_attribute(c, options) for c in of["attribute"]],
            },
        }
    }  # fmt: skip


def _metadata_structure(artefact: Artefact, options: MessageOptions) -> Json:
    if not artefact.components:
        return {}
    notes = [
        {
            **component_json(c, options),
            "minOccurs": 0,
            "maxOccurs": "unbounded" if c.codelist else 1,
            "isPresentational": False,
        }
        for c in artefact.components
    ]
    inside = {"id": "MetadataAttributeDescriptor", "metadataAttributes": notes}
    return {"metadataStructureComponents": {"metadataAttributeList": inside}}


def refs_json(*keys: str) -> Body:
    def body(artefact: Artefact, options: MessageOptions) -> Json:
        return {key: ref.urn(options.sdmx) for key, ref in zip(keys, artefact.refs)}

    return body


def _metadataflow(artefact: Artefact, options: MessageOptions) -> Json:
    target = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=MARSAD:*(*)"
    return {**refs_json("structure")(artefact, options), "targets": [target]}


def branches(items: Iterable[Item], options: MessageOptions) -> list[Json]:
    return [
        {"id": i.id, "code": i.refs[0].urn(options.sdmx)}
        | ({"hierarchicalCodes": branches(i.items, options)} if i.items else {})
        for i in items
    ]


def _hierarchy(artefact: Artefact, options: MessageOptions) -> Json:
    content: Json = {"hasFormalLevels": False}
    return (
        {**content, "hierarchicalCodes": branches(artefact.items, options)}
        if artefact.items
        else content
    )


def _map(artefact: Artefact, options: MessageOptions) -> Json:
    sides: list[Json] = [{"codelist": ref.urn(options.sdmx)} for ref in artefact.refs]
    if len(sides) == 1:
        sides.append({"dataType": "String"})
    content: Json = {"source": sides[:1], "target": sides[1:]}
    if artefact.pairs:
        content["representationMappings"] = [
            {"sourceValues": [{"value": a}], "targetValues": [b]} for a, b in artefact.pairs
        ]
    return content


def process_json(artefact: Artefact, options: MessageOptions) -> Json:
    steps = []
    for item in artefact.items:
        step: Json = {"id": item.id, **names(item.name, item.description, options.language)}
        if item.refs:
            side = "inputs" if item.id in INPUTS else "outputs"
            step[side] = [{"objectReference": ref.urn(options.sdmx)} for ref in item.refs]
        steps.append(step)
    return {"processSteps": steps} if steps else {}


def _constraint(artefact: Artefact, options: MessageOptions) -> Json:
    content: Json = {"role": artefact.role} if options.sdmx != V31 else {}
    if artefact.refs:
        key = KINDS[artefact.refs[0].kind].json
        content["constraintAttachment"] = {key: [ref.urn(options.sdmx) for ref in artefact.refs]}
    if not artefact.region:
        return content
    keys: list[Json] = [
        {"id": name, "values": [{"value": v} for v in values]} for name, values in artefact.region
    ]
    if artefact.period:
        edges = {f"{side}Period": {"period": edge, "isInclusive": True}
                 for side, edge in zip(("start", "end"), artefact.period)}  # fmt: skip
        keys.append({"id": "TIME_PERIOD", "timeRange": edges})
    counts = zip(("series_count", "obs_count"), artefact.counts)
    notes = [{"id": name, "type": "sdmx_metrics", "title": str(n)} for name, n in counts]
    content |= {"annotations": notes} if notes else {}
    return {**content, "cubeRegions": [{"include": True, "keyValues": keys}]}


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


def artefact_json(
    shown: Shown, base: str, options: MessageOptions, bodies: Mapping[str, Body]
) -> Json:
    """One artefact: what all have, and what its kind has by `bodies`."""
    artefact = shown.artefact
    content: Json = {
        "id": artefact.id,
        "agencyID": artefact.agency,
        "version": version(artefact.kind, options.sdmx),
    }
    content |= names(
        artefact.name, {} if shown.detail == "stub" else artefact.description, options.language
    )
    address = shown.address(base, options.sdmx)
    links: list[Json] = [{"rel": "self", "urn": artefact.urn(options.sdmx), "href": address}]
    content["links"] = links
    if options.sdmx == V21 and KINDS[artefact.kind].final and shown.detail != "stub":
        content["isFinal"] = True
    if shown.stub:
        content["isExternalReference"] = True
        links.append({"rel": "external", "href": address})
    return {**content, **bodies.get(artefact.kind, scheme_json)(artefact, options)}


def structure_json(
    shown: Iterable[Shown], base: str, prepared: dt.datetime, language: str, sdmx: str = V30
) -> bytes:
    """A structure message; `language` is that of `name`, `names` has them all."""
    data: dict[str, list[Json]] = {}
    for entry in shown:
        made = artefact_json(entry, base, MessageOptions(language, sdmx), _BODIES)
        data.setdefault(KINDS[entry.artefact.kind].json, []).append(made)
    schema = SCHEMA.format("structure-message", f"{JSON_OF[sdmx]}/sdmx-json-structure-schema")
    return msgspec.json.encode({"meta": meta("STRUCTURES", prepared, schema), "data": data})
