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
        numbered_rows = list(rows(payload))
        ctx.account({k for _, row in numbered_rows for k in row}, file=payload.name)
        yield from records(ctx, [(n, _split(row)) for n, row in numbered_rows], file=payload.name)
