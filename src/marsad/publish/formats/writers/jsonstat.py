"""JSON-stat 2.0: an answer as one cube with its labels, for people who chart and share.

https://json-stat.org/full (dataset class). Dimensions that have one code stay, so that what a cube
is about can be read in it; cells without a value are left out of the sparse `value`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from marsad.base.areas import areas
from marsad.base.labels import pick
from marsad.products.declare import DIMENSIONS
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format

_OF_A_VERSION = ("vintage", "valid_from")
_ROLES = {"period": "time", "area": "geo", "unit": "metric"}


def _codes(answer: Answer, name: str) -> list[str]:
    """The codes of a dimension in the answer: areas and lists in their own order, times by time."""
    present = {str(code) for code in answer.table[name].unique().to_pylist()}
    if name in DIMENSIONS:
        listed = answer.reader.codes(answer.query.indicator, name)
        return [code for code in listed if code in present] + sorted(present - set(listed))
    return sorted(present)


def _dimension(answer: Answer, name: str, codes: Sequence[str]) -> dict[str, Any]:
    category: dict[str, Any] = {"index": list(codes)}
    labelled = name in DIMENSIONS or name == "unit"
    category["label"] = answer.labels(name, codes) if labelled else {code: code for code in codes}
    if name == "unit":
        category["unit"] = {c: {"decimals": answer.indicator.decimals} for c in codes}
    if name == "area":
        children: dict[str, list[str]] = {}
        for code in codes:
            parent = areas()[code].parent if code in areas() else None
            if parent in codes:
                children.setdefault(str(parent), []).append(code)
        if children:
            category["child"] = children
    return {"label": name, "category": category}


def write_jsonstat(answer: Answer) -> bytes:
    """The answer as a JSON-stat 2.0 dataset."""
    indicator, language, release = answer.indicator, answer.language, answer.reader.release()
    varying = [n for n in _OF_A_VERSION if len(answer.table[n].unique()) > 1]
    names = [*DIMENSIONS, "unit", *varying, "period"]
    codes = {name: _codes(answer, name) for name in names}
    sizes = [len(codes[name]) for name in names]
    at = [0] * answer.table.num_rows
    for name, size in zip(names, sizes):
        place = {code: i for i, code in enumerate(codes[name])}
        cells = answer.table[name].to_pylist()
        at = [i * size + place[str(cell)] for i, cell in zip(at, cells)]
    values, statuses = (answer.table[n].to_pylist() for n in ("value", "obs_status"))
    roles: dict[str, list[str]] = {}
    for name, role in _ROLES.items():
        roles.setdefault(role, []).append(name)
    return msgspec.json.encode(
        {
            "version": "2.0",
            "class": "dataset",
            "label": pick(indicator.title, language),
            "source": pick(indicator.source, language),
            "updated": release.published_at.isoformat(),
            "note": answer.caveats,
            "id": names,
            "size": sizes,
            "role": roles,
            "dimension": {name: _dimension(answer, name, codes[name]) for name in names},
            "value": {
                str(i): value
                for i, value in zip(at, values)
                if value is not None and math.isfinite(value)
            },
            "status": {str(i): status for i, status in zip(at, statuses)},
            "extension": {"marsad": {"indicator": indicator.id, "release": release.id}},
        }
    )


FORMATS = (
    Format(
        "json-stat", "application/vnd.jsonstat+json", "json", "JSON", "JSON-stat", 40,
        write_jsonstat, offered=True, inline=True,
    ),
)  # fmt: skip
