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
from marsad.publish import columnar, jsonstat, workbook
from marsad.publish.answer import COLUMNS, Answer, caveats
from marsad.publish.cube import key
from marsad.publish.query import Value

AGENCY, FLOW, VERSION = "MARSAD", "DF_LABOUR", "1.0"
SDMX_DIMENSIONS = {
    "freq": "FREQ",
    "area": "REF_AREA",
    "indicator": "INDICATOR",
    "survey": "SURVEY",
    "sex": "SEX",
    "age": "AGE",
    "urbanisation": "URBANISATION",
    "education": "EDUCATION_LEV",
    "occupation": "OCCUPATION",
    "category": "CATEGORY",
    "adjustment": "ADJUSTMENT",
}
"""Dimension of Marsad -> dimension of the data structure DSD_LABOUR, in the order of a key."""
_ATTRIBUTES = {
    "unit": "UNIT_MEASURE",
    "obs_status": "OBS_STATUS",
    "conf_status": "CONF_STATUS",
    "vintage": "VINTAGE",
    "lower": "LOWER_BOUND",
    "upper": "UPPER_BOUND",
    "reliability": "RELIABILITY",
    "n": "N_UNITS",
    "source": "SOURCE",
    "source_date": "SOURCE_DATE",
    "note": "COMMENT_OBS",
    "synthetic": "SYNTHETIC",
}
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


def _sdmx_cells(value: Value) -> list[object]:
    return [
        *(getattr(value, name) for name in SDMX_DIMENSIONS),
        value.period,
        "NaN" if value.value is None else value.value,
        *(getattr(value, name) for name in _ATTRIBUTES),
    ]


_SDMX_HEADING = [*SDMX_DIMENSIONS.values(), "TIME_PERIOD", "OBS_VALUE", *_ATTRIBUTES.values()]


def write_sdmx_csv_1(answer: Answer) -> bytes:
    """SDMX-CSV 1.0 (SDMX Technical Standards 2.1, field guide 1.0)."""
    flow = f"{AGENCY}:{FLOW}({VERSION})"
    return _csv(["DATAFLOW", *_SDMX_HEADING], ([flow, *_sdmx_cells(v)] for v in answer.result.rows))


def write_sdmx_csv_2(answer: Answer) -> bytes:
    """SDMX-CSV 2.0 (SDMX 3.0, field guide 2.0): structure, its identifier, and the action."""
    start = ["dataflow", f"{AGENCY}:{FLOW}({VERSION})", "I"]
    heading = ["STRUCTURE", "STRUCTURE_ID", "ACTION", *_SDMX_HEADING]
    return _csv(heading, ([*start, *_sdmx_cells(v)] for v in answer.result.rows))


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
        Format("sdmx-csv", "application/vnd.sdmx.data+csv; version=2.0.0", "csv", write_sdmx_csv_2),
        Format(
            "sdmx-csv-1", "application/vnd.sdmx.data+csv; version=1.0.0", "csv", write_sdmx_csv_1
        ),
    )
}


def format_named(name: str) -> Format:
    """A format by name; InputError lists those there are."""
    if name not in FORMATS:
        raise InputError(f"there is no format {name!r}; formats are {', '.join(FORMATS)}")
    return FORMATS[name]
