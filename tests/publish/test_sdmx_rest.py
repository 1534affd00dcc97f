"""The SDMX interface over HTTP: availability, schemas, statuses, negotiation, caching."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.publish.sdmx_checks import (
    CSV1,
    CSV2,
    GEN21,
    JSON1,
    JSON2,
    RATE,
    SS21,
    SS30,
    V1,
    V2,
    csv_rows,
    data_xsd,
    json_schema,
)
from tests.publish.sdmx_release import Small, served, xsd

from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.sdmx.answers import download


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    for address in served(tmp_path_factory.mktemp("sdmx")):
        with httpx2.Client(base_url=address) as opened:
            yield opened


def _region(client: httpx2.Client, path: str) -> dict[str, list[str]]:
    root = etree.fromstring(client.get(path).content)
    xsd("2.1").assertValid(root)
    return {
        key.get("id"): [v.text for v in key.findall("{*}Value")] for key in root.iter("{*}KeyValue")
    }


def test_which_codes_have_data(client: httpx2.Client) -> None:
    where = "/sdmx/2.1/availableconstraint/DF_UNEMPLOYMENT_RATE/Q....M......"
    exact = _region(client, where)
    assert (exact["FREQ"], exact["SEX"]) == (["Q"], ["M"])
    free = _region(client, f"{where}?mode=available")
    assert (free["FREQ"], set(free["SEX"])) == (["Q"], {"_T", "M", "F"})
    one = _region(client, f"{where}/all/SEX")
    assert set(one) == {"SEX"}
    every = client.get(f"{where}?references=all")
    lists = etree.fromstring(every.content).iterfind(".//{*}Codelist")
    assert {c.get("id"): len(c.findall("{*}Code")) for c in lists}["CL_SEX"] == 1
    providers = client.get(f"{where}/all/SEX?references=dataproviderscheme").content
    assert [p.get("id") for p in etree.fromstring(providers).iter("{*}DataProvider")] == ["HCP"]
    path = "/sdmx/3.0/availability/dataflow/MARSAD/DF_LABOUR/~/A"
    answer = client.get(path, params={"references": "codelist,dataflow"})
    json_schema("sdmx20/sdmx-json-structure-schema.json").validate(answer.json())
    assert set(answer.json()["data"]) == {"dataConstraints", "codelists", "dataflows"}


def test_a_schema_refuses_a_code_that_is_not_allowed(client: httpx2.Client) -> None:
    schema = data_xsd(
        client, "2.1", "/sdmx/2.1/schema/dataflow/MARSAD/DF_NEW_ADS/1.0", "TIME_PERIOD"
    )
    text = client.get("/sdmx/2.1/data/DF_NEW_ADS", headers={"Accept": SS21}).text
    schema.assertValid(etree.fromstring(text.encode()))
    for wrong in (
        ('FREQ="M"', 'FREQ="Z"'),
        ('"new_ads"', '"open_ads"'),
        ('"ADS_SYNTHETIC"', '"ENE"'),
        ('OBS_VALUE="', 'OBS_VALUE="x'),
    ):
        assert not schema.validate(etree.fromstring(text.replace(*wrong).encode()))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2.1/data/MARSAD,DF_LABOUR,1.0/all/all", 200),
        ("2.1/data/MARSAD,DF_LABOUR,latest/", 200),
        ("2.1/data/DF_LABOUR/A.MA", 400),
        ("2.1/data/DF_LABOUR/A.MA.....................", 400),
        ("2.1/data/NOTHING", 404),
        ("2.1/data/DF_LABOUR/Z..........", 404),
        ("2.1/data/DF_LABOUR/all/WHO", 404),
        ("2.1/data/A,B,C,D", 400),
        ("2.1/data/DF_LABOUR?startPeriod=soon", 400),
        ("2.1/data/DF_LABOUR?startPeriod=2024-Q5", 400),
        ("2.1/data/DF_LABOUR?detail=some", 400),
        ("2.1/data/DF_LABOUR?dimensionAtObservation=COLOUR", 400),
        ("2.1/data/DF_LABOUR?firstNObservations=0", 400),
        ("2.1/data/DF_LABOUR?includeHistory=maybe", 400),
        ("2.1/data/DF_LABOUR?updatedAfter=now", 400),
        ("2.1/data/DF_LABOUR?format=csv", 400),
        ("2.1/availableconstraint/DF_LABOUR/all/all/COLOUR", 400),
        ("2.1/schema/dataflow/MARSAD/NOTHING", 404),
        ("2.1/schema/metadataflow/MARSAD/MDF_METHOD", 501),
        ("2.1/schema/dataflow/MARSAD/DF_LABOUR/1.0?explicitMeasure=true", 200),
        ("2.1/schema/datastructure/MARSAD/DSD_LABOUR", 200),
        ("2.1/schema/provisionagreement/MARSAD/PA_HCP_UNEMPLOYMENT_RATE/latest", 200),
        ("3.0/data", 200),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR/*/*", 200),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR/2.0.0", 404),
        ("3.0/data/dataflow/MARSAD/NOTHING", 404),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR/~/Z", 204),
        ("3.0/data/dataflow/MARSAD/DF_NEW_ADS,DF_LABOUR", 200),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?c[COLOUR]=red", 400),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?c[OBS_VALUE]=ge:5", 200),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?c[SEX]=M&c[SEX]=F", 400),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?asOf=2026-02-01&updatedAfter=2026-03-01", 422),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?sort=*", 200),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?sort=series_key:asc+TIME_PERIOD", 200),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?sort=TIME_PERIOD:desc", 200),
        ("3.0/data/dataflow/MARSAD/DF_LABOUR?detail=full", 400),
        ("3.0/schema/dataflow/MARSAD/DF_LABOUR", 200),
        ("3.0/registration/provisionagreement", 501),
        (f"3.0/data/dataflow/MARSAD/DF_LABOUR?c[SEX]={'M,' * 5000}M", 414),
    ],
)
def test_statuses(client: httpx2.Client, path: str, status: int) -> None:
    answer = client.get(f"/sdmx/{path}")
    assert answer.status_code == status, answer.text[:300]
    if status == 204:
        assert answer.content == b""
    elif status >= 400 and path.startswith("2.1"):
        code = {400: "140", 404: "100"}.get(status, str(status))
        assert etree.fromstring(answer.content).find("{*}ErrorMessage").get("code") == code
    elif status >= 400:
        json_schema("sdmx20/sdmx-json-data-schema.json").validate(answer.json())
        assert answer.json()["errors"][0]["code"] == status


@pytest.mark.parametrize(
    ("root", "accept", "given"),
    [
        ("2.1", "*/*", GEN21),
        ("2.1", "", GEN21),
        ("2.1", "application/xml", GEN21),
        ("2.1", "text/csv", CSV1),
        ("2.1", "application/json", JSON1),
        ("2.1", "application/vnd.sdmx.structurespecificdata+xml", SS21),
        ("2.1", f"text/html, {CSV2};q=0.4, {SS21};q=0.9", SS21),
        ("2.1", f"{SS21};q=0, {CSV1};q=0.1", CSV1),
        ("3.0", "*/*", JSON2),
        ("3.0", "application/xml", SS30),
        ("3.0", "text/csv;q=0.8, text/html", CSV2),
        ("3.0", "application/vnd.sdmx.data+csv;version=2+.0.0", CSV2),
        ("3.0", "application/vnd.sdmx.data+csv;version=9.0.0", None),
        ("3.0", "text/html", None),
    ],
)
def test_content_negotiation(
    client: httpx2.Client, root: str, accept: str, given: str | None
) -> None:
    path = f"{V1 if root == '2.1' else V2}/{RATE}"
    answer = client.get(path, headers={"Accept": accept})
    if given is None:
        assert answer.status_code == 406
    else:
        assert answer.headers["content-type"].replace(" ", "") == given
        assert "Accept" in answer.headers["vary"]


def test_an_answer_already_held_is_not_sent_again(client: httpx2.Client) -> None:
    tag = client.get(f"{V1}/{RATE}").headers["etag"]
    assert client.get(f"{V1}/{RATE}", headers={"If-None-Match": tag}).status_code == 304
    other = {"If-None-Match": tag, "Accept": CSV1}
    assert client.get(f"{V1}/{RATE}", headers=other).status_code == 200
    when = client.get(f"{V1}/{RATE}").headers["last-modified"]
    assert when == "Fri, 20 Mar 2026 09:30:00 GMT"  # the release
    for since, status in ((when, 304), ("Fri, 20 Mar 2026 09:29:59 GMT", 200), ("then", 200)):
        answer = client.get(f"{V1}/{RATE}", headers={"If-Modified-Since": since})
        assert answer.status_code == status
    wrong = client.get(f"{V1}/{RATE}?nothing=1", headers={"If-Modified-Since": when})
    assert wrong.status_code == 400
    both = {"If-Modified-Since": when, "If-None-Match": '"other"'}  # the tag is what counts
    assert client.get(f"{V1}/{RATE}", headers=both).status_code == 200
    head = client.head(f"{V1}/{RATE}")
    assert (head.status_code, head.content) == (200, b"")
    assert "GET" in client.options(f"{V1}/{RATE}").headers["allow"]


def test_too_large_an_answer_is_413(client: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marsad.publish.sdmx.answers.LARGEST", 10)
    assert client.get(V1).status_code == 413
    assert etree.fromstring(client.get(V1).content).find("{*}ErrorMessage").get("code") == "510"
    assert len(csv_rows(client, f"{V2}?limit=10")) == 10


@pytest.mark.parametrize("accept", [SS21, SS30, GEN21, JSON2, CSV2])
@pytest.mark.parametrize(
    "what", ["datastructure/MARSAD/DSD_LABOUR", "provisionagreement/MARSAD/PA_MARSAD_NEW_ADS"]
)
def test_data_of_a_structure_and_of_an_agreement(
    client: httpx2.Client, what: str, accept: str
) -> None:
    """The context asked for is the one that data name, and that their schema has."""
    content = client.get(f"/sdmx/3.0/data/{what}/1.0.0", headers={"Accept": accept}).content
    identifier = what.split("/")[2]
    assert identifier.encode() in content
    if accept in (SS21, SS30):
        sdmx = "2.1" if accept == SS21 else "3.0"
        path = f"/sdmx/{sdmx}/schema/{what}/1.0"
        data_xsd(client, sdmx, path, "TIME_PERIOD").assertValid(etree.fromstring(content))
    elif accept == GEN21:
        xsd("2.1").assertValid(etree.fromstring(content))
    elif accept == JSON2:
        json_schema("sdmx20/sdmx-json-data-schema.json").validate(json.loads(content))


def test_the_openapi_page_describes_the_paths(client: httpx2.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    operation = paths["/sdmx/3.0/data/{context}/{agency}/{id}/{version}/{key}"]["get"]
    names = {p["name"] for p in operation["parameters"]}
    assert {"context", "key", "c", "asOf"} <= names
    assert "/sdmx/2.1/data/{flow}/{key}/{provider}" in paths


def test_a_file_of_the_portal_is_what_the_interface_gives(
    client: httpx2.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reader = Small(tmp_path_factory.mktemp("portal"))
    table = reader.cube(CubeQuery((Filter("indicator", "eq", ("new_ads",)),)))
    ours = download(reader, "new_ads", table, "csv2")
    answer = client.get("/sdmx/3.0/data/dataflow/MARSAD/DF_NEW_ADS", headers={"Accept": CSV2})
    assert ours == answer.content


WORDS = st.sampled_from(
    ["2.1", "3.0", "data", "structure", "schema", "availability", "availableconstraint", "dataflow",
     "codelist", "MARSAD", "DF_LABOUR", "CL_AREA", "1.0", "1.0.0", "all", "latest", "*", "~", "+", "",
     "A..........", "MA-01", "%2F", "%00", "é", "..", "A+Q", "x,y", "-"]
)  # fmt: skip
PAIRS = st.tuples(
    st.sampled_from(["detail", "references", "startPeriod", "endPeriod", "c[FREQ]", "c[TIME_PERIOD]",
                     "c[]", "limit", "offset", "lastNObservations", "dimensionAtObservation", "asOf",
                     "updatedAfter", "attributes", "measures", "sort", "mode", "includeHistory"]),
    st.one_of(st.sampled_from(["full", "all", "none", "2024", "2024-Q1", "2024-W60", "2024-D400", "A",
                               "ge:2020+le:2021", "ne:A,ne:B", "true", "1", "0", "SEX", "9999-12", "*",
                               "AllDimensions", "2026-02-01", "0001-01-01", "eq:", ","]),
              st.text(max_size=6)),
)  # fmt: skip


STARTS = st.sampled_from(
    ["", "2.1", "2.1/data/DF_LABOUR", "2.1/data/DF_LABOUR/all", "2.1/availableconstraint/DF_LABOUR",
     "2.1/codelist/MARSAD", "2.1/schema/dataflow/MARSAD", "3.0/structure/categoryscheme",
     "3.0/data/dataflow/MARSAD/DF_LABOUR/1.0.0", "3.0/data/dataflow/MARSAD/DF_LABOUR/1.0.0/*",
     "3.0/availability/dataflow/MARSAD/DF_LABOUR/*", "3.0/schema/dataflow/MARSAD/DF_LABOUR"]
)  # fmt: skip


@given(start=STARTS, path=st.lists(WORDS, max_size=5), query=st.lists(PAIRS, max_size=3))
@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_breaks_the_server(
    client: httpx2.Client, start: str, path: list[str], query: list[tuple[str, str]]
) -> None:
    """Whatever is asked, the answer is an answer or a refusal of the standard."""
    query_string = "&".join(f"{quote(name)}={quote(value)}" for name, value in query)
    answer = client.get(f"/sdmx/{'/'.join([start, *path])}?{query_string}")
    assert answer.status_code in {200, 204, 307, 400, 404, 406, 422, 501}, answer.text
