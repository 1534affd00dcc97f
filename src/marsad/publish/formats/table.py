"""One table: format -> writer. Every format writes the same values of the same query.

What belongs to a figure travels with it: unit, source, vintage, status, interval or reliability,
and whether it is synthetic.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

import msgspec

from marsad.base.errors import InputError
from marsad.base.labels import pick
from marsad.publish.formats import columnar, jsonstat, workbook
from marsad.publish.formats.answer import COLUMNS, Answer, caveats
from marsad.publish.read.cube import key
from marsad.publish.read.reader import Value
from marsad.publish.sdmx.answers import download

_DATA = "application/vnd.sdmx.data"
_LABELLED = ("area", "survey", "sex", "age", "urbanisation", "education", "occupation", "category")


def _text(value: object) -> object:
    """A cell: numbers as they are, true/false in lower case, formulas of spreadsheets disarmed."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value[:1] in "=+-@\t" and value[:1]:
        return "'" + value
    return value


def _csv(heading: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([["" if cell is None else _text(cell) for cell in line] for line in lines])
    return out.getvalue().encode("utf-8")


def write_csv(answer: Answer) -> bytes:
    """CSV (RFC 4180, UTF-8): a code column and a label column for each dimension, then the rest."""
    heading = [n for c in COLUMNS for n in ((c, f"{c}_label") if c in _LABELLED else (c,))]

    def line(value: Value) -> list[object]:
        cells: list[object] = []
        for column in COLUMNS:
            code = getattr(value, column)
            cells.append(code)
            if column in _LABELLED:
                cells.append(answer.reader.label(column, code, answer.language, value.indicator))
        return cells

    return _csv(heading, map(line, answer.result.rows))


def write_json(answer: Answer) -> bytes:
    """JSON: the indicator, the release, the caveats in words, and a list of values."""
    found = answer.reader.indicator(answer.result.query.indicator)
    release = answer.reader.release()
    return msgspec.json.encode(
        {
            "indicator": found.id,
            "title": pick(found.title, answer.language),
            "unit": found.unit,
            "decimals": found.decimals,
            "source": pick(found.source, answer.language),
            "method": f"/{answer.language}/method/{found.id}",
            "release": release.id,
            "caveats": caveats(answer),
            "visible_share": None,
            "total": answer.result.total,
            "offset": answer.result.query.offset,
            "values": [{"key": key(value), **asdict(value)} for value in answer.result.rows],
        }
    )


def _sdmx(writer: str) -> Callable[[Answer], bytes]:
    """A writer of SDMX data messages; `writer` is one of `sdmx.answers.WRITERS`."""

    def write(answer: Answer) -> bytes:
        indicator = answer.result.query.indicator
        return download(answer.reader, indicator, columnar.table(answer), writer, answer.language)

    return write


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name in `format=`, media type, file ending and writer."""

    name: str
    media_type: str
    extension: str
    write: Callable[[Answer], bytes]


FORMATS = {
    f.name: f
    for f in (
        Format("json", "application/json", "json", write_json),
        Format("csv", "text/csv; charset=utf-8", "csv", write_csv),
        Format("json-stat", jsonstat.MEDIA_TYPE, "json", jsonstat.write_jsonstat),
        Format("xlsx", workbook.MEDIA_TYPE, "xlsx", workbook.write_xlsx),
        Format("parquet", columnar.PARQUET, "parquet", columnar.write_parquet),
        Format("arrow", columnar.ARROW, "arrows", columnar.write_arrow),
        Format("sdmx-csv", f"{_DATA}+csv; version=2.0.0", "csv", _sdmx("csv2")),
        Format("sdmx-csv-1", f"{_DATA}+csv; version=1.0.0", "csv", _sdmx("csv1")),
        Format("sdmx-json", f"{_DATA}+json; version=2.0.0", "json", _sdmx("json2")),
        Format("sdmx-ml", f"{_DATA}+xml; version=3.0.0", "xml", _sdmx("ss30")),
    )
}


def format_named(name: str) -> Format:
    """A format by name; InputError lists those there are."""
    if name not in FORMATS:
        raise InputError(f"there is no format {name!r}; formats are {', '.join(FORMATS)}")
    return FORMATS[name]
