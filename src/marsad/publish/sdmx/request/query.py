"""What a request asks for, after parsing, the same for both versions of SDMX REST."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.sdmx.data.columns import ALL, TIME
from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.structure.artefacts import Ref
from marsad.publish.sdmx.structure.definitions import DIMENSIONS

ID = re.compile(r"[A-Za-z0-9_@$\-]+")
NESTED = re.compile(r"[A-Za-z0-9_@$\-]+(\.[A-Za-z0-9_@$\-]+)*")
AGENCY_ID = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*(\.[A-Za-z][A-Za-z0-9_\-]*)*")
Key = Mapping[str, tuple[str, ...]]
"""Our dimension -> codes wanted; one left out is every code."""


@dataclass(frozen=True, slots=True)
class DataAsk:
    """A data query: of what, which values, and how the answer is to look."""

    flows: tuple[Ref, ...]  # dataflows, data structures or provision agreements, `*` for every one
    query: CubeQuery
    keys: tuple[Key, ...] = ()
    observation: str = TIME
    detail: str = "full"
    attributes: tuple[str, ...] | None = None  # ids wanted; None is all
    measure: bool = True


@dataclass(frozen=True, slots=True)
class AvailabilityAsk:
    """A question about which codes have data."""

    flow: Ref
    query: CubeQuery
    keys: tuple[Key, ...] = ()
    components: tuple[str, ...] = ()
    mode: str = "exact"
    references: tuple[str, ...] = ("none",)


@dataclass(frozen=True, slots=True)
class SchemaAsk:
    """A question for the schema of structure-specific data."""

    flow: Ref
    observation: str = TIME


def parameters(query: bytes, allowed: Iterable[str]) -> dict[str, str]:
    """The parameters of a query string, each once; a plus stays a plus.

    SdmxError 400 for one that is not allowed, or given twice.
    """
    names, arguments = frozenset(allowed), {}
    for part in query.decode("latin-1").split("&"):
        if not part:
            continue
        name, _, value = (unquote(piece) for piece in part.partition("="))
        if name not in names and not (name.startswith("c[") and "c" in names):
            raise SdmxError(400, "sdmx_no_parameter", name=name)
        if name in arguments:
            raise SdmxError(400, "sdmx_twice", name=name)
        arguments[name] = value
    return arguments


def one_of(name: str, value: str, allowed: Iterable[str]) -> str:
    """A value among those allowed; SdmxError 400 lists them."""
    listed = tuple(allowed)
    if value not in listed:
        raise SdmxError(400, "sdmx_one_of", name=name, known=", ".join(listed), value=value)
    return value


def number(arguments: Mapping[str, str], name: str, least: int = 1) -> int | None:
    """A whole number, or None when not given; SdmxError 400 when it is none or below `least`."""
    if name not in arguments:
        return None
    text = arguments[name]
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
        raise SdmxError(400, "sdmx_number", name=name, least=str(least), value=text)
    return int(text)


def truth(arguments: Mapping[str, str], name: str) -> bool:
    """A boolean, false when not given."""
    return one_of(name, arguments.get(name, "false"), ("true", "false")) == "true"


def checked(values: Sequence[str], form: re.Pattern[str], what: str) -> tuple[str, ...]:
    """Values of a form; SdmxError 400 for another."""
    for value in values:
        if not form.fullmatch(value):
            raise SdmxError(400, "sdmx_not", value=value, what=what)
    return tuple(values)


def key(text: str, *, short: bool, wildcards: Iterable[str], either: str = "+") -> Key:
    """One key; `short` lets the last dimensions be left out. SdmxError 400 when it does not fit."""
    parts = text.split(".")
    if len(parts) > len(DIMENSIONS) or (len(parts) < len(DIMENSIONS) and not short):
        raise SdmxError(400, "sdmx_key", dimensions=str(len(DIMENSIONS)), parts=str(len(parts)))
    free = frozenset(wildcards)
    codes = {}
    for name, part in zip(DIMENSIONS, parts):
        values = part.split(either)
        if free.intersection(values):
            continue
        codes[name] = checked(values, ID, "key")
    return codes


def filters(keys: Sequence[Key]) -> tuple[Filter, ...]:
    """Filters that hold every key: exact for one key, the smallest box around several."""
    boxed = [name for name in DIMENSIONS if keys and all(name in k for k in keys)]
    return tuple(
        Filter(name, "eq", tuple(dict.fromkeys(code for k in keys for code in k[name])))
        for name in boxed
    )


def observation(value: str) -> str:
    """The dimension at the observation level; SdmxError 400 when there is none of that id."""
    return one_of("dimensionAtObservation", value, (TIME, ALL, *DIMENSIONS.values()))


def check_times(as_of: dt.datetime | None, updated: dt.datetime | None) -> None:
    """SdmxError 422 when changes are asked for that come after the moment asked about."""
    if as_of and updated and updated > as_of:
        raise SdmxError(422, "sdmx_later")
