"""The XML schema of structure-specific data, made from the data structure and what a context allows
(SDMX 2.1, section 3A, chapter 5; SDMX 3.0 likewise)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marsad.publish.sdmx.data.columns import ALL, TIME
from marsad.publish.sdmx.structure.artefacts import V21, Artefact, Component
from marsad.publish.sdmx.xml import namespace, tag

_TYPES = {"Double": "xs:double", "Long": "xs:long", "Boolean": "xs:boolean", "String": "xs:string",
          "ObservationalTimePeriod": "common:ObservationalTimePeriodType"}  # fmt: skip
_NOTES = '<xs:element ref="common:Annotations" minOccurs="0"/>'
_COMP = ('<xs:element name="Comp" type="dsd:CompType" form="unqualified" minOccurs="0"'
         ' maxOccurs="unbounded"/>')  # fmt: skip


def _codes(codelist: Artefact, allowed: Sequence[str]) -> str:
    codes = frozenset(allowed) or frozenset(i.id for i in codelist.items)
    listed = "".join(
        tag("xs:enumeration", "", {"value": i.id}) for i in codelist.items if i.id in codes
    )
    inside = tag("xs:restriction", listed, {"base": "xs:string"})
    return tag("xs:simpleType", inside, {"name": codelist.id})


def _attribute(component: Component, use: str) -> str:
    kind = component.codelist or _TYPES[component.text]
    return tag("xs:attribute", "", {"name": component.id, "type": kind, "use": use})


def _prohibited(name: str, kind: str) -> str:
    return tag("xs:attribute", "", {"name": name, "type": kind, "use": "prohibited"})


def _type(name: str, base: str, elements: str, attributes: str) -> str:
    inside = tag("xs:sequence", _NOTES + elements) + attributes
    restricted = tag("xs:restriction", inside, {"base": f"dsd:{base}"})
    return tag("xs:complexType", tag("xs:complexContent", restricted), {"name": name})


def _element(name: str, *, many: bool) -> str:
    return tag("xs:element", "", {
        "name": name, "type": f"{name}Type", "form": "unqualified", "minOccurs": 0,
        "maxOccurs": "unbounded" if many else None,
    })  # fmt: skip


def _data_set(inside: str, series: bool, sdmx: str) -> str:
    provider = ('<xs:element name="DataProvider" type="common:DataProviderReferenceType"'
                ' form="unqualified" minOccurs="0"/>')  # fmt: skip
    element = tag("xs:element", "", {"name": inside, "type": f"{inside}Type", "form": "unqualified",
                                     "maxOccurs": "unbounded" if sdmx == V21 else None})  # fmt: skip
    bounds = {"minOccurs": 0, **({} if sdmx == V21 else {"maxOccurs": "unbounded"})}
    base = "TimeSeriesDataSetType" if series and sdmx == V21 else "DataSetType"
    return _type("DataSetType", base, provider + tag("xs:choice", element, bounds), "")


def data_schema(
    target: str, components: Sequence[Component], codelists: Mapping[str, Artefact],
    allowed: Mapping[str, Sequence[str]], observed: str, sdmx: str,
) -> bytes:  # fmt: skip
    """The schema whose namespace is `target`: what `allowed` does not name, its list allows.

    `observed` is the dimension at the observation level, or AllDimensions.
    """
    keys = [c for c in components if c.role in ("dimension", "time")]
    others = [c for c in components if c.role in ("measure", "attribute")]
    at = [c for c in keys if observed in (ALL, c.id)]
    lists = {c.codelist: allowed.get(c.id, ()) for c in components if c.codelist}
    types = "".join(_codes(codelists[name], codes) for name, codes in lists.items())
    time_series = observed == TIME
    pre = "TimeSeries" if time_series and sdmx == V21 else ""
    comp = "" if sdmx == V21 else _COMP
    time = _prohibited("TIME_PERIOD", "common:ObservationalTimePeriodType")
    obs = "".join(_attribute(c, "required") for c in at)
    obs += "".join(_attribute(c, "optional") for c in others)
    obs = _prohibited("type", "common:IDType") + (obs if TIME in {c.id for c in at} else time + obs)
    types += _type("ObsType", f"{pre}ObsType", comp, obs)
    if observed != ALL:
        series = "".join(_attribute(c, "required") for c in keys if c not in at)
        series = time + series if time_series else series
        base = "TimeSeriesType" if pre else "SeriesType"
        types += _type("SeriesType", base, comp + _element("Obs", many=True), series)
    types += _data_set("Obs" if observed == ALL else "Series", time_series, sdmx)
    return _whole(target, types, sdmx)


def _whole(target: str, types: str, sdmx: str) -> bytes:
    imports = "".join(
        tag("xs:import", "", {"namespace": namespace(sdmx, module), "schemaLocation": place})
        for module, place in (("data/structurespecific", "SDMXDataStructureSpecific.xsd"),
                              ("common", "SDMXCommon.xsd"))
    )  # fmt: skip
    attributes = {
        "xmlns:xs": "http://www.w3.org/2001/XMLSchema", "xmlns": target, "targetNamespace": target,
        "xmlns:dsd": namespace(sdmx, "data/structurespecific"),
        "xmlns:common": namespace(sdmx, "common"), "elementFormDefault": "qualified",
        "attributeFormDefault": "unqualified",
    }  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + tag("xs:schema", imports + types, attributes)
    ).encode()
