"""Full-text ads of one board: the title carries the town after a bar, two fields hold the text."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Record, Row
from marsad.collect.adapters.table import rows
from marsad.collect.context import Context
from marsad.collect.mapping import records


def _split(row: Row) -> Row:
    title, _, place = str(row.get("title") or "").rpartition(" | ")
    return {**row, "title": title or place, "place": place if title else ""}


def collect(ctx: Context) -> Iterator[Record]:
    """Ads of the payloads, one a line."""
    for payload in ctx.payloads:
        every = list(rows(ctx, payload))
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        yield from records(ctx, every, file=payload.name, change=_split)
