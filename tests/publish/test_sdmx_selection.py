"""What SDMX REST 2.x lets a question say: values, several conditions, order, several structures, times by
their first day; and refusals in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest
from lxml import etree
from tests.publish.sdmx_checks import (
    CSV1,
    CSV2,
    FORMATS,
    GEN21,
    GENTS21,
    JSON1,
    JSON2,
    RATE,
    SS21,
    SS30,
    V2,
    check,
    csv_rows,
    data_xsd,
    json_schema,
)
from tests.publish.sdmx_release import served, xsd

BOTH = "/sdmx/3.0/data/dataflow/MARSAD/DF_UNEMPLOYMENT_RATE,DF_NEW_ADS"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    for address in served(tmp_path_factory.mktemp("sdmx")):
        with httpx2.Client(base_url=address) as opened:
            yield opened


def _periods(client: httpx2.Client, question: str) -> list[str]:
    return [r["TIME_PERIOD"] for r in csv_rows(client, f"{V2}/{RATE}?{question}")]


def test_values_are_compared_as_numbers(client: httpx2.Client) -> None:
    def values(question: str) -> list[float]:
        return [float(r["OBS_VALUE"]) for r in csv_rows(client, f"{V2}/{RATE}?{question}")]

    every = values("")
    assert values("c[OBS_VALUE]=ge:9.3") == [v for v in every if v >= 9.3]
    assert values("c[OBS_VALUE]=gt:9.1%2Blt:9.4") == [v for v in every if 9.1 < v < 9.4]
    assert values("c[OBS_VALUE]=99.25") == [99.25]
    assert values("c[OBS_VALUE]=ne:99.25") == [v for v in every if v != 99.25]
    counts = csv_rows(client, f"{V2}?c[N_UNITS]=ge:4&c[INDICATOR]=new_ads")
    assert {r["N_UNITS"] for r in counts} == {"4", "5", "6"}
    synthetic = csv_rows(client, f"{V2}?c[SYNTHETIC]=true")
    assert {r["INDICATOR"] for r in synthetic} == {"new_ads"}
    assert csv_rows(client, f"{V2}?c[SOURCE]=co:HCP&c[INDICATOR]=employment_rate")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ge:2016%2Ble:2017", ["2016", "2017"]),
        ("ge:2016%2Ble:2017,ge:2022%2Ble:2023", ["2016", "2017", "2022", "2023"]),
        ("2015,2020", ["2015", "2020"]),
        ("le:2015,2020,ge:2024", ["2015", "2020", "2024"]),
        ("ge:2022%2Bne:2023", ["2022", "2024"]),
    ],
)
def test_several_operators_of_time(
    client: httpx2.Client, question: str, expected: list[str]
) -> None:
    assert _periods(client, f"c[TIME_PERIOD]={question}") == expected


def test_alternatives_of_unequal(client: httpx2.Client) -> None:
    """A comma is or: two inequalities that are alternatives hold for everything."""
    every = _periods(client, "")
    assert _periods(client, "c[TIME_PERIOD]=ne:2015,ne:2016") == every
    assert _periods(client, "c[TIME_PERIOD]=ne:2015%2Bne:2016") == every[2:]


def test_data_are_sorted_as_asked(client: httpx2.Client) -> None:
    every = _periods(client, "")
    assert _periods(client, "sort=TIME_PERIOD:desc") == every[::-1]
    assert _periods(client, "sort=TIME_PERIOD:desc&limit=2") == every[::-1][:2]
    rows = csv_rows(client, f"{V2}?sort=OBS_VALUE:desc%2BTIME_PERIOD&c[OBS_VALUE]=ge:0")
    values = [float(r["OBS_VALUE"]) for r in rows]
    assert values == sorted(values, reverse=True)
    rows = csv_rows(client, f"{V2}?sort=INDICATOR%2BTIME_PERIOD:desc")
    assert [r["INDICATOR"] for r in rows] == sorted(r["INDICATOR"] for r in rows)


@pytest.mark.parametrize("accept", FORMATS)
def test_every_format_holds_sorted_data_series_by_series(
    client: httpx2.Client, accept: str
) -> None:
    path = "/sdmx/3.0/data/dataflow/MARSAD/DF_NEW_ADS?sort=TIME_PERIOD:desc%2BOCCUPATION"
    content = client.get(path, headers={"Accept": accept}).content
    check(client, accept, "DF_NEW_ADS", "TIME_PERIOD", content)
    if accept == SS30:
        series = [*etree.fromstring(content).iter("{*}Series")]
        assert [s.get("OCCUPATION") for s in series] == ["2512", "_T"]
        for one in series:
            assert [o.get("TIME_PERIOD") for o in one][:2] == ["2025-06", "2025-05"]


def test_several_structures_are_datasets_of_one_message(client: httpx2.Client) -> None:
    alone = [
        len(csv_rows(client, f"/sdmx/3.0/data/dataflow/MARSAD/{flow}"))
        for flow in ("DF_UNEMPLOYMENT_RATE", "DF_NEW_ADS")
    ]
    rows = csv_rows(client, BOTH)
    flows = [r["STRUCTURE_ID"].partition(":")[2].partition("(")[0] for r in rows]
    assert flows == ["DF_UNEMPLOYMENT_RATE"] * alone[0] + ["DF_NEW_ADS"] * alone[1]
    paged = csv_rows(client, f"{BOTH}?offset={alone[0] - 1}&limit=3")
    assert [r["INDICATOR"] for r in paged] == ["unemployment_rate", "new_ads", "new_ads"]
    message = client.get(BOTH, headers={"Accept": JSON2}).json()
    json_schema("sdmx20/sdmx-json-data-schema.json").validate(message)
    assert [s["structure"] for s in message["data"]["dataSets"]] == [0, 1]
    assert [s["dataSets"] for s in message["data"]["structures"]] == [[0], [1]]
    generic = etree.fromstring(client.get(BOTH, headers={"Accept": GEN21}).content)
    xsd("2.1").assertValid(generic)
    named = [d.get("structureRef") for d in generic.iter("{*}DataSet")]
    assert named == ["DF_UNEMPLOYMENT_RATE", "DF_NEW_ADS"]
    for accept in (SS21, SS30, GENTS21, CSV1):
        assert client.get(BOTH, headers={"Accept": accept}).status_code == 200
    assert client.get(BOTH, headers={"Accept": JSON1}).status_code == 406


def test_every_provision_agreement_is_a_dataset(client: httpx2.Client) -> None:
    rows = csv_rows(client, "/sdmx/3.0/data/provisionagreement/*")
    assert {r["STRUCTURE"] for r in rows} == {"dataprovision"}
    assert {r["STRUCTURE_ID"].partition(":")[2].partition("(")[0] for r in rows} == {
        "PA_HCP_UNEMPLOYMENT_RATE", "PA_HCP_EMPLOYMENT_RATE", "PA_MARSAD_NEW_ADS",
    }  # fmt: skip
    assert client.get("/sdmx/3.0/data/*/*/NOTHING").status_code == 404
    either = csv_rows(client, "/sdmx/3.0/data/*/*/PA_MARSAD_NEW_ADS")
    assert len(either) == 12


@pytest.mark.parametrize(
    ("question", "first"),
    [("c[FREQ]=A", "2015"), ("c[FREQ]=A,Q", "2015-01"), ("", "2015-01-01")],
)
def test_normalised_times_are_first_days(client: httpx2.Client, question: str, first: str) -> None:
    rows = csv_rows(client, f"{V2}?{question}", f"{CSV2};timeFormat=normalized")
    assert rows[0]["TIME_PERIOD"] == first
    assert {len(r["TIME_PERIOD"]) for r in rows} == {len(first)}
    plain = csv_rows(client, f"{V2}?{question}")
    assert [r["OBS_VALUE"] for r in rows] == [r["OBS_VALUE"] for r in plain]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("c[COLOUR]=red", {"fr": "composant", "ar": "مكونات", "en": "component"}),
        ("c[OBS_VALUE]=ge:many", {"fr": "nombre", "ar": "عددا", "en": "number"}),
        ("c[OBS_VALUE]=co:1", {"fr": "opérateur", "ar": "العملية", "en": "operator"}),
        ("sort=colour", {"fr": "l’un de", "ar": "واحد", "en": "one of"}),
        ("limit=-1", {"fr": "entier", "ar": "صحيح", "en": "whole"}),
    ],
)  # fmt: skip
def test_refusals_are_in_the_readers_language(
    client: httpx2.Client, path: str, words: dict[str, str]
) -> None:
    for language, word in words.items():
        answer = client.get(f"{V2}?{path}", headers={"Accept-Language": language})
        error = answer.json()["errors"][0]
        assert (answer.status_code, answer.headers["content-language"]) == (400, language)
        assert word in error["detail"]
        assert error["detail"] == error["details"][language]
        assert error["title"] == error["titles"][language]
    xml = client.get(f"{V2}?{path}", headers={"Accept": "application/xml"}).text
    assert all(word in xml for word in words.values())
    assert json.loads(answer.content)["errors"][0]["code"] == 400


META_JSON = "application/vnd.sdmx.metadata+json;version=2.0.0"
META_ML = "application/vnd.sdmx.metadata+xml;version=3.0.0"


@pytest.mark.parametrize("detail", ["full", "allstubs"])
@pytest.mark.parametrize(
    "path",
    ["metadataset/MARSAD/MDS_UNEMPLOYMENT_RATE/1.0.0", "metadataset/*/MDS_UNEMPLOYMENT_RATE",
     "structure/dataflow/MARSAD/DF_UNEMPLOYMENT_RATE/~"],
)  # fmt: skip
def test_a_method_note_is_a_metadata_set(client: httpx2.Client, path: str, detail: str) -> None:
    url = f"/sdmx/3.0/metadata/{path}?detail={detail}"
    message = client.get(url, headers={"Accept": META_JSON, "Accept-Language": "fr"}).json()
    json_schema("sdmx20/sdmx-json-metadata-schema.json").validate(message)
    (note,) = message["data"]["metadataSets"]
    assert note["name"] == "Notes de méthode – Taux de chômage"
    assert note["targets"][0].endswith("Dataflow=MARSAD:DF_UNEMPLOYMENT_RATE(1.0.0)")
    root = etree.fromstring(client.get(url, headers={"Accept": META_ML}).content)
    xsd("3.0").assertValid(root)
    if detail == "full":
        parts = {a["id"]: a["value"] for a in note["attributes"]}
        assert parts["DEFINITION"]["en"].startswith("Unemployed people aged 15")
        written = [a.get("id") for a in root.iter("{*}Attribute")]
        assert written == [a["id"] for a in note["attributes"]]


def test_every_note_and_none(client: httpx2.Client) -> None:
    flows = client.get("/sdmx/3.0/structure/dataflow").json()["data"]["dataflows"]
    every = client.get("/sdmx/3.0/metadata/metadataflow/MARSAD/MDF_METHOD").json()["data"]
    assert len(every["metadataSets"]) == len(flows) - 1  # all but the one over everything
    for path in ("metadataflow/MARSAD/OTHER", "metadataset/HCP", "metadataset/MARSAD/X/2.0.0",
                 "structure/codelist/MARSAD/CL_SEX"):  # fmt: skip
        assert client.get(f"/sdmx/3.0/metadata/{path}").status_code == 204
    assert client.get("/sdmx/3.0/metadata/colour").status_code == 400


def test_the_media_types_of_sdmx_31(client: httpx2.Client) -> None:
    """Structures and data in the forms of SDMX 3.1, by its own schemas; constraints of what is present are
    there told by availability queries alone."""

    def get(path: str, accept: str) -> bytes:
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code == 200, answer.text[:300]
        assert answer.headers["content-type"].replace(" ", "") == accept
        return answer.content

    structure = "application/vnd.sdmx.structure"
    xsd("3.1").assertValid(
        etree.fromstring(get("/sdmx/3.0/structure/*", f"{structure}+xml;version=3.1.0"))
    )
    message = json.loads(get("/sdmx/3.0/structure/*", f"{structure}+json;version=2.1.0"))
    errors = json_schema("sdmx21/sdmx-json-structure-schema.json").iter_errors(message)
    # «prepared» is a date and a date-time where formats are not checked
    assert [e.message for e in errors if list(e.absolute_path) != ["meta", "prepared"]] == []
    path, data = "/sdmx/3.0/data/dataflow/MARSAD/DF_NEW_ADS", "application/vnd.sdmx.data"
    new = etree.fromstring(get(path, f"{data}+xml;version=3.1.0"))
    assert etree.QName(new).namespace.endswith("v3_1/message")
    old = etree.fromstring(get(path, f"{data}+xml;version=3.0.0"))
    values = [[o.get("OBS_VALUE") for o in m.iter("{*}Obs")] for m in (new, old)]
    assert values[0] == values[1] != []
    schema = data_xsd(client, "3.1", "/sdmx/3.0/schema/dataflow/MARSAD/DF_NEW_ADS", "TIME_PERIOD")
    schema.assertValid(new)
    made = json.loads(get(path, f"{data}+json;version=2.1.0"))
    assert made["meta"]["schema"].endswith("2.1.0/sdmx-json-data-schema.json")
    assert get(path, f"{data}+csv;version=2.1.0") == get(path, f"{data}+csv;version=2.0.0")
