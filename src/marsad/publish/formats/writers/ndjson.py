"""NDJSON: one JSON object a line, as streams and data tools read it (https://github.com/ndjson/ndjson-spec)."""

from __future__ import annotations

import msgspec

from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.formats.writers.json import keyed_values


def write_ndjson(answer: Answer) -> bytes:
    """The values of the answer, each on a line of its own with its key; nothing for no value."""
    return msgspec.json.Encoder().encode_lines(keyed_values(answer.table))


FORMATS = (Format("ndjson", "application/x-ndjson", "ndjson", "JSON", "NDJSON", 45, write_ndjson),)
