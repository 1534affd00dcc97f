"""JSON: the indicator, the release, the caveats in words, and a list of values."""

from __future__ import annotations

import msgspec

from marsad.base.labels import pick
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.read.cube import key_of


def write_json(answer: Answer) -> bytes:
    """The answer as one JSON document."""
    indicator = answer.indicator
    return msgspec.json.encode(
        {
            "indicator": indicator.id,
            "title": pick(indicator.title, answer.language),
            "unit": indicator.unit,
            "decimals": indicator.decimals,
            "source": pick(indicator.source, answer.language),
            "method": f"/{answer.language}/method/{indicator.id}",
            "release": answer.reader.release().id,
            "caveats": answer.caveats,
            "visible_share": None,
            "total": answer.total,
            "offset": answer.query.offset,
            "values": [{"key": key_of(row), **row} for row in answer.table.to_pylist()],
        }
    )


FORMATS = (
    Format(
        "json", "application/json", "json", "JSON", "JSON", 30, write_json,
        offered=True, inline=True, paged=True,
    ),
)  # fmt: skip
