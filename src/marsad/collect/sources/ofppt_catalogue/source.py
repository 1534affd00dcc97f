"""A catalogue of vocational trainings: one JSON object a programme, its texts under `tabs`."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Record, Row
from marsad.collect.adapters.table import rows
from marsad.collect.context import Context
from marsad.collect.mapping import records

_TABS = ("presentation", "debouches", "admission")


def _flat(row: Row) -> Row:
    tabs = row.get("tabs")
    tabs = tabs if isinstance(tabs, dict) else {}
    flat = {**row, **{name: tabs.get(name) for name in _TABS}}
    # One slug may be taught in several towns: a course is a programme at a place.
    flat["slug"] = f"{row.get('slug')}@{row.get('ville')}@{row.get('niveau')}"
    return flat


def collect(ctx: Context) -> Iterator[Record]:
    """One course a programme and town."""
    for payload in ctx.payloads:
        every = list(rows(ctx, payload))
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        yield from records(ctx, every, file=payload.name, change=_flat)
