"""Schemas of structure-specific data, derived as the standard says (section 3A, part IV, 3.4): each
dataflow's data are valid by its own, and what the structure does not declare is refused."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from lxml import etree
from tests.publish.sdmx_checks import SS21, SS30, data_xsd
from tests.publish.sdmx_release import served

XS = "{http://www.w3.org/2001/XMLSchema}"
FLOWS = ("DF_LABOUR", "DF_UNEMPLOYMENT_RATE", "DF_NEW_ADS", "DF_EMPLOYMENT_RATE")
OBSERVED = ("TIME_PERIOD", "AllDimensions", "SEX")
AGREEMENT = "provisionagreement/MARSAD/PA_HCP_UNEMPLOYMENT_RATE"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    for address in served(tmp_path_factory.mktemp("sdmx")):
        with httpx2.Client(base_url=address) as opened:
            yield opened


def _schema(client: httpx2.Client, sdmx: str, what: str, observed: str) -> etree._Element:
    answer = client.get(f"/sdmx/{sdmx}/schema/{what}?dimensionAtObservation={observed}")
    return etree.fromstring(answer.content)


def _uses(schema: etree._Element, name: str) -> tuple[str, dict[str, str]]:
    """The base of a type, and the use of each of its attributes."""
    (kind,) = (t for t in schema.findall(f"{XS}complexType") if t.get("name") == name)
    restricted = kind.find(f"{XS}complexContent/{XS}restriction")
    uses = {a.get("name"): a.get("use") for a in restricted.findall(f"{XS}attribute")}
    return restricted.get("base"), uses


def _data(client: httpx2.Client, sdmx: str, what: str, observed: str) -> etree._Element:
    accept = SS21 if sdmx == "2.1" else SS30
    path = f"/sdmx/3.0/data/{what}?dimensionAtObservation={observed}"
    return etree.fromstring(client.get(path, headers={"Accept": accept}).content)


@pytest.mark.parametrize("observed", OBSERVED)
@pytest.mark.parametrize("sdmx", ["2.1", "3.0"])
@pytest.mark.parametrize("flow", FLOWS)
def test_data_of_every_flow_are_valid_and_what_is_not_declared_is_refused(
    client: httpx2.Client, flow: str, sdmx: str, observed: str
) -> None:
    what = f"dataflow/MARSAD/{flow}"
    schema = data_xsd(client, sdmx, f"/sdmx/{sdmx}/schema/{what}", observed)
    message = _data(client, sdmx, what, observed)
    schema.assertValid(message)
    levels = ["DataSet", "Obs", *(("Series",) if observed != "AllDimensions" else ())]
    for level in levels:
        for name, value in (("REPORTING_YEAR_START_DAY", "--07-01"), ("COLOUR", "blue")):
            element = next(message.iter(f"{{*}}{level}"))
            element.set(name, value)
            assert not schema.validate(message), (level, name)
            del element.attrib[name]
    schema.assertValid(message)


def test_the_types_of_time_series_are_those_of_the_standard(client: httpx2.Client) -> None:
    schema = _schema(client, "2.1", "datastructure/MARSAD/DSD_LABOUR", "TIME_PERIOD")
    year = {"REPORTING_YEAR_START_DAY": "prohibited"}
    assert _uses(schema, "DataSetType") == ("dsd:TimeSeriesDataSetType", year)
    base, series = _uses(schema, "SeriesType")
    assert base == "dsd:TimeSeriesType"
    assert {n for n, use in series.items() if use == "required"} >= {"FREQ", "SEX", "ADJUSTMENT"}
    assert {n for n, use in series.items() if use != "required"} == {*year}
    base, obs = _uses(schema, "ObsType")
    assert base == "dsd:TimeSeriesObsType"
    assert {n for n, use in obs.items() if use == "prohibited"} == {*year, "type"}
    assert obs["OBS_VALUE"] == obs["OBS_STATUS"] == obs["UNIT_MEASURE"] == "optional"


def test_other_observations_say_or_forbid_the_time(client: httpx2.Client) -> None:
    flat = _uses(_schema(client, "2.1", "dataflow/MARSAD/DF_LABOUR", "AllDimensions"), "ObsType")
    assert (flat[0], flat[1]["TIME_PERIOD"], flat[1]["FREQ"]) == (
        "dsd:ObsType",
        "required",
        "required",
    )
    across = _schema(client, "2.1", "dataflow/MARSAD/DF_LABOUR", "SEX")
    assert _uses(across, "SeriesType")[1]["TIME_PERIOD"] == "required"
    assert _uses(across, "ObsType")[1]["TIME_PERIOD"] == "prohibited"
    new = _schema(client, "3.0", "dataflow/MARSAD/DF_LABOUR", "TIME_PERIOD")
    assert _uses(new, "SeriesType")[1]["TIME_PERIOD"] == "prohibited"
    assert _uses(new, "ObsType")[1]["TIME_PERIOD"] == "required"
    assert set(_uses(new, "AttsType")[1].values()) == {"optional"}


@pytest.mark.parametrize("sdmx", ["2.1", "3.0"])
def test_lists_are_named_as_recommended_and_hold_what_constraints_allow(
    client: httpx2.Client, sdmx: str
) -> None:
    """An agreement's own constraint counts, beside those of its dataflow and its structure."""
    version = "1.0" if sdmx == "2.1" else "1.0.0"
    schema = _schema(client, sdmx, AGREEMENT, "TIME_PERIOD")
    lists = {
        t.get("name"): [e.get("value") for e in t.iter(f"{XS}enumeration")]
        for t in schema.findall(f"{XS}simpleType")
    }
    assert {t.find(f"{XS}restriction").get("base") for t in schema.findall(f"{XS}simpleType")} == {
        "common:IDType"
    }
    assert lists[f"Codelist.MARSAD.CL_INDICATOR.{version}"] == ["unemployment_rate"]
    surveys = set(lists[f"Codelist.MARSAD.CL_SURVEY.{version}"])
    assert "ENE" in surveys
    assert "ILO_MODELLED" not in surveys  # of another provider
    resource = "contentconstraint" if sdmx == "2.1" else "structure/dataconstraint"
    path = f"/sdmx/{sdmx}/{resource}/MARSAD/CON_ALLOWED_PA_HCP_UNEMPLOYMENT_RATE"
    constraint = etree.fromstring(client.get(path, headers={"Accept": "application/xml"}).content)
    (key,) = (k for k in constraint.iter("{*}KeyValue") if k.get("id") == "SURVEY")
    assert {v.text for v in key.iter("{*}Value")} == surveys
