"""JSON-stat 2.0: an answer as one cube with its labels, for people who chart and share.

https://json-stat.org/full (dataset class). Dimensions that have one code stay, so that what a cube
is about can be read in it; cells without a value are left out of the sparse `value`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from marsad.base.areas import areas
from marsad.base.errors import TooLargeError
from marsad.base.labels import pick
from marsad.base.refusals import refused
from marsad.products.declare import DIMENSIONS
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.sdmx.structure import definitions

_OF_A_VERSION = ("vintage", "valid_from")
MOST_CELLS = 1_000_000
"""Clients lay a cube out whole, however few of its cells have a value."""
_ROLES = {"period": "time", "area": "geo", "unit": "metric"}
_CONCEPTS = {**definitions.DIMENSIONS, "period": "TIME_PERIOD", "unit": "UNIT_MEASURE",
             "vintage": "VINTAGE", "valid_from": "VALID_FROM"}  # fmt: skip
"""Dimension of a cube -> the concept whose name it bears."""


class Unit(Struct, frozen=True):
    """How a unit is written."""

    decimals: int


class Category(Struct, frozen=True):
    """The codes of a dimension in their order, with labels; the areas within an area as `child`."""

    index: tuple[str, ...]
    label: dict[str, str]
    unit: dict[str, Unit] | UnsetType = UNSET
    child: dict[str, tuple[str, ...]] | UnsetType = UNSET


class Dimension(Struct, frozen=True):
    """One dimension of a cube."""

    label: str
    category: Category


class Origin(Struct, frozen=True):
    """What a cube was made from: an indicator and a release."""

    indicator: str
    release: str


class Extension(Struct, frozen=True):
    """What Marsad adds to a cube."""

    marsad: Origin


class Cube(Struct, frozen=True, rename={"kind": "class"}):
    """Values of an indicator as a JSON-stat 2.0 dataset: `value` and `status` by place in the cube."""

    version: Literal["2.0"]
    kind: Literal["dataset"]
    label: str
    source: str
    updated: str
    note: tuple[str, ...]
    id: tuple[str, ...]
    size: tuple[int, ...]
    role: dict[str, tuple[str, ...]]
    dimension: dict[str, Dimension]
    value: dict[str, float]
    status: dict[str, str]
    extension: Extension


def _names(answer: Answer) -> list[str]:
    """The dimensions of the cube: those of versions where versions are asked for, else only where values
    differ by nothing else."""
    names = [*DIMENSIONS, "unit", "period"]
    if answer.query.history:
        varying = [n for n in _OF_A_VERSION if len(answer.table[n].unique()) > 1]
        return [*names[:-1], *varying, "period"]
    for name in _OF_A_VERSION:
        keys = answer.table.select(names)
        if keys.group_by(names).aggregate([]).num_rows == keys.num_rows:
            break
        names.insert(-1, name)
    return names


def _codes(answer: Answer, name: str) -> list[str]:
    """The codes of a dimension in the answer: areas and lists in their own order, times by time."""
    present = {str(code) for code in answer.table[name].unique().to_pylist()}
    if name in DIMENSIONS:
        listed = answer.reader.codes(answer.query.indicator, name)
        return [code for code in listed if code in present] + sorted(present - set(listed))
    return sorted(present)


def _dimension(answer: Answer, name: str, codes: Sequence[str]) -> Dimension:
    labelled = name in DIMENSIONS or name == "unit"
    labels = answer.labels(name, codes) if labelled else {code: code for code in codes}
    decimals = answer.indicator.decimals
    units = {c: Unit(decimals) for c in codes} if name == "unit" else UNSET
    children = _children(codes) if name == "area" else {}
    named = pick(definitions.concept_name(_CONCEPTS[name]), answer.language)
    return Dimension(named, Category(tuple(codes), labels, units, children or UNSET))


def _children(codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Area -> the areas directly within it, of those in the answer."""
    children: dict[str, tuple[str, ...]] = {}
    present = set(codes)
    for code in codes:
        parent = areas()[code].parent if code in areas() else None
        if parent in present:
            children[str(parent)] = (*children.get(str(parent), ()), code)
    return children


def write_jsonstat(answer: Answer) -> bytes:
    """The answer as a JSON-stat 2.0 dataset."""
    indicator, language, release = answer.indicator, answer.language, answer.reader.release()
    names = _names(answer)
    codes = {name: _codes(answer, name) for name in names}
    sizes = [len(codes[name]) for name in names]
    if (cells := math.prod(sizes)) > MOST_CELLS:
        raise TooLargeError(
            refused(
                "cube_too_large",
                values=f"{answer.table.num_rows:,}",
                cells=f"{cells:,}",
                most=f"{MOST_CELLS:,}",
            )
        )
    at = [0] * answer.table.num_rows
    for name, size in zip(names, sizes):
        place = {code: i for i, code in enumerate(codes[name])}
        cells = answer.table[name].to_pylist()
        at = [i * size + place[str(cell)] for i, cell in zip(at, cells)]
    values, statuses = (answer.table[n].to_pylist() for n in ("value", "obs_status"))
    return msgspec.json.encode(
        Cube(
            version="2.0",
            kind="dataset",
            label=pick(indicator.title, language),
            source=pick(indicator.source, language),
            updated=release.published_at.isoformat(),
            note=tuple(answer.caveats),
            id=tuple(names),
            size=tuple(sizes),
            role={role: (name,) for name, role in _ROLES.items()},
            dimension={name: _dimension(answer, name, codes[name]) for name in names},
            value={
                str(i): value
                for i, value in zip(at, values)
                if value is not None and math.isfinite(value)
            },
            status={str(i): status for i, status in zip(at, statuses)},
            extension=Extension(Origin(indicator.id, release.id)),
        )
    )


FORMATS = (
    Format(
        "json-stat", "application/vnd.jsonstat+json", "json", "JSON", "JSON-stat", 40,
        write_jsonstat, offered=True, inline=True, whole=False, body=Cube,
    ),
)  # fmt: skip
