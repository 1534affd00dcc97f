"""Parquet and Arrow: an answer as a typed table, codes as dictionaries, what it is in the metadata."""

from __future__ import annotations

import io

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from marsad.base.labels import pick
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format

_PLAIN = {
    **dict.fromkeys(("value", "lower", "upper"), pa.float64()),
    "n": pa.int64(),
    "synthetic": pa.bool_(),
    **dict.fromkeys(("valid_from", "valid_to"), pa.timestamp("us", tz="UTC")),
}


def described(answer: Answer) -> pa.Table:
    """The answer's table, every code a dictionary; the schema's metadata `marsad` says what it is, as
    JSON."""
    indicator = answer.indicator
    about = {
        "indicator": indicator.id,
        "title": pick(indicator.title, answer.language),
        "source": pick(indicator.source, answer.language),
        "release": answer.reader.release().id,
        "caveats": answer.caveats,
    }
    coded = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema(
        [(name, _PLAIN.get(name, coded)) for name in answer.table.column_names],
        metadata={"marsad": msgspec.json.encode(about)},
    )
    return pa.Table.from_arrays(
        [_cast(answer.table[field.name], field.type) for field in schema], schema=schema
    )


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """A column in another type; only the codes that occur stay in a dictionary."""
    if pa.types.is_dictionary(kind):
        return column.cast(pa.string()).dictionary_encode().cast(kind)
    return column.cast(kind)


def write_parquet(answer: Answer) -> bytes:
    """The answer as a Parquet file (zstd)."""
    out = io.BytesIO()
    pq.write_table(described(answer), out, compression="zstd")
    return out.getvalue()


def write_arrow(answer: Answer) -> bytes:
    """The answer as an Arrow IPC stream."""
    table, out = described(answer), io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return out.getvalue()


FORMATS = (
    Format(
        "parquet", "application/vnd.apache.parquet", "parquet", "PARQUET", "Parquet", 50,
        write_parquet, offered=True,
    ),
    Format(
        "arrow", "application/vnd.apache.arrow.stream", "arrows", "ARROW", "Arrow", 60, write_arrow
    ),
)  # fmt: skip
