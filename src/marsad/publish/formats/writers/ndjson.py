"""NDJSON: one JSON object a line, as streams and data tools read it (https://github.com/ndjson/ndjson-spec)."""

from __future__ import annotations

import msgspec

from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.read.cube import key_of


def write_ndjson(answer: Answer) -> bytes:
    """The values of the answer, each on a line of its own with its key; nothing for no value."""
    rows = ({"key": key_of(row), **row} for row in answer.table.to_pylist())
    return msgspec.json.Encoder().encode_lines(rows)


FORMATS = (Format("ndjson", "application/x-ndjson", "ndjson", "JSON", "NDJSON", 45, write_ndjson),)
