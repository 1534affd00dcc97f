"""Data queries: what they select, and every format of it valid against its schema."""

from __future__ import annotations

import random
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
    SSTS21,
    V1,
    V2,
    check,
    csv_rows,
    rows_of,
)
from tests.publish.sdmx_release import FIRST, NOTE, served

from marsad.publish.sdmx.structure.definitions import ATTRIBUTES, DIMENSIONS


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    for address in served(tmp_path_factory.mktemp("sdmx")):
        with httpx2.Client(base_url=address) as opened:
            yield opened


def periods(client: httpx2.Client, path: str) -> list[str]:
    return [row["TIME_PERIOD"] for row in csv_rows(client, path)]


def queries() -> Iterator[tuple[str, str, str]]:
    """200 data queries, made by chance but always the same: (flow, observed, path)."""
    dice = random.Random(2026)
    codes = {"FREQ": "AQM", "REF_AREA": ("MA", "MA-01", "MA-SUD"), "SEX": ("_T", "M")}
    for _ in range(200):
        flow = dice.choice(["DF_LABOUR", "DF_UNEMPLOYMENT_RATE", "DF_NEW_ADS"])
        key = ".".join(
            "+".join(dice.sample(list(codes[d]), dice.randint(1, 2)))
            if d in codes and dice.random() < 0.2
            else ""
            for d in DIMENSIONS.values()
        )
        parameters = {
            "dimensionAtObservation": dice.choice(
                ["", "TIME_PERIOD", "AllDimensions", "SEX", "REF_AREA"]
            ),
            "detail": dice.choice(["", "full", "dataonly", "serieskeysonly", "nodata"]),
            "startPeriod": dice.choice(["", "2016", "2024-Q2", "2025-01"]),
            "endPeriod": dice.choice(["", "", "2024", "2025-03"]),
            "lastNObservations": dice.choice(["", "", "1", "3"]),
            "includeHistory": dice.choice(["", "", "true"]),
        }
        query = "&".join(f"{k}={v}" for k, v in parameters.items() if v)
        observed = parameters["dimensionAtObservation"] or "TIME_PERIOD"
        yield flow, observed, f"/sdmx/2.1/data/{flow}/{key}?{query}"


@pytest.mark.parametrize("accept", FORMATS)
def test_generated_queries_are_valid_in_every_format(client: httpx2.Client, accept: str) -> None:
    with_data = 0
    for flow, observed, path in queries():
        answer = client.get(path, headers={"Accept": accept})
        if accept in (GENTS21, SSTS21) and observed != "TIME_PERIOD":
            assert answer.status_code == 406
        elif answer.status_code != 404:
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"].replace(" ", "") == accept
            check(client, accept, flow, observed, answer.content)
            with_data += 1
    assert with_data > 40


def test_periods_of_mixed_frequencies(client: httpx2.Client) -> None:
    """A bound takes in every period that lies inside it, of any frequency."""
    rate = f"{V1}/..unemployment_rate........?"
    occurring = set(periods(client, f"{rate}startPeriod=2024&endPeriod=2024"))
    assert occurring == {"2024", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"}
    assert set(periods(client, f"{rate}startPeriod=2024-Q2&endPeriod=2024-S1")) == {"2024-Q2"}
    assert set(periods(client, f"{rate}startPeriod=2024-07-01&endPeriod=2024-12")) == {
        "2024-Q3", "2024-Q4",
    }  # fmt: skip
    work = f"{V1}/..employment_rate........?"
    assert periods(client, f"{work}startPeriod=2025-W05&endPeriod=2025-W05") == ["2025-W05"]
    assert set(periods(client, f"{work}startPeriod=2025-M01&endPeriod=2025-D034")) == {
        "2025-W05", "2025-02-03",
    }  # fmt: skip
    assert periods(client, f"{work}startPeriod=2025-02-03T00:00:00") == ["2025-02-03"]
    assert set(periods(client, f"{work}startPeriod=2025-T1")) == {"2025-W05", "2025-02-03"}


@pytest.mark.parametrize("offset", ["", "Z", "+01:00", "%2B01:00", "-05:00"])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024", "2024"), ("2024-01", "2024-12"), ("2024-01-01", "2024-12-31"),
        ("2024-01-01T00:00:00", "2024-12-31T23:59:59.5"), ("2024-A1", "2024-A1"),
        ("2024-S1", "2024-S2"), ("2024-T1", "2024-T3"), ("2024-Q1", "2024-Q4"),
        ("2024-M01", "2024-M12"), ("2024-W01", "2025-W01"), ("2024-D001", "2024-D366"),
    ],
)  # fmt: skip
def test_every_form_of_a_period(client: httpx2.Client, first: str, last: str, offset: str) -> None:
    where = f"{V1}/Q.MA.unemployment_rate.._T......"
    occurring = periods(client, f"{where}?startPeriod={first}{offset}&endPeriod={last}{offset}")
    assert occurring == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]


@pytest.mark.parametrize(
    "wrong",
    ["20240101", "2024-W01-1", "2024-A2", "2024-S3", "2024-Q5", "2024-M1", "2024-W53", "2023-D366",
     "2024-02-30", "2024/P1Y", "2024X", "2024+15:00", "24", ""],
)  # fmt: skip
def test_what_is_no_period(client: httpx2.Client, wrong: str) -> None:
    for name in ("startPeriod", "endPeriod", "updatedAfter"):
        if wrong:
            assert client.get(f"{V1}?{name}={wrong}").status_code == 400
    assert client.get(f"{V1}?startPeriod={wrong}").status_code == 400


def test_keys_and_components_say_the_same(client: httpx2.Client) -> None:
    by_key = csv_rows(client, f"{V1}/Q.MA.unemployment_rate..M+F......")
    assert {r["SEX"] for r in by_key} == {"M", "F"}
    assert csv_rows(client, f"{V2}/Q.MA.unemployment_rate.*.*?c[SEX]=M,F") == by_key
    assert csv_rows(client, f"{V2}?c[FREQ]=Q&c[SEX]=ne:_T&c[INDICATOR]=sw:unemp") == by_key
    two = csv_rows(client, f"{V2}/Q.*.*.*.M,A.MA-01")
    assert {(r["FREQ"], r["REF_AREA"], r["SEX"]) for r in two} == {
        ("Q", "MA", "M"),
        ("A", "MA-01", "_T"),
    }
    assert len(csv_rows(client, f"{V2}/Q.*.*.*.M,A.MA-01?limit=2&offset=3")) == 2
    assert periods(client, f"{V2}/{RATE}?c[TIME_PERIOD]=ge:2020+le:2022") == [
        "2020",
        "2021",
        "2022",
    ]
    assert periods(client, f"{V2}/{RATE}?c[TIME_PERIOD]=gt:2022") == ["2023", "2024"]
    quarters = f"{V2}/Q.MA.unemployment_rate.*._T?c[TIME_PERIOD]"
    assert periods(client, f"{quarters}=gt:2024-S1") == ["2024-Q3", "2024-Q4"]
    assert periods(client, f"{quarters}=lt:2024-S2") == ["2024-Q1", "2024-Q2"]
    assert periods(client, f"{V2}/{RATE}?c[TIME_PERIOD]=2016,2019") == ["2016", "2019"]
    assert periods(client, f"{V2}/{RATE}?c[OBS_STATUS]=P") == ["2015"]


def test_first_and_last_observations(client: httpx2.Client) -> None:
    assert periods(client, f"{V1}/{RATE}?firstNObservations=2") == ["2015", "2016"]
    assert periods(client, f"{V1}/{RATE}?lastNObservations=1") == ["2024"]
    both = f"{V2}/{RATE}?firstNObservations=1&lastNObservations=1"
    assert periods(client, both) == ["2015", "2024"]


def test_providers_choose_surveys(client: httpx2.Client) -> None:
    assert {r["SURVEY"] for r in csv_rows(client, f"{V1}/all/HCP")} == {"ENE", "RGPH2024"}
    assert {r["SURVEY"] for r in csv_rows(client, f"{V1}/all/MARSAD,MARSAD")} == {"ADS_SYNTHETIC"}
    agreed = "/sdmx/3.0/data/provisionagreement/MARSAD/PA_HCP_UNEMPLOYMENT_RATE/1.0.0"
    rows = csv_rows(client, agreed)
    assert {r["STRUCTURE"] for r in rows} == {"dataprovision"}
    assert {r["INDICATOR"] for r in rows} == {"unemployment_rate"}
    assert len(csv_rows(client, "/sdmx/3.0/data/datastructure/MARSAD/DSD_LABOUR")) == len(
        csv_rows(client, V2)
    )


def test_what_was_known_then_and_every_version(client: httpx2.Client) -> None:
    before = csv_rows(client, f"{V2}/{RATE}?asOf=2026-02-01")
    assert before[0]["OBS_VALUE"] == "9.6"
    assert before[-1]["TIME_PERIOD"] == "2023"
    assert csv_rows(client, f"{V2}/{RATE}")[0]["OBS_VALUE"] == "99.25"
    changed = csv_rows(client, f"{V2}/{RATE}?updatedAfter=2026-02-01T00:00:00%2B01:00")
    assert [(r["TIME_PERIOD"], r["ACTION"]) for r in changed] == [("2015", "R"), ("2024", "R")]
    history = csv_rows(client, f"{V1}/{RATE}?includeHistory=true", CSV1)
    first = [r for r in history if r["TIME_PERIOD"] == "2015"]
    assert [r["OBS_VALUE"] for r in first] == ["9.6", "99.25"]
    assert first[0]["VALID_TO"] == first[1]["VALID_FROM"] != ""
    assert first[1]["VALID_TO"] == ""
    ml = client.get(f"{V1}/{RATE}?includeHistory=true", headers={"Accept": SS21})
    sets = etree.fromstring(ml.content).findall("{*}DataSet")
    space = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific}"
    datasets = [
        (s.get(f"{space}action"), s.get(f"{space}validFromDate"), s.get(f"{space}validToDate"))
        for s in sets
    ]
    start = f"{FIRST:%Y-%m-%dT%H:%M:%S}.000Z"
    later = "2026-03-20T09:30:00.000Z"
    assert datasets == [("Replace", start, None), ("Replace", later, None)]
    assert next(o.get("OBS_VALUE") for o in sets[0].iter("Obs")) == "9.6"


GONE = "A.MA.employment_rate........"


@pytest.mark.parametrize("accept", [SS21, SS30, GEN21, JSON1, JSON2])
@pytest.mark.parametrize("query", ["includeHistory=true", "updatedAfter=2026-02-01"])
def test_what_was_removed_is_told(client: httpx2.Client, accept: str, query: str) -> None:
    """A value that a release takes away is in a dataset to delete, with its key alone."""
    answer = client.get(f"{V1}/{GONE}?{query}", headers={"Accept": accept})
    check(client, accept, "DF_LABOUR", "TIME_PERIOD", answer.content)
    if "json" in accept:
        sets = answer.json()["data"]["dataSets"]
        assert [s["action"] for s in sets] == (["Replace"] if "History" in query else []) + [
            "Delete"
        ]
        assert list(sets[-1]["series"].values()) == [{"observations": {"0": []}}]
        return
    dataset = etree.fromstring(answer.content).findall("{*}DataSet")[-1]
    attributes = {etree.QName(name).localname: value for name, value in dataset.attrib.items()}
    assert attributes["action"] == "Delete"
    assert attributes.get("validToDate", "") == (
        "2026-03-20T09:30:00.000Z" if "History" in query else ""
    )
    assert b"42.5" not in etree.tostring(dataset)
    assert client.get(f"{V1}/{GONE}").status_code == 404


def test_removals_in_csv(client: httpx2.Client) -> None:
    rows = csv_rows(client, f"{V1}/{GONE}?includeHistory=true")
    assert [(r["ACTION"], r["OBS_VALUE"], r["OBS_STATUS"]) for r in rows] == [
        ("R", "42.5", "A"), ("D", "", ""),
    ]  # fmt: skip
    assert [r["ACTION"] for r in csv_rows(client, f"{V1}/{GONE}?updatedAfter=2026-02-01")] == ["D"]
    rows = csv_rows(client, f"{V1}/{GONE}?includeHistory=true", CSV1)
    assert [(r["OBS_VALUE"], r["VALID_TO"][:10]) for r in rows] == [("42.5", "2026-03-20")]


def test_details_and_attributes(client: httpx2.Client) -> None:
    bare = csv_rows(client, f"{V1}/{RATE}?detail=dataonly", CSV1)
    assert list(bare[0]) == ["DATAFLOW", *DIMENSIONS.values(), "TIME_PERIOD", "OBS_VALUE"]
    keys = csv_rows(client, f"{V1}?detail=serieskeysonly", CSV1)
    assert list(keys[0]) == ["DATAFLOW", *DIMENSIONS.values()]
    assert len(keys) == len({tuple(k.values()) for k in keys}) == 11
    named = csv_rows(client, f"{V2}/{RATE}?attributes=OBS_STATUS,UNIT_MEASURE")
    assert list(named[0])[-3:] == ["OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS"]
    assert list(csv_rows(client, f"{V2}/{RATE}?attributes=none")[0])[-1] == "OBS_VALUE"
    assert "OBS_VALUE" not in csv_rows(client, f"{V2}/{RATE}?measures=none")[0]
    assert list(csv_rows(client, f"{V2}/{RATE}")[0])[-len(ATTRIBUTES) :] == [
        c.id for c in ATTRIBUTES.values()
    ]
    assert csv_rows(client, "/sdmx/2.1/data/DF_NEW_ADS")[0]["COMMENT_OBS"] == NOTE


@pytest.mark.parametrize("accept", FORMATS)
@pytest.mark.parametrize(
    "query",
    ["measures=none", "attributes=OBS_STATUS", "attributes=none", "attributes=none&measures=none",
     "measures=none&attributes=OBS_STATUS&dimensionAtObservation=AllDimensions", "limit=3&offset=2",
     "asOf=2026-02-01", "updatedAfter=2026-02-01", "includeHistory=true&attributes=none"],
)  # fmt: skip
def test_what_is_shown_is_valid_in_every_format(
    client: httpx2.Client, accept: str, query: str
) -> None:
    answer = client.get(f"{V2}?{query}", headers={"Accept": accept})
    observed = "AllDimensions" if "AllDimensions" in query else "TIME_PERIOD"
    if accept in (GENTS21, SSTS21) and observed == "AllDimensions":
        assert answer.status_code == 406
        return
    assert answer.status_code == 200
    check(client, accept, "DF_LABOUR", observed, answer.content)


def test_labels_and_keys_of_csv(client: httpx2.Client) -> None:
    both = client.get(
        f"{V2}/{RATE}", headers={"Accept": f"{CSV2};labels=both", "Accept-Language": "fr"}
    )
    row = rows_of(both)[0]
    assert row["STRUCTURE_ID"].startswith("MARSAD:DF_LABOUR(1.0.0): Tous les indicateurs")
    assert row["FREQ: Fréquence"] == "A: Annuelle"
    assert both.headers["content-language"] == "fr"
    named = csv_rows(client, f"{V2}/{RATE}", f"{CSV2};labels=name")[0]
    assert (named["REF_AREA"], named["Reference area"]) == ("MA", "Morocco")
    keyed = csv_rows(client, f"{V2}/{RATE}", f"{CSV2};keys=both")[0]
    assert keyed["SERIES_KEY"] == RATE
    assert keyed["OBS_KEY"] == f"{RATE}.2015"
