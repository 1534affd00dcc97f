"""What the SDMX tests check answers with: media types, schemas, rows of SDMX-CSV."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import warnings
from functools import cache
from typing import Any

import httpx2
import jsonschema
from lxml import etree
from tests.publish.sdmx_release import SCHEMAS, xsd

GEN21 = "application/vnd.sdmx.genericdata+xml;version=2.1"
SS21 = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
GENTS21 = "application/vnd.sdmx.generictimeseriesdata+xml;version=2.1"
SSTS21 = "application/vnd.sdmx.structurespecifictimeseriesdata+xml;version=2.1"
SS30 = "application/vnd.sdmx.data+xml;version=3.0.0"
JSON1 = "application/vnd.sdmx.data+json;version=1.0.0"
JSON2 = "application/vnd.sdmx.data+json;version=2.0.0"
CSV1 = "application/vnd.sdmx.data+csv;version=1.0.0"
CSV2 = "application/vnd.sdmx.data+csv;version=2.0.0"
FORMATS = (GEN21, SS21, GENTS21, SSTS21, SS30, JSON1, JSON2, CSV1, CSV2)
RATE = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N"
V1, V2 = "/sdmx/2.1/data/DF_LABOUR", "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0.0"


@cache
def json_schema(name: str) -> Any:
    schema = json.loads((SCHEMAS / "json" / name).read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its $schema names no draft
        return jsonschema.validators.validator_for(schema)(schema)


@cache
def data_xsd(client: httpx2.Client, sdmx: str, path: str, observed: str) -> etree.XMLSchema:
    """The message schema of SDMX together with the one that our schema resource gives."""
    accept = f"application/vnd.sdmx.schema+xml;version={'2.1' if sdmx == '2.1' else f'{sdmx}.0'}"
    answer = client.get(f"{path}?dimensionAtObservation={observed}", headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    folder = SCHEMAS / "xml" / f"sdmx{sdmx.replace('.', '')}"
    ours = re.sub(r'schemaLocation="', f'schemaLocation="{folder}/', answer.text)
    target = etree.fromstring(ours.encode()).get("targetNamespace")
    message = f"http://www.sdmx.org/resources/sdmxml/schemas/v{sdmx.replace('.', '_')}/message"
    with tempfile.NamedTemporaryFile("w", suffix=".xsd") as file:
        file.write(ours)
        file.flush()
        both = (
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
            f'<xs:import namespace="{message}" schemaLocation="{folder}/SDMXMessage.xsd"/>'
            f'<xs:import namespace="{target}" schemaLocation="{file.name}"/></xs:schema>'
        )
        return etree.XMLSchema(etree.fromstring(both.encode()))


def rows_of(answer: httpx2.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def csv_rows(client: httpx2.Client, path: str, accept: str = CSV2) -> list[dict[str, str]]:
    return rows_of(client.get(path, headers={"Accept": accept}))


def check(client: httpx2.Client, accept: str, flow: str, observed: str, content: bytes) -> None:
    if accept in (GEN21, GENTS21):
        xsd("2.1").assertValid(etree.fromstring(content))
    elif accept in (SS21, SSTS21):
        path = f"/sdmx/2.1/schema/dataflow/MARSAD/{flow}/1.0"
        data_xsd(client, "2.1", path, observed).assertValid(etree.fromstring(content))
    elif accept == SS30:
        path = f"/sdmx/3.0/schema/dataflow/MARSAD/{flow}/1.0.0"
        data_xsd(client, "3.0", path, observed).assertValid(etree.fromstring(content))
    elif accept in (JSON1, JSON2):
        folder = "sdmx10" if accept == JSON1 else "sdmx20"
        json_schema(f"{folder}/sdmx-json-data-schema.json").validate(json.loads(content))
    else:
        lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
        assert {len(line) for line in lines} == {len(lines[0])}
