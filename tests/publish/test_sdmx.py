"""SDMX over the embedded default: the real series, read as a client would."""

from __future__ import annotations

import csv
import io

import httpx2
import pytest
from lxml import etree
from tests.publish.sdmx_checks import SS21, data_xsd
from tests.publish.sdmx_release import xsd

FLOW = "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0"
KEY = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N"


@pytest.fixture(scope="module")
def sdmx(live_site: str) -> httpx2.Client:
    return httpx2.Client(base_url=live_site, headers={"Accept": "text/csv"})


def _rows(answer: httpx2.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_a_full_key_is_one_series(sdmx: httpx2.Client) -> None:
    answer = sdmx.get(f"{FLOW}/{KEY}")
    assert answer.headers["content-type"] == "application/vnd.sdmx.data+csv; version=2.0.0"
    rows = _rows(answer)
    values = {r["TIME_PERIOD"]: r["OBS_VALUE"] for r in rows}
    assert values["2024"] == "13.3"
    assert values["1999"] == "13.8"
    assert {r["STRUCTURE_ID"] for r in rows} == {"MARSAD:DF_LABOUR(1.0.0)"}


def test_surveys_are_series_of_their_own(sdmx: httpx2.Client) -> None:
    rows = _rows(sdmx.get(f"{FLOW}/A.MA.unemployment_rate.*._T.Y_GE15._T._T"))
    assert {r["SURVEY"] for r in rows} >= {"ENE", "RGPH2024", "RGPH2014", "ILO_MODELLED"}


def test_every_code_of_the_data_is_in_its_list(sdmx: httpx2.Client) -> None:
    """Data of the whole cube against the schema that the schema resource gives."""
    content = sdmx.get("/sdmx/2.1/data/DF_LABOUR", headers={"Accept": SS21}).content
    schema = data_xsd(sdmx, "2.1", "/sdmx/2.1/schema/dataflow/MARSAD/DF_LABOUR/1.0", "TIME_PERIOD")
    schema.assertValid(etree.fromstring(content))


@pytest.mark.parametrize("root", ["2.1/structure", "3.0/structure/*"])
def test_all_structures_of_the_release_are_valid(sdmx: httpx2.Client, root: str) -> None:
    content = sdmx.get(f"/sdmx/{root}", headers={"Accept": "application/xml"}).content
    xsd(root[:3]).assertValid(etree.fromstring(content))


def test_a_dataflow_for_every_indicator(sdmx: httpx2.Client) -> None:
    from marsad.products.declare import indicators

    content = sdmx.get("/sdmx/2.1/dataflow", headers={"Accept": "*/*"}).content
    flows = {f.get("id") for f in etree.fromstring(content).iter("{*}Dataflow")}
    assert flows == {"DF_LABOUR", *(f"DF_{i.id.upper()}" for i in indicators())}
