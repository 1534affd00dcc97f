"""How often the mart is asked for one request, and that nothing is asked of it that is not declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from marsad.flow.steps import Flow
from marsad.lake import mart_tables, search
from marsad.lake.mart import NAME, Mart
from marsad.lake.mart_tables import schema
from marsad.publish.read.model import Card, ReviewCase, SourceRow, Value
from marsad.publish.read.reader import Reader
from marsad.web.app import create_app

MOST = 12
KEY = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024"
PAGES = [
    "/", "/indicators", "/indicators/unemployment_rate", "/indicators/unemployment_rate?age=Y15T24",
    "/indicators/open_ads", "/indicators/unemployment_rate?by=area", "/method/unemployment_rate",
    "/method", "/areas", "/areas/MA", "/areas/MA-06", "/areas/MA-06-141", "/occupations",
    "/occupations/7212", "/occupations/7", "/sectors", "/sectors/C", "/skills", "/trainings",
    "/trainings?q=plomberie", "/ads", "/ads?q=comptable", "/ads?q=soudeur&region=MA-06", "/search?q=comptable",
    "/match?area=MA-06", "/planner", "/balance?occupation=7", "/policy", "/library", "/data", "/sources", "/about",
    "/bulletins", "/alerts", "/light", "/light?q=comptable", "/embed/unemployment_rate",
]  # fmt: skip
DOORS = [
    "release", "indicators", "indicators/unemployment_rate", "indicators/unemployment_rate/data",
    "indicators/unemployment_rate/data?format=csv", "indicators/new_ads/data?format=json-stat&area=MA",
    "indicators/unemployment_rate/data?format=sdmx-csv", "indicators/unemployment_rate/revisions",
    f"values/{KEY}", "ads", "ads?size=100", "ads?q=comptable&size=100", "ads/counts", "sources",
    "accuracy", "areas", "areas/MA-06", "occupations", "occupations/7212", "skills", "trainings",
    "codes", "codes/sex", "search?q=comptable", "matching?skills=1973c966-f236-40c9-b2d4-5d71a89019be", "limits",
    "changes", "changes?limit=100", "changes?limit=500",
]  # fmt: skip
ROOTS = [
    "/sdmx/2.1/dataflow", "/sdmx/3.0/structure/codelist/*/*/+?detail=allstubs",
    "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/*?c[INDICATOR]=unemployment_rate",
    "/catalogue.ttl", "/healthz", "/fr/releases.rss",
]  # fmt: skip
REQUESTS = [f"/fr{page}" for page in PAGES] + [f"/api/v1/{door}" for door in DOORS] + ROOTS


class _Counted:
    """Counts the questions that a mart is asked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.questions: list[str] = []
        for name in ("rows", "arrow"):
            patch.setattr(Mart, name, self._counting(getattr(Mart, name)))

    def _counting(self, ask):  # type: ignore[no-untyped-def]
        def counted(mart: Mart, sql: str, *parameters: object) -> object:
            self.questions.append(sql)
            return ask(mart, sql, *parameters)

        return counted


@pytest.fixture(scope="module")
def counted() -> Iterator[_Counted]:
    with pytest.MonkeyPatch.context() as patch:
        yield _Counted(patch)


@pytest.fixture(scope="module")
def site(embedded: Flow) -> Iterator[TestClient]:
    folder = embedded.current()
    assert folder is not None
    reader = Reader(folder)
    yield TestClient(create_app(lambda: reader))
    reader.close()


@pytest.mark.parametrize("path", REQUESTS)
def test_a_request_asks_the_mart_a_few_times(
    site: TestClient, counted: _Counted, path: str
) -> None:
    assert site.get(path).status_code == 200  # what a release keeps in memory is read now
    counted.questions.clear()
    assert site.get(path).status_code == 200
    assert len(counted.questions) <= MOST, "\n".join(q[:120] for q in counted.questions)


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The site over a release whose tables have the declared columns and no row."""
    folder: Path = tmp_path_factory.mktemp("empty")
    tables = {name: schema(name).empty_table() for name in mart_tables.mart_tables()}
    release = {
        "id": "r0",
        "published_at": "2026-11-29T00:00:00+00:00",
        "reference_on": "2026-11-29",
    }
    tables["release"] = pa.Table.from_pylist([release], schema=schema("release"))
    mart_tables.build(folder / NAME, tables)
    with search.updating(folder / search.NAME):
        pass
    reader = Reader(folder)
    yield TestClient(create_app(lambda: reader))
    reader.close()


@pytest.mark.parametrize("path", REQUESTS)
def test_only_declared_columns_are_read(empty_site: TestClient, path: str) -> None:
    """Every question of every page and route runs over tables made from the declarations alone."""
    assert empty_site.get(path).status_code < 500


@pytest.mark.parametrize(
    ("kind", "table", "made"),
    [
        (Value, "out_values", set()),
        (SourceRow, "sources", set()),
        (ReviewCase, "review", set()),
        (Card, "cards", {"title"}),
    ],
)
def test_what_is_read_is_declared(kind: type, table: str, made: set[str]) -> None:
    assert {f.name for f in fields(kind)} - made <= set(schema(table).names)
