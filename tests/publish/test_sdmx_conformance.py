"""Structure queries of REST 1.x held against the references that the artefacts themselves bear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import httpx2
import pytest
from lxml import etree
from tests.publish.sdmx_release import served, xsd

Key = tuple[str, str, str]  # class, agency, id
Artefacts = Mapping[Key, etree._Element]
_SCHEMES = {
    "Agency": "AgencyScheme", "DataProvider": "DataProviderScheme", "Category": "CategoryScheme",
    "Code": "Codelist", "Concept": "ConceptScheme",
}  # fmt: skip
_NESTED = {"categoryscheme": "Category", "reportingtaxonomy": "ReportingCategory"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    for address in served(tmp_path_factory.mktemp("sdmx")):
        with httpx2.Client(base_url=f"{address}/sdmx/2.1/") as opened:
            yield opened


def _get(client: httpx2.Client, path: str) -> dict[Key, etree._Element]:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
    boxes = etree.fromstring(answer.content).find("{*}Structures")
    return {
        (etree.QName(a).localname, a.get("agencyID"), a.get("id")): a for box in boxes for a in box
    }


@pytest.fixture(scope="module")
def every(client: httpx2.Client) -> Artefacts:
    return _get(client, "structure/all/all/all")


def _below(artefact: etree._Element) -> set[Key]:
    """What an artefact refers to, read from its references."""
    below = set()
    for ref in artefact.iter("Ref"):
        parent = ref.get("maintainableParentID")
        if ref.get("agencyID"):
            name = _SCHEMES[ref.get("class")] if parent else ref.get("class")
            below.add((name, ref.get("agencyID"), parent or ref.get("id")))
    return below


class Relations:
    """The meaning of each value of `references`, from the references in the artefacts."""

    def __init__(self, every: Artefacts) -> None:
        self.below = {key: _below(a) for key, a in every.items()}
        assert set().union(*self.below.values()) <= every.keys()  # nothing dangles
        self.above = {key: {p for p in every if key in self.below[p]} for key in every}
        self.of: dict[str, Callable[[Key], set[Key]]] = {
            "none": lambda key: set(),
            "children": self.below.__getitem__,
            "parents": self.above.__getitem__,
            "descendants": self._descendants,
            "parentsandsiblings": self._siblings,
            "all": lambda key: self._siblings(key) | self._descendants(key),
        }

    def _siblings(self, key: Key) -> set[Key]:
        return self.above[key].union(*(self.below[p] for p in self.above[key]))

    def _descendants(self, key: Key) -> set[Key]:
        seen: set[Key] = set()
        todo = set(self.below[key])
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo |= self.below[here]
        return seen


def test_references_are_those_the_artefacts_bear(client: httpx2.Client, every: Artefacts) -> None:
    """For one artefact of every kind, each value of `references`, whole and as stubs."""
    relations = Relations(every)
    first = {key[0]: key for key in reversed(list(every))}
    for kind, agency, identifier in first.values():
        key = (kind, agency, identifier)
        for how, related in relations.of.items():
            path = f"{kind.lower()}/{agency}/{identifier}?references={how}&detail=referencestubs"
            artefacts = _get(client, path)
            assert artefacts.keys() == {key, *related(key)}, path
            stubs = {k for k, a in artefacts.items() if a.get("isExternalReference") == "true"}
            assert stubs == artefacts.keys() - {key}
            assert all(artefacts[k].get("structureURL") for k in stubs)


def test_references_by_kind_and_role(client: httpx2.Client) -> None:
    flow = "dataflow/MARSAD/DF_NEW_ADS"
    for name, kept in (("actual", "CON_DF_NEW_ADS"), ("allowed", "CON_ALLOWED_NEW_ADS")):
        artefacts = _get(client, f"{flow}?references={name}constraint")
        assert [i for k, _, i in artefacts if k == "ContentConstraint"] == [kept]
    assert ("DataProviderScheme", "MARSAD", "DATA_PROVIDERS") in _get(
        client, f"{flow}?references=organisationscheme"
    )
    assert _get(client, f"{flow}?references=structure").keys() == _get(
        client, f"{flow}?references=all"
    ).keys()  # fmt: skip


def test_what_is_final(every: Artefacts) -> None:
    """Everything is, but for the schemes of organisations whose schema says that they never are."""
    never = {"AgencyScheme", "DataProviderScheme", "DataConsumerScheme"}
    assert {k[0] for k, a in every.items() if a.get("isFinal") is None} == never
    assert {a.get("version") for a in every.values()} == {"1.0"}


def _paths(element: etree._Element, name: str, prefix: str = "") -> Iterator[str]:
    for item in element.findall(f"{{*}}{name}"):
        yield prefix + item.get("id")
        yield from _paths(item, name, f"{prefix}{item.get('id')}.")


@pytest.mark.parametrize("kind", _NESTED)
def test_nested_items_come_with_what_they_lie_in(
    client: httpx2.Client, every: Artefacts, kind: str
) -> None:
    for _, agency, identifier in [k for k in every if k[0].lower() == kind]:
        root = every[(next(k[0] for k in every if k[0].lower() == kind), agency, identifier)]
        deepest = max(_paths(root, _NESTED[kind]), key=lambda path: path.count("."))
        answer = _get(client, f"{kind}/{agency}/{identifier}/1.0/{deepest}")
        (scheme,) = answer.values()
        assert scheme.get("isPartial") == "true"
        parts = deepest.split(".")
        wanted = [".".join(parts[: n + 1]) for n in range(len(parts))]
        assert list(_paths(scheme, _NESTED[kind])) == wanted
        top = _get(client, f"{kind}/{agency}/{identifier}/1.0/{parts[0]}")
        assert list(_paths(next(iter(top.values())), _NESTED[kind])) == parts[:1]


def test_references_are_those_of_the_items_asked_for(client: httpx2.Client) -> None:
    regions = _get(client, "categoryscheme/MARSAD/CAS_LEVELS/1.0/COUNTRY.REGION?references=parents")
    categorisations = {i for k, _, i in regions if k == "Categorisation"}
    assert "CAT_LEVEL_NEW_ADS" in categorisations  # of regions
    assert "CAT_LEVEL_MISMATCH_INDEX" in categorisations  # of the country, in which they lie
    assert "CAT_LEVEL_UNEMPLOYMENT_RATE" not in categorisations  # of communes
    concepts = _get(client, "conceptscheme/MARSAD/CS_LABOUR/1.0/SEX+OBS_VALUE?references=children")
    assert {i for k, _, i in concepts if k == "Codelist"} == {"CL_SEX"}


def test_hierarchies_alone(client: httpx2.Client) -> None:
    path = "hierarchicalcodelist/MARSAD/HCL_AREA/1.0"
    for wanted in (["H_AREA"], ["H_AREA_GROUPS"], ["H_AREA", "H_AREA_GROUPS"]):
        answer = client.get(f"{path}/{'+'.join(wanted)}")
        root = etree.fromstring(answer.content)
        xsd("2.1").assertValid(root)  # it is no item scheme: there is no isPartial
        assert [h.get("id") for h in root.iter("{*}Hierarchy")] == wanted
    groups = root.find(".//{*}Hierarchy[@id='H_AREA_GROUPS']")
    south = groups.find(".//{*}HierarchicalCode[@id='MA-SUD']")
    inside = [c.get("id") for c in south.findall("{*}HierarchicalCode")]
    assert inside == ["MA-10", "MA-11", "MA-12"]


def test_every_stub_says_where_the_whole_is(client: httpx2.Client, every: Artefacts) -> None:
    stubs = _get(client, "structure?detail=allstubs")
    assert stubs.keys() == every.keys()
    for key in {k[0]: k for k in stubs}.values():
        assert _get(client, stubs[key].get("structureURL")).keys() == {key}


def test_partial_lists_of_a_dataflow_without_data(client: httpx2.Client) -> None:
    """What is allowed counts where nothing is present; there is no actual constraint then."""
    flow = "dataflow/MARSAD/DF_OPEN_ADS"
    lists = _get(client, f"{flow}?references=descendants&detail=referencepartial")
    codes = {
        i: [c.get("id") for c in a.findall("{*}Code")] for (k, _, i), a in lists.items()
        if k == "Codelist"
    }  # fmt: skip
    assert (codes["CL_INDICATOR"], codes["CL_SURVEY"]) == (
        ["open_ads"],
        ["ADS", "ADS_SYNTHETIC", "ADS_REGISTER"],
    )
    constraints = _get(client, f"{flow}?references=contentconstraint")
    assert [i for k, _, i in constraints if k == "ContentConstraint"] == ["CON_ALLOWED_OPEN_ADS"]


def test_partial_schemes_beside_a_dataflow(client: httpx2.Client) -> None:
    artefacts = _get(client, "dataflow/MARSAD/DF_NEW_ADS?references=all&detail=referencepartial")
    items = {
        identifier: [i.get("id") for i in a.iter(f"{{*}}{name}")]
        for (kind, _, identifier), a in artefacts.items()
        for name in [{"CategoryScheme": "Category", "DataProviderScheme": "DataProvider"}.get(kind)]
        if name
    }
    assert items == {
        "CAS_THEMES": ["JOB_ADS"], "CAS_LEVELS": ["COUNTRY", "REGION"], "DATA_PROVIDERS": ["MARSAD"],
    }  # fmt: skip
