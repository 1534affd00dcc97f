"""Rows that a test gives, and a reader of just these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fake import KNOWN, FakeReader

from marsad.publish.read.model import DataQuery, DataResult, Value

RATE = Value("unemployment_rate", "A", "2025", "MA", "ENE", "_T", "_T", "_T", "_T", "_T", "_T", "N",
             "current", 13.0, "PT", "A", "F", None, None, "U", "one_source", None, "HCP", "2026-02-03", "", False,
             KNOWN, None)  # fmt: skip


class Given(FakeReader):
    """A reader of the rows it is given, with no breaks."""

    def __init__(self, rows: Sequence[Value]) -> None:
        self.rows = tuple(rows)

    def data(self, query: DataQuery) -> DataResult:
        kept = [
            row
            for row in self.rows
            if row.indicator == query.indicator
            and all(getattr(row, d) in codes for d, codes in query.filters.items())
            and (not query.level or _level(row.area) == query.level)
            and (not query.parent or row.area.startswith(query.parent))
        ]
        return DataResult(query, tuple(kept), len(kept))

    def breaks(self, indicator: str, survey: str) -> tuple[()]:
        return ()


def _level(area: str) -> str:
    if area == "MA-SUD":
        return "region_group"
    return ("country", "region", "province", "commune")[min(area.count("-"), 3)]


def year(period: str, value: float, **other: object) -> Value:
    return replace(RATE, period=period, value=value, **other)  # type: ignore[arg-type]
