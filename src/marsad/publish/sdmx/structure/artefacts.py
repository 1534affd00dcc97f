"""Structural metadata as SDMX sees it: maintained artefacts, what they hold and refer to.

An `Artefact` says nothing of a format; `KINDS` gives, for each kind, its names in the two versions
of the standard (SDMX 2.1 and 3.0, information model, section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from marsad.base.labels import Text

AGENCY, PRODUCER = "MARSAD", "HCP"
OWNERS = {"CL_EDUCATION_LEV": PRODUCER}
"""Artefact -> who maintains it, where that is not Marsad."""
V21, V30, V31 = "2.1", "3.0", "3.1"
"""Versions of the standard; 3.1 has the artefacts of 3.0, with a few differences of form."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of artefact: its resource in REST, its class in a URN, its elements and JSON name.

    `box21` and `box30` are the elements that hold it in a structure message, empty where that
    version of the standard does not know the kind.
    """

    resource: str
    package: str
    cls: str
    box21: str
    box30: str
    json: str
    item: str = ""  # class of its items
    items_json: str = ""
    fixed: bool = False  # version 1.0 for ever
    final: bool = True  # whether SDMX 2.1 lets it be final


_ORG = "OrganisationSchemes/"
KINDS: dict[str, Kind] = {
    kind.resource: kind
    for kind in (
        Kind("agencyscheme", "base", "AgencyScheme", _ORG, "AgencySchemes", "agencySchemes",
             "Agency", "agencies", fixed=True, final=False),
        Kind("dataconsumerscheme", "base", "DataConsumerScheme", _ORG, "DataConsumerSchemes",
             "dataConsumerSchemes", "DataConsumer", "dataConsumers", fixed=True, final=False),
        Kind("dataproviderscheme", "base", "DataProviderScheme", _ORG, "DataProviderSchemes",
             "dataProviderSchemes", "DataProvider", "dataProviders", fixed=True, final=False),
        Kind("organisationunitscheme", "base", "OrganisationUnitScheme", _ORG,
             "OrganisationUnitSchemes", "organisationUnitSchemes", "OrganisationUnit",
             "organisationUnits", fixed=True),
        Kind("dataflow", "datastructure", "Dataflow", "Dataflows", "Dataflows", "dataflows"),
        Kind("metadataflow", "metadatastructure", "Metadataflow", "Metadataflows",
             "Metadataflows", "metadataflows"),
        Kind("categoryscheme", "categoryscheme", "CategoryScheme", "CategorySchemes",
             "CategorySchemes", "categorySchemes", "Category", "categories"),
        Kind("categorisation", "categoryscheme", "Categorisation", "Categorisations",
             "Categorisations", "categorisations"),
        Kind("codelist", "codelist", "Codelist", "Codelists", "Codelists", "codelists", "Code",
             "codes"),
        Kind("hierarchicalcodelist", "codelist", "HierarchicalCodelist", "HierarchicalCodelists",
             "", "", "Hierarchy"),
        Kind("hierarchy", "codelist", "Hierarchy", "", "Hierarchies", "hierarchies"),
        Kind("conceptscheme", "conceptscheme", "ConceptScheme", "Concepts", "ConceptSchemes",
             "conceptSchemes", "Concept", "concepts"),
        Kind("metadatastructure", "metadatastructure", "MetadataStructure", "MetadataStructures",
             "MetadataStructures", "metadataStructures"),
        Kind("datastructure", "datastructure", "DataStructure", "DataStructures",
             "DataStructures", "dataStructures"),
        Kind("structureset", "mapping", "StructureSet", "StructureSets", "", ""),
        Kind("representationmap", "structuremapping", "RepresentationMap", "",
             "RepresentationMaps", "representationMaps"),
        Kind("reportingtaxonomy", "categoryscheme", "ReportingTaxonomy", "ReportingTaxonomies",
             "ReportingTaxonomies", "reportingTaxonomies", "ReportingCategory",
             "reportingCategories"),
        Kind("process", "process", "Process", "Processes", "Processes", "processes"),
        Kind("contentconstraint", "registry", "ContentConstraint", "Constraints", "", ""),
        Kind("dataconstraint", "registry", "DataConstraint", "", "DataConstraints",
             "dataConstraints"),
        Kind("provisionagreement", "registry", "ProvisionAgreement", "ProvisionAgreements",
             "ProvisionAgreements", "provisionAgreements"),
    )
}  # fmt: skip
ITEM_SCHEMES = frozenset(k.resource for k in KINDS.values() if k.item)


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to an artefact, or to one item of it (nested ids joined by dots)."""

    kind: str
    id: str
    item: str = ""
    agency: str = AGENCY

    def urn(self, sdmx: str) -> str:
        """The URN in the names of one version of the standard."""
        kind = KINDS[self.kind]
        cls = kind.item if self.item else kind.cls
        urn = f"urn:sdmx:org.sdmx.infomodel.{kind.package}.{cls}={self.agency}:{self.id}"
        return f"{urn}({version(self.kind, sdmx)})" + (f".{self.item}" if self.item else "")


@dataclass(frozen=True, slots=True)
class Item:
    """A code, concept, category, organisation, step or hierarchical code.

    `parent` is the id of another item of a flat scheme; `items` are inside it, in a nested one.
    """

    id: str
    name: Text
    description: Text = field(default_factory=dict)
    parent: str = ""
    items: tuple[Item, ...] = ()
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a structure: `role` is dimension, time, measure or attribute.

    Its values are the codes of `codelist`, or texts of the SDMX data type `text`.
    """

    id: str
    role: str
    codelist: str = ""
    text: str = "String"
    mandatory: bool = False

    @property
    def enumeration(self) -> Ref:
        """The reference to its code list."""
        return Ref("codelist", self.codelist, "", OWNERS.get(self.codelist, AGENCY))


@dataclass(frozen=True, slots=True)
class Artefact:
    """A maintained artefact. `refs` are its references in the order its format wants them.

    `region` holds the codes a constraint allows for each component, `period` its first and last
    period, `role` Actual or Allowed, `selection` the nested ids held where not all are asked for, `pairs` what a map maps, `counts` observations and series.
    """

    kind: str
    id: str
    name: Text
    description: Text = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    components: tuple[Component, ...] = ()
    refs: tuple[Ref, ...] = ()
    agency: str = AGENCY
    partial: bool = False
    selection: tuple[str, ...] = ()
    region: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period: tuple[str, ...] = ()
    role: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def ref(self) -> Ref:
        """The reference to this artefact."""
        return Ref(self.kind, self.id, "", self.agency)

    def urn(self, sdmx: str) -> str:
        """Its URN in one version of the standard."""
        return self.ref.urn(sdmx)

    def every_ref(self) -> Iterator[Ref]:
        """All references, those of items and components included."""
        yield from self.refs
        for component in self.components:
            if component.codelist:
                yield component.enumeration
        for item in nested(self.items):
            yield from item.refs


def nested(items: tuple[Item, ...]) -> Iterator[Item]:
    """Items and all items inside them, parents first."""
    for item in items:
        yield item
        yield from nested(item.items)


def version(kind: str, sdmx: str) -> str:
    """The version every artefact bears: 1.0, which is 1.0.0 in the semantic form of SDMX 3.0."""
    fixed = KINDS[kind].fixed or (sdmx == V31 and kind == "categorisation")
    return "1.0" if sdmx == V21 or fixed else "1.0.0"


def known(kind: str, sdmx: str) -> bool:
    """Whether a version of the standard knows this kind."""
    return bool(KINDS[kind].box21 if sdmx == V21 else KINDS[kind].box30)
