"""SDMX data messages of one indicator, written by the SDMX interface."""

from __future__ import annotations

from collections.abc import Callable

from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.sdmx.answers import download

_DATA = "application/vnd.sdmx.data"


def _write(writer: str) -> Callable[[Answer], bytes]:
    """A writer of SDMX data messages; `writer` is one of `sdmx.answers.WRITERS`."""

    def write(answer: Answer) -> bytes:
        return download(
            answer.reader, answer.query.indicator, answer.table, writer, answer.language
        )

    return write


FORMATS = (
    Format(
        "sdmx-csv", f"{_DATA}+csv; version=2.0.0", "csv", "CSV", "SDMX-CSV", 70, _write("csv2"),
        offered=True,
    ),
    Format("sdmx-csv-1", f"{_DATA}+csv; version=1.0.0", "csv", "CSV", "SDMX-CSV 1.0", 80, _write("csv1")),
    Format("sdmx-json", f"{_DATA}+json; version=2.0.0", "json", "JSON", "SDMX-JSON", 90, _write("json2")),
    Format("sdmx-ml", f"{_DATA}+xml; version=3.0.0", "xml", "XML", "SDMX-ML", 100, _write("ss30")),
)  # fmt: skip
