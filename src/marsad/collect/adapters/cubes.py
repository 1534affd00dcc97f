"""Cubes of statistics in JSON as flat rows: JSON-stat 2 (and 1), PX-Web's own JSON, the World Bank's API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from math import prod

from marsad.base.errors import InputError
from marsad.base.records import Row

MOST_CELLS = 2_000_000
Reader = Callable[[object], Iterator[Row]]


_SIGNS = re.compile(r'"(?:dimension|countryiso3code|columns|link)"\s*:')


def is_cube(text: str) -> bool:
    """Whether a text of JSON may be a cube, by its names."""
    return bool(_SIGNS.search(text))


def reader(document: object) -> Reader | None:
    """What reads a document, by its shape; None for no cube that is known."""
    if isinstance(document, list):
        pair = len(document) == 2 and isinstance(document[0], dict) and "page" in document[0]
        return _world_bank if pair else None
    if not isinstance(document, dict):
        return None
    if document.get("class") in ("dataset", "collection") or "dataset" in document:
        return _json_stat
    return _px if {"columns", "data"} <= document.keys() else None


def _object(value: object, what: str) -> Row:
    if not isinstance(value, dict):
        raise InputError(f"{what} is no object")
    return value


def _json_stat(document: object) -> Iterator[Row]:
    """Every cell that has a value or a status; `extension` and labels are not read."""
    held = _object(document, "the document")
    if held.get("class") == "collection":
        items = _object(held.get("link", {}), "link").get("item", [])
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and item.get("class") == "dataset" and "value" in item:
                yield from _json_stat(item)
        return
    if "dataset" in held and "value" not in held:  # JSON-stat 1: a bundle
        held = _object(held["dataset"], "dataset")
    dimensions = _object(held.get("dimension"), "dimension")
    names, sizes = (held.get(n) or dimensions.get(n) for n in ("id", "size"))
    if not isinstance(names, list) or not isinstance(sizes, list) or len(names) != len(sizes):
        raise InputError("JSON-stat: id and size do not go together")
    codes = [_codes(_object(dimensions.get(str(name)), f"dimension {name}")) for name in names]
    if [len(each) for each in codes] != sizes:
        raise InputError("JSON-stat: a dimension has another size than its categories")
    if prod(sizes) > MOST_CELLS:
        raise InputError(f"more than {MOST_CELLS:,} cells: ask for a part")
    roles = _object(held.get("role", {}), "role")
    times, places = (set(map(str, roles.get(role) or ())) for role in ("time", "geo"))
    named = ["TIME_PERIOD" if n in times else "REF_AREA" if n in places else str(n) for n in names]
    value, status = held.get("value", []), held.get("status", {})
    flow, updated = str(held.get("label") or ""), str(held.get("updated") or "")
    units = _units(names, dimensions)
    for place, key in enumerate(product(*codes)):
        number, flag = _at(value, place), _at(status, place)
        if number is not None or flag:
            yield {
                **dict(zip(named, key)), "OBS_VALUE": number, "OBS_STATUS": flag or "",
                "DATAFLOW": flow, "SOURCE_DATE": updated[:10],
                **{k: v for code in key for k, v in units.get(code, {}).items()},
            }  # fmt: skip


def _units(names: list[object], dimensions: Row) -> dict[str, Row]:
    """Unit and power of ten of the codes of the dimension that tells them (`category.unit`)."""
    for name in names:
        category = _object(
            _object(dimensions[str(name)], "a dimension").get("category"), "category"
        )
        declared = category.get("unit")
        if isinstance(declared, dict):
            units = {str(code): _object(unit, "a unit") for code, unit in declared.items()}
            return {
                code: {
                    "UNIT_MEASURE": str(unit.get("base") or unit.get("label") or unit.get("symbol") or "").lower(),
                    **({"UNIT_MULT": str(unit["multiplier"])} if "multiplier" in unit else {}),
                }
                for code, unit in units.items()
            }  # fmt: skip
    return {}


def _codes(dimension: Row) -> list[str]:
    """The codes of a dimension in their order."""
    category = _object(dimension.get("category"), "category")
    index = category.get("index")
    if isinstance(index, list):
        return [str(code) for code in index]
    if isinstance(index, dict):
        return [str(code) for code, _ in sorted(index.items(), key=lambda pair: _number(pair[1]))]
    return [str(code) for code in _object(category.get("label"), "label")][:1]


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _at(values: object, place: int) -> object:
    """A value by its place: of a list, of an object whose names are places, or the same for all."""
    if isinstance(values, list):
        return values[place] if place < len(values) else None
    if isinstance(values, dict):
        return values.get(str(place))
    return values if isinstance(values, str) else None


def _px(document: object) -> Iterator[Row]:
    """Rows of PX-Web's own JSON: a key of codes and a value for each content."""
    held = _object(document, "the document")
    columns = [_object(c, "a column") for c in held["columns"]]
    keys = [c for c in columns if c.get("type") != "c"]
    contents = [c for c in columns if c.get("type") == "c"]
    names = ["TIME_PERIOD" if c.get("type") == "t" else str(c.get("code")) for c in keys]
    for line in held["data"]:
        row = _object(line, "a line of data")
        for content, value in zip(contents, row.get("values") or []):
            yield {
                **dict(zip(names, row.get("key") or [])), "OBS_VALUE": None if value in ("..", ".", "-", "") else value,
                "DATAFLOW": str(content.get("code")),
            }  # fmt: skip


def _world_bank(document: object) -> Iterator[Row]:
    """Rows of the World Bank's API, version 2."""
    about, rows = document if isinstance(document, list) else ({}, [])
    pages = _object(about, "the first part").get("pages", 1)
    if not isinstance(rows, list):
        raise InputError("the World Bank's answer holds no values")
    for line in rows:
        row = _object(line, "a value")
        names = {name: _object(row.get(name) or {}, name) for name in ("indicator", "country")}
        yield {
            "DATAFLOW": str(names["indicator"].get("id") or ""),
            "REF_AREA": str(row.get("countryiso3code") or names["country"].get("id") or ""),
            "TIME_PERIOD": row.get("date"), "OBS_VALUE": row.get("value"),
            "OBS_STATUS": str(row.get("obs_status") or ""),
            "SOURCE_DATE": str(_object(about, "the first part").get("lastupdated") or "") if pages else "",
        }  # fmt: skip
