"""Parquet and Arrow: an answer as a typed table, codes as dictionaries, what it is in the metadata."""

from __future__ import annotations

import io
from dataclasses import asdict

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from marsad.base.labels import pick
from marsad.publish.formats.answer import COLUMNS, Answer, caveats

PARQUET, ARROW = "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"
_PLAIN = {
    **dict.fromkeys(("value", "lower", "upper"), pa.float64()),
    "n": pa.int64(),
    "synthetic": pa.bool_(),
    **dict.fromkeys(("valid_from", "valid_to"), pa.timestamp("us", tz="UTC")),
}


def table(answer: Answer) -> pa.Table:
    """The answer as an Arrow table; the schema's metadata `marsad` says what it is, as JSON."""
    found = answer.reader.indicator(answer.result.query.indicator)
    said = {
        "indicator": found.id,
        "title": pick(found.title, answer.language),
        "source": pick(found.source, answer.language),
        "release": answer.reader.release().id,
        "caveats": caveats(answer),
    }
    coded = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema(
        [(name, _PLAIN.get(name, coded)) for name in COLUMNS],
        metadata={"marsad": msgspec.json.encode(said)},
    )
    return pa.Table.from_pylist([asdict(row) for row in answer.result.rows], schema=schema)


def write_parquet(answer: Answer) -> bytes:
    """The answer as a Parquet file (zstd)."""
    out = io.BytesIO()
    pq.write_table(table(answer), out, compression="zstd")
    return out.getvalue()


def write_arrow(answer: Answer) -> bytes:
    """The answer as an Arrow IPC stream."""
    found, out = table(answer), io.BytesIO()
    with pa.ipc.new_stream(out, found.schema) as stream:
        stream.write_table(found)
    return out.getvalue()
