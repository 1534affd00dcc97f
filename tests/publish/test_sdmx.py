"""SDMX-CSV of the labour dataflow, by the SDMX REST 2 path, read back as a client would."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import httpx
import pytest

FLOW = "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0"
KEY = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.current"


@pytest.fixture(scope="module")
def sdmx(live_site: str) -> httpx.Client:
    return httpx.Client(base_url=live_site, timeout=60)


def _rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_full_key_is_one_series(sdmx: httpx.Client) -> None:
    answer = sdmx.get(f"{FLOW}/{KEY}")
    assert answer.headers["content-type"] == "application/vnd.sdmx.data+csv; version=2.0.0"
    rows = _rows(answer)
    values = {r["TIME_PERIOD"]: r["OBS_VALUE"] for r in rows}
    assert values["2024"] == "13.3"
    assert values["1999"] == "13.8"
    assert {r["STRUCTURE_ID"] for r in rows} == {"MARSAD:DF_LABOUR(1.0)"}
    assert {r["ACTION"] for r in rows} == {"I"}


def test_wildcards_and_components_say_the_same(sdmx: httpx.Client) -> None:
    by_key = _rows(sdmx.get(f"{FLOW}/A.MA.unemployment_rate.*._T.Y_GE15._T._T.*.*.*"))
    asked = {"FREQ": "A", "REF_AREA": "MA", "INDICATOR": "unemployment_rate", "SEX": "_T",
             "AGE": "Y_GE15", "URBANISATION": "_T", "EDUCATION_LEV": "_T"}  # fmt: skip
    query = "&".join(f"{quote(f'c[{name}]')}={code}" for name, code in asked.items())
    assert _rows(sdmx.get(f"{FLOW}/*?{query}")) == by_key
    assert {r["SURVEY"] for r in by_key} == {"ENE", "RGPH2024", "RGPH2014", "ILO_MODELLED"}


def test_a_range_of_periods(sdmx: httpx.Client) -> None:
    rows = _rows(sdmx.get(f"{FLOW}/{KEY}?c%5BTIME_PERIOD%5D=ge:2020%2Ble:2022"))
    assert [r["TIME_PERIOD"] for r in rows] == ["2020", "2021", "2022"]


def test_version_1_when_it_is_asked_for(sdmx: httpx.Client) -> None:
    accept = {"Accept": "application/vnd.sdmx.data+csv;version=1.0.0"}
    answer = sdmx.get(f"{FLOW}/{KEY}", headers=accept)
    assert answer.headers["content-type"].endswith("version=1.0.0")
    assert next(csv.reader(io.StringIO(answer.text)))[:3] == ["DATAFLOW", "FREQ", "REF_AREA"]


def test_codes_are_valid_sdmx_identifiers(sdmx: httpx.Client) -> None:
    rows = _rows(sdmx.get(f"{FLOW}/*.MA.unemployment_rate+skills_asked.*.*.*.*.*.*.*.*"))
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-@$")
    names = ("FREQ", "REF_AREA", "INDICATOR", "SURVEY", "AGE", "OCCUPATION", "CATEGORY", "VINTAGE")
    assert {r["INDICATOR"] for r in rows} == {"unemployment_rate", "skills_asked"}
    assert not [r[n] for r in rows for n in names if set(r[n]) - allowed]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{FLOW}/A.MA", 400),
        (f"{FLOW}/{KEY}?c%5BCOLOUR%5D=red", 400),
        (f"{FLOW}/{KEY}?detail=full", 400),
        ("/sdmx/3.0/data/dataflow/MARSAD/NOTHING/1.0/*", 404),
        (f"{FLOW}/A.MA.nothing.*.*.*.*.*.*.*.*", 404),
        (f"{FLOW}/A.MA-07.unemployment_rate.ILO_MODELLED.*.*.*.*.*.*.*", 204),
    ],
)
def test_errors_have_the_statuses_of_the_standard(
    sdmx: httpx.Client, path: str, status: int
) -> None:
    assert sdmx.get(path).status_code == status


def test_an_unknown_format_is_406(sdmx: httpx.Client) -> None:
    answer = sdmx.get(f"{FLOW}/{KEY}", headers={"Accept": "application/x-unknown-thing"})
    assert answer.status_code == 406
