"""Statistical messages as flat rows: component -> value, and `DATAFLOW`.

SDMX-CSV 1.0 and 2.0, SDMX-ML generic and structure-specific, SDMX-JSON 1.0 and 2.0, Eurostat's TSV,
JSON-stat 2 and others (`cubes.py`), and plain tables under the same names (Marsad's own CSV, XLSX and
JSON, ILOSTAT's CSV).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from marsad.base.documents import read_json
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.base.xml import parse_xml
from marsad.collect.adapters import cubes, feed, table
from marsad.collect.context import Context, Payload

_FLOWS = ("DATAFLOW", "STRUCTURE_ID")


def rows(ctx: Context, payload: Payload, names: frozenset[str]) -> Iterator[tuple[int, Row]]:
    """(number, row) of each observation. InputError: the message is none that is read."""
    if feed.is_xml(payload):
        yield from enumerate(_ml(parse_xml(ctx.text(payload))), 1)
        return
    head = payload.data.lstrip(b"\xef\xbb\xbf \r\n")[:1]
    text = ctx.text(payload) if head in (b"{", b"[") else ""
    if '"dataSets"' in text:
        yield from enumerate(_json(read_json(text)), 1)
        return
    if cubes.is_cube(text):
        document = read_json(text)
        if read := cubes.reader(document):
            yield from enumerate(read(document), 1)
            return
    for number, row in table.rows(ctx, payload, names):
        if series := next((name for name in row if "\\" in name), ""):
            yield from ((number, cells) for cells in _series_row(row, series))
        else:
            yield number, {_id(name): _code(cell) for name, cell in row.items()}


def _series_row(row: Row, heading: str) -> Iterator[Row]:
    """The observations of a line of Eurostat's TSV: a key of several codes, then one cell a period,
    each a value and its flag."""
    names = heading.partition("\\")[0].split(",")
    key = dict(zip(names, str(row[heading]).split(",")))
    for period, cell in row.items():
        if period != heading:
            value, _, flag = str(cell).strip().partition(" ")
            yield {
                **key,
                "TIME_PERIOD": period.strip(),
                "OBS_VALUE": value,
                "OBS_FLAG": flag.strip(),
            }


def _id(name: str) -> str:
    """The id of a component of a heading that may have its name beside it («SEX: Sexe»)."""
    identifier = name.partition(": ")[0]
    return "DATAFLOW" if identifier in _FLOWS else identifier


def _code(cell: object) -> object:
    """The code of a cell that may have its label beside it («F: Femmes»)."""
    code, colon, _ = cell.partition(": ") if isinstance(cell, str) else ("", "", "")
    return code if colon and " " not in code else cell


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _own(element: Element) -> dict[str, object]:
    """Attributes of an element that have no namespace: in structure-specific data, components."""
    return {name: value for name, value in element.attrib.items() if "}" not in name}


def _generic(element: Element, time: str) -> dict[str, object]:
    """Components that the parts of an element of generic data say."""
    row: dict[str, object] = {}
    for part in element:
        name = _local(part)
        if name in ("SeriesKey", "ObsKey", "Attributes"):
            row |= {str(v.get("id")): v.get("value") for v in part}
        elif name in ("ObsDimension", "Time"):
            row[part.get("id") or time] = part.get("value") or part.text
        elif name == "ObsValue":
            row["OBS_VALUE"] = part.get("value")
    return row


def _ml(root: Element) -> Iterator[Row]:
    flow, time, generic = "", "TIME_PERIOD", "Generic" in _local(root)
    for element in root.iter():
        if _local(element) == "Structure" and element.get("structureID"):
            flow = str(element.get("structureID"))
            at = element.get("dimensionAtObservation", time)
            time = time if at == "AllDimensions" else at
    for dataset in root.iter():
        if _local(dataset) != "DataSet":
            continue
        for child in dataset:
            if _local(child) == "Obs":
                yield {"DATAFLOW": flow, **(_generic(child, time) if generic else _own(child))}
            elif _local(child) == "Series":
                series = _generic(child, time) if generic else _own(child)
                for obs in child:
                    if _local(obs) == "Obs":
                        row = _generic(obs, time) if generic else _own(obs)
                        yield {"DATAFLOW": flow, **series, **row}


Json = dict[str, object]


def _object(value: object) -> Json:
    """A value as the object that it must be. InputError: it is none."""
    if not isinstance(value, dict):
        raise InputError("this is not SDMX-JSON: an object is missing")
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _listed(value: object) -> list[Json]:
    return [_object(item) for item in _list(value)]


def _text(value: Json) -> object:
    return value.get("id", value.get("value"))


def _at(components: list[Json], key: str) -> dict[str, object]:
    """The components that a key like `0:3:1` says, by its indices."""
    try:
        return {
            str(component.get("id")): _text(_listed(component.get("values"))[int(place)])
            for component, place in zip(components, key.split(":"))
            if key
        }
    except (ValueError, IndexError):
        raise InputError(f"this is not SDMX-JSON: no values for the key {key[:60]!r}") from None


def _attributes(components: list[Json], cells: list[object]) -> dict[str, object]:
    """Attributes by their index among the values that are listed, else as they stand."""
    row: dict[str, object] = {}
    for component, cell in zip(components, cells):
        values = _list(component.get("values"))
        if values and isinstance(cell, int) and 0 <= cell < len(values):
            row[str(component.get("id"))] = _text(_object(values[cell]))
        elif not values:
            row[str(component.get("id"))] = cell
    return row


def _json(message: object) -> Iterator[Row]:
    data = _object(_object(message).get("data", message))
    structures = _listed(data.get("structures")) or [_object(data.get("structure"))]
    for dataset in _listed(data.get("dataSets")):
        place = dataset.get("structure")
        structure = structures[0]
        if isinstance(place, int) and 0 <= place < len(structures):
            structure = structures[place]
        levels, flow = _object(structure.get("dimensions")), str(structure.get("name") or "")
        attributes = _listed(_object(structure.get("attributes", {})).get("observation"))
        at_series, at_obs = (_listed(levels.get(level)) for level in ("series", "observation"))
        series = _object(dataset.get("series", {"": dataset}))
        for key, one_series in series.items():
            fixed = {"DATAFLOW": flow, **_at(at_series, key)}
            for obs_key, cells in _object(_object(one_series).get("observations", {})).items():
                value, *rest = _list(cells) or [None]
                row = {"OBS_VALUE": value, **_attributes(attributes, rest)}
                yield {**fixed, **_at(at_obs, obs_key), **row}
