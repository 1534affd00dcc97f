"""JSON: the indicator, the release, the caveats in words, and a list of values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias, get_type_hints

import msgspec
import pyarrow as pa
from msgspec import Struct

from marsad.base.labels import pick
from marsad.base.settings import site_path
from marsad.publish.formats.answer import Answer, cells_of
from marsad.publish.formats.registry import Format
from marsad.publish.read.cube import SERIES
from marsad.publish.read.model import Value
from marsad.publish.read.trust import OF_ADS, visible_share

if TYPE_CHECKING:
    KeyedValue: TypeAlias = Struct
else:
    KeyedValue = msgspec.defstruct(
        "KeyedValue",
        [("key", str), *get_type_hints(Value).items()],
        frozen=True,
        gc=False,
        namespace={"__doc__": "A value with its key, by which it can be asked for again."},
    )


class VisibleShare(Struct, frozen=True):
    """The share of hiring that ads show, in percent: least, most and between (indicator visible_share)."""

    value: float
    lower: float
    upper: float
    period: str
    survey: str
    source: str
    method: str


def _visible_share(answer: Answer) -> VisibleShare | None:
    share = visible_share(answer.reader)
    if share is None or not set(OF_ADS) & set(answer.indicator.surveys):
        return None
    row, value, low, high = share
    method = site_path(f"/{answer.language}/method/{row.indicator}")
    return VisibleShare(value, low, high, row.period, row.survey, row.source, method)


class ValueList(Struct, frozen=True):
    """Values of an indicator, `total` in all, from row `offset` on, with what must be known of them."""

    indicator: str
    title: str
    unit: str
    decimals: int
    source: str
    method: str
    release: str
    caveats: tuple[str, ...]
    visible_share: VisibleShare | None
    total: int
    offset: int
    values: tuple[KeyedValue, ...]


_NAMES = tuple(get_type_hints(Value))


def keyed_values(table: pa.Table) -> Iterable[KeyedValue]:
    """The rows of a table of values, each with its key."""
    cells = {name: cells_of(table[name]) for name in _NAMES}
    keys = zip(*(cells[name] for name in SERIES))
    for key, period, *row in zip(keys, cells["period"], *cells.values()):
        yield KeyedValue(f"{'.'.join(map(str, key))}/{period}", *row)


def write_json(answer: Answer) -> bytes:
    """The answer as one JSON document."""
    indicator = answer.indicator
    return msgspec.json.encode(
        ValueList(
            indicator=indicator.id,
            title=pick(indicator.title, answer.language),
            unit=indicator.unit,
            decimals=indicator.decimals,
            source=pick(indicator.source, answer.language),
            method=site_path(f"/{answer.language}/method/{indicator.id}"),
            release=answer.reader.release().id,
            caveats=tuple(answer.caveats),
            visible_share=_visible_share(answer),
            total=answer.total,
            offset=answer.query.offset,
            values=tuple(keyed_values(answer.table)),
        )
    )


FORMATS = (
    Format(
        "json", "application/json", "json", "JSON", "JSON", 30, write_json,
        offered=True, inline=True, paged=True, body=ValueList,
    ),
)  # fmt: skip
