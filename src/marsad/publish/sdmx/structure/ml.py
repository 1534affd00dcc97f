"""Structure messages in SDMX-ML 2.1 and 3.0.

The two differ in how they refer (an element Ref, or a URN) and in a few elements; one writer for
each kind of artefact, in the table `_BODIES`, does both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import groupby

from marsad.publish.sdmx.structure.artefacts import (
    KINDS,
    V21,
    V31,
    Artefact,
    Component,
    Item,
    Ref,
    version,
)
from marsad.publish.sdmx.structure.definitions import CONCEPTS, INPUTS
from marsad.publish.sdmx.structure.graph import Shown
from marsad.publish.sdmx.xml import header, localised, opening, tag, text

_ITEM_REFS = {"reportingtaxonomy": "str:ProvisioningMetadata", "conceptscheme": "str:Enumeration"}


def _refer(name: str, ref: Ref, sdmx: str) -> str:
    """An element that refers to an artefact or an item."""
    if sdmx != V21:
        return text(name, ref.urn(sdmx))
    kind, edition = KINDS[ref.kind], version(ref.kind, sdmx)
    attributes: dict[str, object] = {"id": ref.item or ref.id}
    if ref.item:
        attributes |= {"maintainableParentID": ref.id, "maintainableParentVersion": edition}
    else:
        attributes["version"] = edition
    attributes |= {
        "agencyID": ref.agency,
        "package": kind.package,
        "class": kind.item if ref.item else kind.cls,
    }
    return tag(name, tag("Ref", "", attributes))


def _names(item: Item | Artefact, *, description: bool = True) -> str:
    named = localised("com:Name", item.name)
    return named + (localised("com:Description", item.description) if description else "")


def _parent30(code: str) -> str:
    """A parent in 3.0, whose schema lets no parent begin with a digit: such trees are hierarchies."""
    return "" if code[0].isdigit() else text("str:Parent", code)


def _item(owner: Artefact, item: Item, sdmx: str, above: str = "") -> str:
    kind, path = KINDS[owner.kind], f"{above}{item.id}"
    inside = ""
    if item.parent:
        parent = tag("Ref", "", {"id": item.parent})
        inside = tag("str:Parent", parent) if sdmx == V21 else _parent30(item.parent)
    inside += "".join(_item(owner, child, sdmx, f"{path}.") for child in item.items)
    references = "".join(_refer(_ITEM_REFS[owner.kind], ref, sdmx) for ref in item.refs)
    inside += (
        tag("str:CoreRepresentation", references)
        if references and owner.kind == "conceptscheme"
        else references
    )
    urn = Ref(owner.kind, owner.id, path, owner.agency).urn(sdmx)
    return tag(f"str:{kind.item}", _names(item) + inside, {"id": item.id, "urn": urn})


def _scheme(artefact: Artefact, sdmx: str) -> str:
    return "".join(_item(artefact, item, sdmx) for item in artefact.items)


def _identity(component: Component, sdmx: str) -> str:
    identity = _refer("str:ConceptIdentity", Ref("conceptscheme", CONCEPTS, component.id), sdmx)
    if component.codelist:
        shown = _refer("str:Enumeration", component.enumeration, sdmx)
    else:
        shown = tag("str:TextFormat", "", {"textType": component.text})
    return identity + tag("str:LocalRepresentation", shown)


def _attribute(component: Component, sdmx: str) -> str:
    if sdmx == V21:
        to = tag("str:PrimaryMeasure", tag("Ref", "", {"id": "OBS_VALUE"}))
        usage = {"assignmentStatus": "Mandatory" if component.mandatory else "Conditional"}
    else:
        to = tag("str:Observation")
        usage = {"usage": "mandatory" if component.mandatory else "optional"}
    content = _identity(component, sdmx) + tag("str:AttributeRelationship", to)
    return tag("str:Attribute", content, {"id": component.id, **usage})


def _data_structure(artefact: Artefact, sdmx: str) -> str:
    if not artefact.components:
        return ""
    by_role: dict[str, list[Component]] = {}
    for component in artefact.components:
        by_role.setdefault(component.role, []).append(component)
    keys = [
        tag("str:Dimension", _identity(c, sdmx), {"id": c.id, "position": place})
        for place, c in enumerate(by_role["dimension"], 1)
    ]
    keys += [
        tag("str:TimeDimension", _identity(c, sdmx),
            {"id": c.id, **({"position": len(keys) + 1} if sdmx == V21 else {})})
        for c in by_role["time"]
    ]  # fmt: skip
    measure = "PrimaryMeasure" if sdmx == V21 else "Measure"
    usage = {} if sdmx == V21 else {"usage": "optional"}
    measures = [
        tag(f"str:{measure}", _identity(c, sdmx), {"id": c.id, **usage}) for c in by_role["measure"]
    ]
    lists = (("Dimension", keys), ("Attribute", [_attribute(c, sdmx) for c in by_role["attribute"]]),
             ("Measure", measures))  # fmt: skip
    content = "".join(
        tag(f"str:{name}List", "".join(inside), {"id": f"{name}Descriptor"})
        for name, inside in lists
    )
    return tag("str:DataStructureComponents", content)


def _metadata_structure(artefact: Artefact, sdmx: str) -> str:
    if not artefact.components:
        return ""
    notes = "".join(
        tag("str:MetadataAttribute", _identity(c, sdmx),
            {"id": c.id, "minOccurs": 0, "maxOccurs": "unbounded" if c.codelist else 1})
        for c in artefact.components
    )  # fmt: skip
    if sdmx != V21:
        inside = tag("str:MetadataAttributeList", notes, {"id": "MetadataAttributeDescriptor"})
        return tag("str:MetadataStructureComponents", inside)
    shown = tag(
        "str:LocalRepresentation", tag("str:TextFormat", "", {"textType": "IdentifiableReference"})
    )
    target = tag(
        "str:IdentifiableObjectTarget", shown, {"id": "DATAFLOW", "objectType": "Dataflow"}
    )
    report = notes + tag("str:MetadataTarget", tag("Ref", "", {"id": "FLOW"}))
    return tag("str:MetadataStructureComponents", tag("str:MetadataTarget", target, {"id": "FLOW"})
               + tag("str:ReportStructure", report, {"id": "METHOD"}))  # fmt: skip


def _one_ref(name: str) -> Callable[[Artefact, str], str]:
    def body(artefact: Artefact, sdmx: str) -> str:
        return "".join(_refer(name, ref, sdmx) for ref in artefact.refs)

    return body


def _metadataflow(artefact: Artefact, sdmx: str) -> str:
    structure = _one_ref("str:Structure")(artefact, sdmx)
    target = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=MARSAD:*(*)"
    return structure if sdmx == V21 else structure + text("str:Target", target)


def _agreement(artefact: Artefact, sdmx: str) -> str:
    names = ("str:StructureUsage" if sdmx == V21 else "str:Dataflow", "str:DataProvider")
    return "".join(_refer(name, ref, sdmx) for name, ref in zip(names, artefact.refs))


def _categorisation(artefact: Artefact, sdmx: str) -> str:
    return "".join(
        _refer(name, ref, sdmx) for name, ref in zip(("str:Source", "str:Target"), artefact.refs)
    )


def _branches(items: Iterable[Item], sdmx: str) -> str:
    return "".join(
        tag("str:HierarchicalCode",
            _refer("str:Code", item.refs[0], sdmx) + _branches(item.items, sdmx), {"id": item.id})
        for item in items
    )  # fmt: skip


def _hierarchical(artefact: Artefact, sdmx: str) -> str:
    if not artefact.items:
        return ""
    included = tag("str:IncludedCodelist", _refer("x", artefact.refs[0], sdmx)[3:-4],
                   {"alias": artefact.refs[0].id})  # fmt: skip
    return included + "".join(
        tag("str:Hierarchy", _names(item) + _branches(item.items, sdmx),
            {"id": item.id, "urn": Ref(artefact.kind, artefact.id, item.id).urn(sdmx), "leveled": "false"})
        for item in artefact.items
    )  # fmt: skip


def _structure_set(artefact: Artefact, sdmx: str) -> str:
    if not artefact.pairs:
        return ""
    maps = "".join(
        tag("str:CodeMap", "".join(tag(f"str:{side}", tag("Ref", "", {"id": code}))
                                   for side, code in zip(("Source", "Target"), pair)))
        for pair in artefact.pairs
    )  # fmt: skip
    sides = "".join(
        _refer(f"str:{s}", r, sdmx) for s, r in zip(("Source", "Target"), artefact.refs)
    )
    return tag("str:CodelistMap", _names(artefact) + sides + maps, {"id": f"{artefact.id}_CODES"})


def _representation_map(artefact: Artefact, sdmx: str) -> str:
    sides = [
        _refer(f"str:{s}Codelist", r, sdmx) for s, r in zip(("Source", "Target"), artefact.refs)
    ]
    if len(sides) == 1:
        sides.append(text("str:TargetDataType", "String"))
    maps = "".join(
        tag("str:RepresentationMapping", text("str:SourceValue", a) + text("str:TargetValue", b))
        for a, b in artefact.pairs
    )
    return "".join(sides) + maps


def _process(artefact: Artefact, sdmx: str) -> str:
    steps = ""
    for item in artefact.items:
        side = "Input" if item.id in INPUTS else "Output"
        inside = "".join(
            tag(f"str:{side}", _refer("str:ObjectReference", ref, sdmx)) for ref in item.refs
        )
        steps += tag("str:ProcessStep", _names(item) + inside, {"id": item.id})
    return steps


def _constraint(artefact: Artefact, sdmx: str) -> str:
    attachment = ""
    if artefact.refs:
        attached = _one_ref(f"str:{KINDS[artefact.refs[0].kind].cls}")(artefact, sdmx)
        attachment = tag("str:ConstraintAttachment", attached)
    if not artefact.region:
        return attachment
    pre = "com" if sdmx == V21 else "str"
    keys = "".join(
        tag(f"{pre}:KeyValue", "".join(text(f"{pre}:Value", code) for code in values), {"id": name})
        for name, values in artefact.region
    )
    if artefact.period:
        edges = "".join(
            tag(f"{pre}:{side}Period", "", {"isInclusive": "true"})[:-2]
            + f">{edge}</{pre}:{side}Period>"
            for side, edge in zip(("Start", "End"), artefact.period)
        )
        keys += tag(f"{pre}:KeyValue", tag(f"{pre}:TimeRange", edges), {"id": "TIME_PERIOD"})
    return attachment + tag("str:CubeRegion", keys, {"include": "true"})


_BODIES: dict[str, Callable[[Artefact, str], str]] = {
    "dataflow": _one_ref("str:Structure"),
    "metadataflow": _metadataflow,
    "datastructure": _data_structure,
    "metadatastructure": _metadata_structure,
    "categorisation": _categorisation,
    "provisionagreement": _agreement,
    "hierarchicalcodelist": _hierarchical,
    "hierarchy": lambda artefact, sdmx: _branches(artefact.items, sdmx),
    "structureset": _structure_set,
    "representationmap": _representation_map,
    "process": _process,
    "contentconstraint": _constraint,
    "dataconstraint": _constraint,
}


def _attributes(shown: Shown, sdmx: str, base: str) -> dict[str, object]:
    artefact, kind = shown.artefact, KINDS[shown.artefact.kind]
    attributes: dict[str, object] = {
        "id": artefact.id, "agencyID": artefact.agency, "version": version(artefact.kind, sdmx),
        "urn": artefact.urn(sdmx),
    }  # fmt: skip
    if sdmx != V21 and version(artefact.kind, sdmx) == "1.0":
        del attributes["version"]
    if sdmx == V21 and kind.final and shown.detail != "stub":
        attributes["isFinal"] = "true"
    if shown.stub:
        attributes |= {"isExternalReference": "true", "structureURL": shown.address(base, sdmx)}
    elif (
        artefact.partial and artefact.kind != "hierarchicalcodelist"
    ):  # no item scheme, by its schema
        attributes["isPartial"] = "true"
    if artefact.role and sdmx != V31:
        attributes |= {"type" if sdmx == V21 else "role": artefact.role}
    if artefact.kind == "hierarchy":
        attributes["hasFormalLevels"] = "false"
    return attributes


def _annotations(artefact: Artefact) -> str:
    counts = zip(("series_count", "obs_count"), artefact.counts)
    notes = [
        tag("com:Annotation", text("com:AnnotationTitle", str(n)) + text("com:AnnotationType", "sdmx_metrics"),
            {"id": name})
        for name, n in counts
    ]  # fmt: skip
    return tag("com:Annotations", "".join(notes)) if notes else ""


def _artefact(shown: Shown, sdmx: str, base: str) -> str:
    artefact, kind = shown.artefact, KINDS[shown.artefact.kind]
    named = _annotations(artefact) + _names(artefact, description=shown.detail != "stub")
    body = _BODIES.get(artefact.kind, _scheme)(artefact, sdmx)
    return tag(f"str:{kind.cls}", named + body, _attributes(shown, sdmx, base))


def structure_ml(shown: Iterable[Shown], sdmx: str, base: str, prepared: dt.datetime) -> bytes:
    """A structure message; `base` is the address of the service, for stubs."""
    order = [k.resource for k in KINDS.values()]
    if sdmx != V21:
        order.sort(key=lambda resource: KINDS[resource].box30)
    listed = sorted(shown, key=lambda s: order.index(s.artefact.kind))
    content = ""
    for box, inside in groupby(listed, key=lambda s: _box(s.artefact.kind, sdmx)):
        content += tag(f"str:{box}", "".join(_artefact(s, sdmx, base) for s in inside))
    head = opening("Structure", sdmx, {"str": "structure"}) + header("STRUCTURES", prepared)
    return f"{head}<mes:Structures>{content}</mes:Structures></mes:Structure>".encode()


def _box(kind: str, sdmx: str) -> str:
    definition = KINDS[kind]
    return (definition.box21 if sdmx == V21 else definition.box30).rstrip("/")
