"""A period of a register is published once: after it has ended, as the register stood then.

Were its figures made anew with each file, the difference of two releases would tell a single record
and the time at which it came, however well each release by itself is protected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.periods import end
from marsad.base.records import Row
from marsad.products.disclosure.gate import CONFIDENTIAL, FREE

REGISTER = "ADS_REGISTER"


def last_day(readings: pa.Table) -> dt.date | None:
    """The last day of which a register tells: the newest posting among its openings (core_ad_readings)."""
    records = readings.filter(pc.equal(readings["survey"], REGISTER))
    newest = pc.max(records["posted_on"]).as_py()
    return newest if isinstance(newest, dt.date) else None


def settled(rows: Sequence[Row], last: dt.date | None, history: pa.Table | None) -> list[Row]:
    """The rows to publish: those of registers for ended periods only, and for a period that was
    published before just as it was (`history`: what releases before have shown)."""
    shown = _shown(history) if history is not None else []
    before = {(row["freq"], row["period"]) for row in shown}
    new = [
        row
        for row in rows
        if row["survey"] == REGISTER
        and last is not None
        and end(row["period"]) <= last
        and (row["freq"], row["period"]) not in before
    ]
    return [*(row for row in rows if row["survey"] != REGISTER), *shown, *new]


def _shown(history: pa.Table) -> list[Row]:
    current = pc.and_(pc.equal(history["survey"], REGISTER), pc.is_null(history["valid_to"]))
    rows: list[Row] = history.filter(current).to_pylist()
    for row in rows:
        if row["conf_status"] != FREE:  # older releases told why
            row["conf_status"] = CONFIDENTIAL
    return rows
