"""Full-text Arabic ads of a Gulf board: lists written as text, Hijri dates, `taken / open` posts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hijridate import Hijri

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
    except (ValueError, SyntaxError):
        raise InputError(f"not a list: {text[:40]!r}") from None
    return "\n".join(str(item).strip() for item in items if str(item).strip())


def _gregorian(text: str) -> str:
    day, month, year = (int(part) for part in text.split("/"))
    return Hijri(year, month, day).to_gregorian().isoformat()


def _plain(row: Row) -> Row:
    plain = dict(row)
    for name in _LISTS:
        plain[name] = _listed(str(row.get(name) or ""))
    plain["positions"] = str(row.get("positions") or "").rpartition("/")[2].strip()
    date = str(row.get("job_date") or "")
    plain["job_date"] = "" if date == _NO_DATE else _gregorian(date)
    return plain


def collect(ctx: Context) -> Iterator[Record]:
    """Ads of the payloads, one a line; a row with an unreadable list or date is set aside."""
    for payload in ctx.payloads:
        numbered_rows = list(rows(payload))
        ctx.account({k for _, row in numbered_rows for k in row}, file=payload.name)
        every = []
        for number, row in numbered_rows:
            try:
                every.append((number, _plain(row)))
            except (InputError, ValueError, OverflowError) as error:
                ctx.reject(InputError(str(error), file=payload.name, row=number), row)
        yield from records(ctx, every, file=payload.name)
