"""Real clients read our structures and data over HTTP, cell for cell."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.publish.sdmx_release import served

ROOT = Path(__file__).parents[2]
KEY = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N"
FLOW = "Dataflow=MARSAD:DF_UNEMPLOYMENT_RATE(1.0.0)"
ML = "application/vnd.sdmx.structure+xml;version="
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(tmp_path_factory.mktemp("sdmx"))


@pytest.fixture(scope="module")
def wanted(address: str) -> dict[tuple[str, str], str]:
    """(series key, period) -> value of the unemployment rate, from SDMX-CSV."""
    url = f"{address}/sdmx/3.0/data/dataflow/MARSAD/DF_UNEMPLOYMENT_RATE/1.0.0"
    text = httpx2.get(
        url, headers={"Accept": "application/vnd.sdmx.data+csv;version=2.0.0;keys=series"}
    ).text
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {(r["SERIES_KEY"], r["TIME_PERIOD"]): r["OBS_VALUE"] for r in rows}


@pytest.fixture(scope="module")
def sdmx1(address: str) -> Any:
    sdmx = pytest.importorskip("sdmx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = {"id": "MARSAD", "name": "Marsad", "url": f"{address}/sdmx/2.1"}
        sdmx.add_source(json.dumps(source), override=True)
        return sdmx.Client("MARSAD")


def test_sdmx1_reads_structures_in_every_language(sdmx1: Any) -> None:
    flows = sdmx1.dataflow().dataflow
    assert flows["DF_LABOUR"].name.localizations.keys() == {"ar", "fr", "en"}
    message = sdmx1.dataflow("DF_UNEMPLOYMENT_RATE")  # with references=all, as it asks by itself
    structure = message.structure["DSD_LABOUR"]
    assert [d.id for d in structure.dimensions.components][:3] == ["FREQ", "REF_AREA", "INDICATOR"]
    assert str(message.codelist["CL_SEX"]["F"].name) == "Women"
    assert message.codelist["CL_OCCUPATION"]["2512"].parent.id == "251"


@pytest.mark.parametrize("kind", ["generic", "structure-specific"])
def test_sdmx1_reads_data(sdmx1: Any, wanted: dict[tuple[str, str], str], kind: str) -> None:
    structure = sdmx1.dataflow("DF_UNEMPLOYMENT_RATE").structure["DSD_LABOUR"]
    accept = {"generic": "genericdata", "structure-specific": "structurespecificdata"}[kind]
    message = sdmx1.data(
        "DF_UNEMPLOYMENT_RATE", key={}, dsd=structure,
        headers={"Accept": f"application/vnd.sdmx.{accept}+xml;version=2.1"},
    )  # fmt: skip
    values = {}
    for obs in (o for data in message.data for o in data.obs):
        *key, period = (str(value.value) for value in obs.key.values.values())
        values[".".join(key), period] = float(obs.value)
    assert values.keys() == wanted.keys()
    held = {k: v for k, v in values.items() if not math.isnan(v)}
    assert held == {k: float(v) for k, v in wanted.items() if v != "NaN"}


@pytest.mark.parametrize("kind", ["dataflow", "datastructure"])
def test_sdmx1_reads_all_references(sdmx1: Any, kind: str) -> None:
    """sdmx1 reads neither processes nor reporting taxonomies: neither names what it asks for."""
    identifier = {"dataflow": "DF_LABOUR", "datastructure": "DSD_LABOUR"}[kind]
    message = getattr(sdmx1, kind)(identifier, references="all")
    assert message.structure["DSD_LABOUR"].dimensions.components
    assert len(message.dataflow) >= 1


@pytest.mark.parametrize(
    "kind", ["codelist", "conceptscheme", "categoryscheme", "contentconstraint"]
)
@pytest.mark.parametrize("references", ["none", "children", "all"])
def test_sdmx1_reads_other_structures(sdmx1: Any, kind: str, references: str) -> None:
    message = sdmx1.get(resource_type=kind, params={"references": references})
    listed = {"categoryscheme": "category_scheme", "conceptscheme": "concept_scheme",
              "contentconstraint": "constraint"}  # fmt: skip
    assert getattr(message, listed.get(kind, kind))


def test_sdmx1_filters_by_a_mapping(sdmx1: Any) -> None:
    """A key as a mapping is checked against the structure, which sdmx1 fetches by itself."""
    message = sdmx1.data("DF_UNEMPLOYMENT_RATE", key={"FREQ": "Q", "SEX": ["M", "F"]})
    assert len(message.data[0].obs) == 8
    monthly = sdmx1.data("DF_NEW_ADS", key={"FREQ": "M"}, params={"startPeriod": "2025-05"})
    assert len(monthly.data[0].obs) == 4


def test_sdmx1_filters_by_key(sdmx1: Any) -> None:
    message = sdmx1.data(
        "DF_UNEMPLOYMENT_RATE", key="A.MA.........", params={"startPeriod": "2020"}
    )
    assert len(message.data[0].obs) == 5


def test_pysdmx_reads_structures(address: str) -> None:
    from pysdmx.api.fmr import RegistryClient

    registry = RegistryClient(f"{address}/sdmx/3.0")
    codes = registry.get_codes("MARSAD", "CL_AREA", "1.0.0")
    assert len(codes) > 1_500
    assert codes["MA-01-511"].name
    schema = registry.get_schema("dataflow", "MARSAD", "DF_NEW_ADS", "1.0.0")
    assert [c.id for c in schema.components.dimensions][-1] == "TIME_PERIOD"
    assert [c.id for c in schema.components["INDICATOR"].local_codes] == ["new_ads"]
    assert registry.get_hierarchy("MARSAD", "H_AREA").codes[0].id == "MA"
    assert {f.id for f in registry.get_dataflows("MARSAD")} > {"DF_LABOUR", "DF_NEW_ADS"}
    assert len(registry.get_code_map("MARSAD", "RM_AREA_ISO")) == 13


def test_pysdmx_connector_finds_and_reads_data(
    address: str, wanted: dict[tuple[str, str], str]
) -> None:
    from pysdmx.api.dc.rest import SdmxConnector

    connector = SdmxConnector(f"{address}/sdmx/3.0", timeout=60)
    assert "DF_NEW_ADS" in {f.id for f in connector.dataflows("ads")}
    urn = f"urn:sdmx:org.sdmx.infomodel.datastructure.{FLOW}"
    flow = connector.dataflow(urn)
    assert flow.obs_count == len(wanted)
    rows = list(connector.data(urn))
    assert len(rows) == len(wanted)
    some = list(connector.data(urn, "FREQ = 'Q' AND SEX IN ('M', 'F')"))
    assert {r["SEX"] for r in some} == {"M", "F"}
    assert {r["FREQ"] for r in some} == {"Q"}


@pytest.mark.parametrize(
    "accept",
    [
        "application/vnd.sdmx.data+csv;version=1.0.0",
        "application/vnd.sdmx.data+csv;version=2.0.0",
        "application/vnd.sdmx.genericdata+xml;version=2.1",
        "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
        "application/vnd.sdmx.data+xml;version=3.0.0",
    ],
)
def test_pysdmx_reads_every_data_format(
    address: str, wanted: dict[tuple[str, str], str], accept: str
) -> None:
    from pysdmx.io import read_sdmx

    answer = httpx2.get(f"{address}/sdmx/2.1/data/DF_UNEMPLOYMENT_RATE", headers={"Accept": accept})
    data = read_sdmx(answer.text, validate=True).data[0]
    assert data.short_urn.startswith("Dataflow=MARSAD:DF_UNEMPLOYMENT_RATE(1.0")
    assert len(data.data) == len(wanted)
    numbers = [float(v) for v in data.data["OBS_VALUE"]]
    assert sorted(v for v in numbers if v == v) == sorted(
        float(v) for v in wanted.values() if v != "NaN"
    )


@pytest.mark.parametrize(
    ("root", "accept"),
    [("2.1", f"{ML}2.1"), ("3.0/structure", f"{ML}3.0.0"),
     ("3.0/structure", "application/vnd.sdmx.structure+json;version=2.0.0")],
)  # fmt: skip
def test_pysdmx_reads_every_structure_format(address: str, root: str, accept: str) -> None:
    from pysdmx.io import read_sdmx

    url = f"{address}/sdmx/{root}/dataflow/MARSAD/DF_LABOUR?references=all"
    message = read_sdmx(httpx2.get(url, headers={"Accept": accept}).text, validate=True)
    assert len(message.structures) > 15


@pytest.mark.parametrize(
    ("root", "accept"),
    [("2.1", f"{ML}2.1"), ("3.0/structure", f"{ML}3.0.0"),
     ("3.0/structure", "application/vnd.sdmx.structure+json;version=2.0.0")],
)  # fmt: skip
@pytest.mark.parametrize(
    "kind", ["process", "reportingtaxonomy", "constraint", "hierarchy", "organisationunitscheme",
             "provisionagreement", "metadatastructure", "every"],
)  # fmt: skip
def test_pysdmx_reads_every_kind(address: str, root: str, accept: str, kind: str) -> None:
    from pysdmx.io import read_sdmx

    old = {"constraint": "contentconstraint", "hierarchy": "hierarchicalcodelist"}
    new = {"constraint": "dataconstraint", "every": "*"}
    if root == "2.1" and kind in ("metadatastructure", "every"):
        pytest.skip("pysdmx reads no metadata structure of SDMX-ML 2.1")
    resource = (old if root == "2.1" else new).get(kind, kind)
    answer = httpx2.get(f"{address}/sdmx/{root}/{resource}", headers={"Accept": accept})
    message = read_sdmx(answer.text, validate=True)
    unread = ("process", "reportingtaxonomy", "organisationunitscheme")  # passed over
    assert message.structures or kind in unread


def test_the_requests_of_opensdmx(address: str) -> None:
    """opensdmx (which needs a later Python) asks with a final slash, and for text/csv."""
    xml = {"Accept": f"{ML}2.1"}
    assert httpx2.get(f"{address}/sdmx/2.1/dataflow/", headers=xml).status_code == 200
    url = f"{address}/sdmx/2.1/datastructure/MARSAD/DSD_LABOUR/1.0?references=children"
    assert httpx2.get(url, headers=xml).status_code == 200
    answer = httpx2.get(
        f"{address}/sdmx/2.1/data/DF_UNEMPLOYMENT_RATE/A.MA........./?startPeriod=2023",
        headers={"Accept": "text/csv"},
    )
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [r["OBS_VALUE"] for r in rows] == ["9", "9.1"]


def test_rsdmx_reads_structures_and_data(address: str) -> None:
    """R's client asks without an Accept header and reads XML only."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R (Rscript) is not installed on this machine")
    if subprocess.run(
        [rscript, "-e", "library(rsdmx)"], capture_output=True, check=False
    ).returncode:
        pytest.skip("the R package rsdmx is not installed on this machine")
    base = f"{address}/sdmx/2.1"
    code = (
        f"library(rsdmx); f <- as.data.frame(readSDMX('{base}/dataflow'));"
        f"x <- readSDMX('{base}/data/DF_UNEMPLOYMENT_RATE/{KEY}'); ref <- slot(x, 'dsdRef');"
        f"slot(x, 'dsd') <- readSDMX(paste0('{base}/datastructure/MARSAD/', ref, '?references=children'));"
        "d <- as.data.frame(x, labels = TRUE); sex <- d[1, grep('^SEX_label', names(d))];"
        "cat(ref, nrow(f), nrow(d), d$obsValue[1], paste(unlist(sex), collapse = '|'), sep = ';')"
    )
    out = subprocess.run([rscript, "-e", code], capture_output=True, text=True, check=True)
    ref, flows, rows, first, labels = out.stdout.strip().split("\n")[-1].split(";")
    assert ref == "DSD_LABOUR"
    assert int(flows) > 10
    assert (int(rows), float(first)) == (10, 99.25)
    assert {"Les deux sexes", "Both sexes", "الجنسان"} <= set(labels.split("|"))


def test_sdmx1_reads_the_structure_of_every_flow(sdmx1: Any) -> None:
    """With all references, and so with the first and last day of what is present."""
    for identifier in sdmx1.dataflow().dataflow:
        message = sdmx1.dataflow(identifier)
        assert message.structure["DSD_LABOUR"].dimensions.components
        assert message.dataflow[identifier].description.localizations.keys() == {"ar", "fr", "en"}


def test_sdmx_rest_of_npm_asks_and_is_answered(address: str) -> None:
    package, node = ROOT / "node_modules" / "sdmx-rest", shutil.which("node")
    if not (node and package.exists()):
        pytest.skip("node or sdmx-rest is not installed")
    script = f"""
    const rest = require({str(package)!r});
    const service = rest.getService({{url: "{address}/sdmx/2.1", api: "v1.5.0",
                                     format: "application/vnd.sdmx.data+json;version=1.0.0"}});
    const data = rest.getDataQuery({{flow: "DF_UNEMPLOYMENT_RATE", key: "{KEY}", start: "2020"}});
    const names = rest.getMetadataQuery({{resource: "codelist", id: "CL_SEX", agency: "MARSAD"}});
    Promise.all([rest.request(data, service), rest.request2(names, service)]).then(async ([d, n]) => {{
      const series = Object.values(JSON.parse(d).data.dataSets[0].series)[0];
      console.log(JSON.stringify([Object.keys(series.observations).length, n.status,
                                  (await n.text()).includes("Femmes")]));
    }});
    """
    out = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(out.stdout) == [5, 200, True]
