"""What Marsad exports it reads back: every value, in every format that holds values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.publish.sdmx_release import Small, served

from marsad.base.records import Observation
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import format_named
from marsad.publish.read.model import DataQuery

DATA = "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/*?c[INDICATOR]=unemployment_rate"
MEDIA = (
    "application/vnd.sdmx.data+csv;version=2.0.0",
    "application/vnd.sdmx.data+csv;version=2.0.0;labels=both",
    "application/vnd.sdmx.data+csv;version=1.0.0",
    "application/vnd.sdmx.data+json;version=2.0.0",
    "application/vnd.sdmx.data+json;version=1.0.0",
    "application/vnd.sdmx.data+xml;version=3.0.0",
    "application/vnd.sdmx.genericdata+xml;version=2.1",
    "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
)
Said = set[tuple[object, ...]]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(tmp_path_factory.mktemp("release"))


def _read(name: str, data: bytes) -> tuple[Context, Said]:
    spec = detect("observations", Path(name), data)
    assert spec.id == "sdmx_data"
    context = Context(spec, (Payload(name, data),))
    records = [r for r in collector(spec)(context) if isinstance(r, Observation)]
    return context, {
        (
            r.indicator,
            r.freq,
            r.period,
            r.area,
            r.survey,
            r.sex,
            r.age,
            r.value,
            r.unit,
            r.obs_status,
        )
        for r in records
    }


def _held(reader: Small) -> Said:
    rows = reader.data_table(DataQuery("unemployment_rate", limit=10_000))[0].to_pylist()
    names = ("freq", "period", "area", "survey", "sex", "age", "value", "unit", "obs_status")
    return {("unemployment_rate", *(row[n] for n in names)) for row in rows}


@pytest.mark.parametrize("media", MEDIA)
def test_sdmx(address: str, tmp_path: Path, media: str) -> None:
    message = httpx2.get(address + DATA, headers={"Accept": media})
    assert message.status_code == 200, message.text
    suffix = "csv" if "csv" in media else "xml" if "xml" in media else "json"
    context, read = _read(f"data.{suffix}", message.content)
    reader = Small(tmp_path)
    assert read == _held(reader)
    assert len(read) > 20
    assert context.rejected == 0
    reader.close()


@pytest.mark.parametrize("name", ["csv", "json", "ndjson", "xlsx"])
def test_other_formats(tmp_path: Path, name: str) -> None:
    reader = Small(tmp_path)
    answer = Answer.of(reader, DataQuery("unemployment_rate", limit=10_000), "fr")
    context, read = _read(f"values.{name}", format_named(name).write(answer))
    assert read == _held(reader)
    assert context.rejected == 0
    reader.close()
