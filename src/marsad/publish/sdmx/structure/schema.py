"""The XML schema of structure-specific data, made from the data structure and what a context allows
(SDMX 2.1, section 3A, part IV, 3.4; SDMX 3.0 likewise)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from marsad.publish.sdmx.data.columns import ALL, TIME
from marsad.publish.sdmx.structure.artefacts import KINDS, V21, Artefact, Component, version
from marsad.publish.sdmx.xml import namespace, tag

_TYPES = {"Double": "xs:double", "Long": "xs:long", "Boolean": "xs:boolean", "String": "xs:string",
          "ObservationalTimePeriod": "common:ObservationalTimePeriodType"}  # fmt: skip
_NOTES = '<xs:element ref="common:Annotations" minOccurs="0"/>'


def _named(codelist: Artefact, sdmx: str) -> str:
    """The name that the standard recommends for the type of a code list."""
    parts = (KINDS[codelist.kind].cls, codelist.agency, codelist.id, version(codelist.kind, sdmx))
    return ".".join(parts)


def _codes(codelist: Artefact, allowed: Sequence[str], sdmx: str) -> str:
    codes = frozenset(allowed) or frozenset(i.id for i in codelist.items)
    listed = "".join(
        tag("xs:enumeration", "", {"value": i.id}) for i in codelist.items if i.id in codes
    )
    inside = tag("xs:restriction", listed, {"base": "common:IDType"})
    return tag("xs:simpleType", inside, {"name": _named(codelist, sdmx)})


def _attribute(name: str, kind: str, use: str) -> str:
    return tag("xs:attribute", "", {"name": name, "type": kind, "use": use})


def _type(name: str, base: str, elements: str, attributes: str) -> str:
    inside = tag("xs:sequence", _NOTES + elements) + attributes
    restricted = tag("xs:restriction", inside, {"base": f"dsd:{base}"})
    return tag("xs:complexType", tag("xs:complexContent", restricted), {"name": name})


def _element(name: str, bounds: Mapping[str, object]) -> str:
    named = {"name": name, "type": f"{name}Type", "form": "unqualified"}
    return tag("xs:element", "", {**named, **bounds})


class _Types:
    """The types of one schema: `observed` is the dimension at the observation level."""

    def __init__(
        self, components: Sequence[Component], codelists: Mapping[str, Artefact], observed: str,
        sdmx: str,
    ) -> None:  # fmt: skip
        self.keys = [c for c in components if c.role in ("dimension", "time")]
        self.others = [c for c in components if c.role in ("measure", "attribute")]
        self.lists, self.observed, self.sdmx = codelists, observed, sdmx
        self.old = sdmx == V21
        self.pre = "TimeSeries" if observed == TIME and self.old else ""

    def _uses(self, components: Iterable[Component], use: str) -> str:
        return "".join(_attribute(c.id, self._kind(c), use) for c in components)

    def _kind(self, component: Component) -> str:
        if component.codelist:
            return _named(self.lists[component.codelist], self.sdmx)
        return _TYPES[component.text]

    def _year(self) -> str:
        """No component is the start of the reporting year, which SDMX 2.1 has in every base type."""
        return (
            _attribute("REPORTING_YEAR_START_DAY", "xs:gMonthDay", "prohibited") if self.old else ""
        )

    def _no_time(self) -> str:
        return _attribute(TIME, _TYPES["ObservationalTimePeriod"], "prohibited")

    def observation(self) -> str:
        """ObsType: the key that is told here, the measure, and the attributes of observations."""
        at = [c for c in self.keys if self.observed in (ALL, c.id)]
        timed = TIME in {c.id for c in at}
        if self.pre:  # its base wants the time already
            at = []
        attributes = "" if timed else self._no_time()
        attributes += self._uses(at, "required") + self._uses(self.others, "optional")
        attributes += _attribute("type", "common:IDType", "prohibited") + self._year()
        return _type("ObsType", f"{self.pre}ObsType", "", attributes)

    def series(self) -> str:
        """SeriesType: every dimension but the one of the observations."""
        free = self._no_time() if self.observed == TIME and not self.old else ""
        key = self._uses((c for c in self.keys if c.id != self.observed), "required")
        inside = _element("Obs", {"minOccurs": 0, "maxOccurs": "unbounded"})
        base = "TimeSeriesType" if self.pre else "SeriesType"
        return _type("SeriesType", base, inside, free + key + self._year())

    def parts_of_keys(self) -> str:
        """AttsType of SDMX 3.0: attributes told of a part of a key."""
        return _type("AttsType", "AttsType", "", self._uses((*self.keys, *(
            c for c in self.others if c.role == "attribute")), "optional"))  # fmt: skip

    def data_set(self) -> str:
        """DataSetType: series, or observations that no series groups."""
        provider = ('<xs:element name="DataProvider" type="common:DataProviderReferenceType"'
                    ' form="unqualified" minOccurs="0"/>')  # fmt: skip
        inside = "Obs" if self.observed == ALL else "Series"
        if self.old:
            choice = tag(
                "xs:choice", _element(inside, {"maxOccurs": "unbounded"}), {"minOccurs": 0}
            )
        else:
            both = _element("Atts", {}) + _element(inside, {})
            choice = tag("xs:choice", both, {"minOccurs": 0, "maxOccurs": "unbounded"})
        return _type("DataSetType", f"{self.pre}DataSetType", provider + choice, self._year())


def data_schema(
    target: str, components: Sequence[Component], codelists: Mapping[str, Artefact],
    allowed: Mapping[str, Sequence[str]], observed: str, sdmx: str,
) -> bytes:  # fmt: skip
    """The schema whose namespace is `target`: what `allowed` does not name, its list allows.

    `observed` is the dimension at the observation level, or AllDimensions.
    """
    coded = [c for c in components if c.codelist]
    types = "".join(_codes(codelists[c.codelist], allowed.get(c.id, ()), sdmx) for c in coded)
    made = _Types(components, codelists, observed, sdmx)
    types += made.observation()
    types += made.series() if observed != ALL else ""
    types += made.parts_of_keys() if sdmx != V21 else ""
    return _whole(target, types + made.data_set(), sdmx)


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
