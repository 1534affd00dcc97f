"""Every operation of the description at random, the page of it, and a release as one file."""

from __future__ import annotations

import hashlib
import io
import re

import duckdb
import httpx2
import polars
import pyarrow.parquet as pq
import pytest
from benchmarks.doors import operations, run


@pytest.fixture(scope="module")
def api(live_site: str) -> httpx2.Client:
    return httpx2.Client(base_url=live_site, timeout=60)


def test_answers_to_anything_are_as_described(api: httpx2.Client) -> None:
    """The run of 10,000 is `benchmarks/doors.py`."""

    def ask(
        method: str, address: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, str, bytes]:
        answer = api.request(method, address, headers=headers, content=body)
        return answer.status_code, answer.headers.get("content-type", ""), answer.content

    document = api.get("/api/openapi.json").json()
    report = run(document, ask, 300, seed=7)
    assert report.examples == {}
    assert {200, 400, 404} <= set(report.statuses)


def test_parameters_with_few_values_name_them(api: httpx2.Client) -> None:
    document = api.get("/api/openapi.json").json()
    for _, path, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in ("lang", "level", "format", "mode", "includeHistory"):
                schema = parameter["schema"]
                assert schema.get("enum") or schema.get("pattern"), (path, parameter["name"])


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_interface_is_read_in_a_browser_from_this_origin_alone(
    api: httpx2.Client, language: str
) -> None:
    page = api.get(f"/{language}/data/interface")
    assert page.status_code == 200
    assert "/api/v1/indicators/{identifier}/data" in page.text
    assert "application/vnd.jsonstat+json" in page.text
    elsewhere = re.findall(r'(?:src|href)="(https?://[^"]+)"', page.text)
    assert [a for a in elsewhere if not a.startswith(str(api.base_url))] == []
    assert f'href="/{language}/data/interface"' in api.get(f"/{language}/data").text


def test_a_release_is_one_file_with_its_hash(api: httpx2.Client) -> None:
    manifest = api.get("/api/v1/bulk").json()
    (file,) = manifest["files"]
    answer = api.get(file["address"])
    assert (len(answer.content), hashlib.sha256(answer.content).hexdigest()) == (
        file["bytes"], file["sha256"],
    )  # fmt: skip
    table = pq.read_table(io.BytesIO(answer.content))
    assert table.num_rows == file["rows"] == polars.read_parquet(io.BytesIO(answer.content)).height
    sql = (
        "select value from held where indicator = 'unemployment_rate' and area = 'MA' and survey = 'ENE'"
        " and period = '2024' and sex = '_T' and age = 'Y_GE15' and urbanisation = '_T'"
        " and education = '_T'"
    )
    with duckdb.connect() as database:
        database.register("held", table)
        assert database.sql(sql).fetchall() == [(13.3,)]
    assert api.get("/api/v1/bulk/marsad_other.parquet").status_code == 404
