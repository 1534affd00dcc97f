"""Structure queries: every kind, format, detail and reference, valid against the schemas of SDMX."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from lxml import etree
from tests.publish.sdmx_checks import json_schema
from tests.publish.sdmx_release import served, xsd

from marsad.publish.sdmx.request import rest1, rest2
from marsad.publish.sdmx.structure.graph import DETAILS, REFERENCES

ML21 = "application/vnd.sdmx.structure+xml;version=2.1"
ML30 = "application/vnd.sdmx.structure+xml;version=3.0.0"
JSON = "application/vnd.sdmx.structure+json;version=2.0.0"
JSON1 = "application/vnd.sdmx.structure+json;version=1.0.0"
CASES = [
    (accept, f"/sdmx/{root}{prefix}/{kind}")
    for root, prefix, kinds, formats in (
        ("2.1", "", rest1.RESOURCES, (ML21, JSON1)),
        ("3.0", "/structure", rest2.TYPES, (ML30, JSON)),
    )
    for accept in formats
    for kind in kinds
]
HOW = sorted({(d, "all") for d in DETAILS} | {("full", r) for r in REFERENCES})


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    for address in served(tmp_path_factory.mktemp("sdmx")):
        with httpx2.Client(base_url=address) as opened:
            yield opened


_SEEN: set[int] = set()


def check(accept: str, content: bytes) -> None:
    """A structure message is valid; each message and each artefact in JSON is checked once."""
    if hash(content) in _SEEN:
        return
    _SEEN.add(hash(content))
    if "json" not in accept:
        xsd("2.1" if "2.1" in accept else "3.0").assertValid(etree.fromstring(content))
        return
    message = json.loads(content)
    for name, listed in message["data"].items():
        fresh = [a for a in listed if hash(json.dumps(a)) not in _SEEN]
        _SEEN.update(hash(json.dumps(a)) for a in listed)
        message["data"][name] = fresh or listed[:1]
    folder = "sdmx10" if accept == JSON1 else "sdmx20"
    json_schema(f"{folder}/sdmx-json-structure-schema.json").validate(message)


@pytest.mark.parametrize(("accept", "path"), CASES)
def test_every_structure_is_valid(client: httpx2.Client, accept: str, path: str) -> None:
    for detail, references in HOW:
        url = f"{path}?detail={detail}&references={references}"
        answer = client.get(url, headers={"Accept": accept})
        if "/2.1/" in path and (detail == "raw" or references == "ancestors"):
            assert answer.status_code == 400
        elif answer.status_code == 200:
            assert answer.headers["content-type"].replace(" ", "") == accept
            check(accept, answer.content)
        else:  # kinds that we know and have none of
            assert answer.status_code == 404, url
            assert not list(_ours(path))


def _ours(path: str) -> Iterator[str]:
    kind = Path(path).name
    if kind not in (*rest2._NEVER, *rest1._VTL, "attachmentconstraint", "geographiccodelist"):
        yield kind


def _ids(content: bytes) -> dict[str, list[str]]:
    """Class -> ids of the artefacts of a structure message."""
    ids: dict[str, list[str]] = {}
    for box in etree.fromstring(content).find("{*}Structures"):
        for a in box:
            ids.setdefault(etree.QName(a).localname, []).append(a.get("id"))
    return ids


def _get(client: httpx2.Client, path: str) -> dict[str, list[str]]:
    answer = client.get(f"/sdmx/2.1/{path}")
    assert answer.status_code == 200, answer.text
    return _ids(answer.content)


def test_the_graph_of_references(client: httpx2.Client) -> None:
    flow = "dataflow/MARSAD/DF_NEW_ADS/1.0"
    alone = {"Dataflow": ["DF_NEW_ADS"]}
    assert _get(client, flow) == alone
    children = _get(client, f"{flow}?references=children")
    assert children == alone | {"DataStructure": ["DSD_LABOUR"]}
    below = _get(client, f"{flow}?references=descendants")
    assert set(below) == {"Dataflow", "DataStructure", "ConceptScheme", "Codelist"}
    assert {"CL_FREQ", "CL_AREA", "CL_OBS_STATUS"} < set(below["Codelist"])
    above = _get(client, f"{flow}?references=parents")
    assert above == alone | {
        "Categorisation": ["CAT_NEW_ADS", "CAT_LEVEL_NEW_ADS"],
        "ProvisionAgreement": ["PA_MARSAD_NEW_ADS"],
        "ContentConstraint": ["CON_ALLOWED_NEW_ADS", "CON_DF_NEW_ADS"],
    }  # fmt: skip
    beside = _get(client, f"{flow}?references=parentsandsiblings")
    assert beside["CategoryScheme"] == ["CAS_THEMES", "CAS_LEVELS"]
    assert "DataStructure" not in beside
    every = _get(client, f"{flow}?references=all")
    assert set(every) == set(beside) | set(below)
    assert _get(client, f"{flow}?references=codelist").keys() == {"Dataflow", "Codelist"}
    flows = _get(client, "datastructure/MARSAD/DSD_LABOUR?references=dataflow")
    assert "DF_LABOUR" in flows["Dataflow"]


def test_items_alone_and_with_what_they_lie_in(client: httpx2.Client) -> None:
    content = client.get("/sdmx/2.1/codelist/MARSAD/CL_FREQ/1.0/A+Q").content
    codelist = etree.fromstring(content).find(".//{*}Codelist")
    assert codelist.get("isPartial") == "true"
    assert [code.get("id") for code in codelist.findall("{*}Code")] == ["A", "Q"]
    assert client.get("/sdmx/2.1/codelist/MARSAD/CL_FREQ/1.0/X").status_code == 404
    assert client.get("/sdmx/3.0/structure/codelist/MARSAD/CL_FREQ/1.0.0/X").status_code == 404
    assert client.get("/sdmx/2.1/dataflow/MARSAD/DF_LABOUR/1.0/A").status_code == 400
    one = "categoryscheme/MARSAD/CAS_THEMES/latest/JOB_ADS?references=categorisation"
    assert set(_get(client, one)["Categorisation"]) < set(
        _get(client, "categorisation")["Categorisation"]
    )
    tree = client.get("/sdmx/2.1/hierarchicalcodelist/MARSAD/HCL_AREA/1.0/H_AREA").content
    assert len(etree.fromstring(tree).findall(".//{*}HierarchicalCode")) > 80


def test_stubs_say_where_the_whole_is(client: httpx2.Client) -> None:
    answer = client.get("/sdmx/2.1/codelist/MARSAD/CL_SEX?detail=allstubs")
    stub = etree.fromstring(answer.content).find(".//{*}Codelist")
    assert stub.get("isExternalReference") == "true"
    assert not stub.findall("{*}Code")
    whole = client.get(stub.get("structureURL"))
    assert len(etree.fromstring(whole.content).findall(".//{*}Code")) == 3
    half = client.get(
        "/sdmx/2.1/dataflow/MARSAD/DF_NEW_ADS?detail=referencestubs&references=children"
    )
    assert etree.fromstring(half.content).find(".//{*}Dataflow").get("isExternalReference") is None
    assert etree.fromstring(half.content).find(".//{*}DataStructure").get("structureURL")


def test_a_partial_reference_holds_what_the_dataflow_uses(client: httpx2.Client) -> None:
    url = "/sdmx/2.1/dataflow/MARSAD/DF_NEW_ADS?references=descendants&detail=referencepartial"
    root = etree.fromstring(client.get(url).content)
    lists = {
        c.get("id"): [code.get("id") for code in c.findall("{*}Code")]
        for c in root.iterfind(".//{*}Codelist")
    }
    assert lists["CL_FREQ"] == ["A", "Q", "M", "W", "D"]  # the constraint of the data structure
    assert lists["CL_OCCUPATION"] == ["_T", "2", "25", "251", "2512"]  # parents come along
    assert root.find(".//{*}Codelist[@id='CL_OCCUPATION']").get("isPartial") == "true"


def test_names_in_three_languages(client: httpx2.Client) -> None:
    flow = "/sdmx/3.0/structure/dataflow/MARSAD/DF_UNEMPLOYMENT_RATE/1.0.0"
    answer = client.get(flow, headers={"Accept": JSON, "Accept-Language": "fr-MA, en;q=0.5"})
    dataflow = answer.json()["data"]["dataflows"][0]
    assert dataflow["name"] == "Taux de chômage"
    assert dataflow["names"]["ar"] == "معدل البطالة"
    ml = etree.fromstring(client.get("/sdmx/2.1/dataflow/MARSAD/DF_UNEMPLOYMENT_RATE").content)
    names = {n.get("{http://www.w3.org/XML/1998/namespace}lang") for n in ml.iterfind(".//{*}Name")}
    assert names == {"ar", "fr", "en"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2.1/dataflow/MARSAD/DF_LABOUR/latest/", 200),
        ("2.1/dataflow/", 200),
        ("2.1/dataflow/all/all/all", 200),
        ("2.1/codelist/MARSAD+SDMX/CL_FREQ+CL_SEX/1.0+2.0", 200),
        ("2.1/codelist/MARSAD/CL_FREQ/2.0", 404),
        ("2.1/codelist/OTHER", 404),
        ("2.1/codelist/MARSAD/CL_FREQ/1.0/A/B", 400),
        ("2.1/codelist/MARSAD/CL FREQ", 400),
        ("2.1/codelist/4A", 400),
        ("2.1/codelist/MARSAD/CL_FREQ/new", 400),
        ("2.1/codelist?detail=some", 400),
        ("2.1/codelist?references=friends", 400),
        ("2.1/codelist?colour=red", 400),
        ("2.1/codelist?detail=full&detail=full", 400),
        ("2.1/structure/MARSAD?detail=allstubs", 200),
        ("2.1/organisationscheme", 200),
        ("2.1/actualconstraint", 200),
        ("2.1/transformationscheme", 404),
        ("2.1/metadata/MDF_METHOD", 501),
        ("2.1/valuelist", 400),
        ("3.0/structure/codelist/MARSAD/CL_FREQ/1.0", 200),
        ("3.0/structure/codelist/MARSAD/CL_FREQ/1.0.0", 200),
        ("3.0/structure/codelist/MARSAD/CL_FREQ/~", 200),
        ("3.0/structure/codelist/MARSAD/CL_FREQ/1.0+.0", 200),
        ("3.0/structure/codelist/MARSAD/CL_FREQ/1+.2.0", 404),
        ("3.0/structure/codelist/MARSAD/CL_FREQ/2+.0.0", 404),
        ("3.0/structure/codelist/MARSAD/CL_FREQ,CL_SEX", 200),
        ("3.0/structure/*/MARSAD?detail=allstubs", 200),
        ("3.0/structure/valuelist", 404),
        ("3.0/structure/hierarchicalcodelist", 400),
        ("3.0/metadata/metadataset", 200),
        ("3.0/nothing", 400),
    ],
)  # fmt: skip
def test_statuses_of_structure_queries(client: httpx2.Client, path: str, status: int) -> None:
    answer = client.get(f"/sdmx/{path}", headers={"Accept": "application/xml"})
    assert answer.status_code == status, answer.text[:500]
    if status >= 400:
        root = etree.fromstring(answer.content)
        xsd(path[:3]).assertValid(root)
        assert {t.get("{http://www.w3.org/XML/1998/namespace}lang") for t in root.iter("{*}Text")} == {
            "ar", "fr", "en",
        }  # fmt: skip


@pytest.mark.parametrize("root", ["2.1/structure", "3.0/structure/*"])
def test_everything_is_described_in_three_languages(client: httpx2.Client, root: str) -> None:
    """A complete stub has what a stub lacks: a description."""

    def words(detail: str) -> dict[str, set[str]]:
        answer = client.get(
            f"/sdmx/{root}", params={"detail": detail}, headers={"Accept": "application/xml"}
        )
        boxes = etree.fromstring(answer.content).find("{*}Structures")
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        return {
            f"{etree.QName(a).localname} {a.get('id')}": {
                d.get(lang) for d in a.findall("{*}Description") if d.text
            }
            for box in boxes for a in box
        }  # fmt: skip

    complete, stubs = words("allcompletestubs"), words("allstubs")
    assert {name for name, texts in complete.items() if texts != {"ar", "fr", "en"}} == set()
    assert set().union(*stubs.values()) == set()
    whole = client.get(f"/sdmx/{root}", headers={"Accept": "application/xml"}).content
    for kind in ("Category", "DataProvider", "Agency", "DataConsumer"):
        named = etree.fromstring(whole).iter(f"{{*}}{kind}")
        items = [i for i in named if i.get("id")]  # the others are references
        assert items
        assert {len(i.findall("{*}Description")) for i in items} == {3}


def test_maintainers_can_be_told_apart(client: httpx2.Client) -> None:
    def lists(agency: str) -> list[str]:
        answer = client.get(f"/sdmx/2.1/codelist/{agency}?detail=allstubs")
        return [c.get("id") for c in etree.fromstring(answer.content).iter("{*}Codelist")]

    assert lists("HCP") == ["CL_EDUCATION_LEV"]
    assert "CL_EDUCATION_LEV" not in lists("MARSAD")
    assert sorted(lists("MARSAD+HCP")) == sorted(lists("all"))
    flow = client.get(
        "/sdmx/3.0/structure/dataflow/MARSAD/DF_NEW_ADS?references=children&detail=referencepartial"
    ).json()["data"]
    assert [a["id"] for a in flow["agencySchemes"][0]["agencies"]] == ["MARSAD"]
