"""A catalogue of vocational trainings: one JSON object a programme, its texts under `tabs`."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Record, Row
from marsad.collect.adapters.table import rows
from marsad.collect.context import Context
from marsad.collect.mapping import records


def _flat(row: Row) -> Row:
    tabs = row.get("tabs") or {}
    flat = {**row, "presentation": tabs.get("presentation"), "debouches": tabs.get("debouches")}
    # One slug may be taught in several towns: a course is a programme at a place.
    flat["slug"] = f"{row.get('slug')}@{row.get('ville')}@{row.get('niveau')}"
    return flat


def collect(ctx: Context) -> Iterator[Record]:
    """One course a programme and town."""
    for payload in ctx.payloads:
        numbered_rows = list(rows(payload))
        ctx.account({k for _, row in numbered_rows for k in row}, file=payload.name)
        yield from records(ctx, [(n, _flat(row)) for n, row in numbered_rows], file=payload.name)
