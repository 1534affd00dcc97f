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
from marsad.publish.formats.answer import Answer, caveats

_OF_A_VERSION = ("vintage", "valid_from")
_ROLES = {"period": "time", "area": "geo", "unit": "metric"}
MEDIA_TYPE = "application/vnd.jsonstat+json"


def _codes(answer: Answer, name: str) -> list[str]:
    """The codes of a dimension in the answer: areas and lists in their own order, times by time."""
    found = {str(getattr(row, name)) for row in answer.result.rows}
    if name in DIMENSIONS:
        listed = answer.reader.codes(answer.result.query.indicator, name)
        return [code for code in listed if code in found] + sorted(found - set(listed))
    return sorted(found)


def _dimension(answer: Answer, name: str, codes: Sequence[str]) -> dict[str, Any]:
    indicator, language = answer.result.query.indicator, answer.language
    category: dict[str, Any] = {"index": list(codes)}
    if name in DIMENSIONS:
        category["label"] = {
            code: answer.reader.label(name, code, language, indicator) for code in codes
        }
    else:
        category["label"] = {code: code for code in codes}
    if name == "unit":
        found = answer.reader.indicator(indicator)
        category["label"] = {c: answer.reader.label("unit", c, language) for c in codes}
        category["unit"] = {c: {"decimals": found.decimals} for c in codes}
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
    rows, found = answer.result.rows, answer.reader.indicator(answer.result.query.indicator)
    varying = [n for n in _OF_A_VERSION if len({getattr(r, n) for r in rows}) > 1]
    names = [*DIMENSIONS, "unit", *varying, "period"]
    codes = {name: _codes(answer, name) for name in names}
    place = {name: {code: i for i, code in enumerate(codes[name])} for name in names}
    sizes = [len(codes[name]) for name in names]
    values: dict[str, float] = {}
    status: dict[str, str] = {}
    for row in rows:
        at = 0
        for name, size in zip(names, sizes):
            at = at * size + place[name][str(getattr(row, name))]
        if row.value is not None and math.isfinite(row.value):
            values[str(at)] = row.value
        status[str(at)] = row.obs_status
    release, language = answer.reader.release(), answer.language
    roles: dict[str, list[str]] = {}
    for name, role in _ROLES.items():
        roles.setdefault(role, []).append(name)
    return msgspec.json.encode(
        {
            "version": "2.0",
            "class": "dataset",
            "label": pick(found.title, language),
            "source": pick(found.source, language),
            "updated": release.published_at.isoformat(),
            "note": caveats(answer),
            "id": names,
            "size": sizes,
            "role": roles,
            "dimension": {name: _dimension(answer, name, codes[name]) for name in names},
            "value": values,
            "status": status,
            "extension": {"marsad": {"indicator": found.id, "release": release.id}},
        }
    )
