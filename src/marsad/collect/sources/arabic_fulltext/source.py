"""Full-text Arabic ads of a Gulf board: lists written as text, `taken / open` posts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from marsad.base.errors import InputError
from marsad.base.records import Record, Row
from marsad.collect.adapters.table import rows
from marsad.collect.context import Context
from marsad.collect.mapping import records

_LISTS = ("job_desc", "job_tasks", "qualif", "benefits")
_NO_DATE = "Publish date"  # the board's own label, scraped in place of a date


def _listed(text: str) -> str:
    if not text.startswith("["):
        return text
    try:
        items = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        raise InputError(f"not a list: {text[:40]!r}") from None
    return "\n".join(str(item).strip() for item in items if str(item).strip())


def _plain(row: Row) -> Row:
    plain = dict(row)
    for name in _LISTS:
        plain[name] = _listed(str(row.get(name) or ""))
    plain["positions"] = str(row.get("positions") or "").rpartition("/")[2].strip()
    plain["job_date"] = "" if row.get("job_date") == _NO_DATE else row.get("job_date")
    return plain


def collect(ctx: Context) -> Iterator[Record]:
    """Ads of the payloads, one a line; a row with an unreadable list is set aside."""
    for payload in ctx.payloads:
        every = list(rows(ctx, payload))
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        yield from records(ctx, every, file=payload.name, change=_plain)
