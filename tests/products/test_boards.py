"""Boards by month, and the alarm when one falls silent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from cubes import cube
from marsad.lake.tables import table
from marsad.products.boards import last_alarms, whole_months


def _ads(board: str, months: dict[int, int], **other: Any) -> list[dict[str, Any]]:
    last = dt.date(2026, 7, 1)
    return [
        {
            "ad_key": f"{board}-{month}-{i}",
            "board": board,
            "cluster": f"{board}-{month}-{i}",
            "posted_on": dt.date(2026, month, 1 + i % 28),
            "last_seen_on": last,
            "country": "MA",
            "is_canonical": True,
            "synthetic": False,
            **other,
        }
        for month, n in months.items()
        for i in range(n)
    ]


def _cells(*boards: list[dict[str, Any]]) -> pa.Table:
    blank: dict[str, Any] = {
        name: None if column.type.endswith("?") else "" if column.type == "string" else 0
        for name, column in table("core_ads").columns.items()
    }
    for name, column in table("core_ads").columns.items():
        if column.type == "bool":
            blank[name] = False
    rows = [{**blank, **row} for board in boards for row in board]
    held = {"core_ads": pa.Table.from_pylist(rows, schema=table("core_ads").schema)}
    return cube("core_ad_board_months", held)


STEADY = {month: 40 for month in range(1, 7)}


def test_a_board_that_falls_silent_raises_an_alarm() -> None:
    cells = _cells(_ads("a", STEADY), _ads("b", STEADY), _ads("gone", {m: 40 for m in range(1, 6)}))
    (alarm,) = last_alarms(cells)
    assert (alarm.source, alarm.period, alarm.kind, alarm.seen) == ("gone", "2026-06", "silent", 0)
    assert 30 < alarm.expected < 50


def test_no_alarm_when_all_fall_together() -> None:
    crisis = {**STEADY, 6: 12}
    assert list(last_alarms(_cells(*(_ads(b, crisis) for b in "abc")))) == []


def test_copies_on_one_board_fold_and_those_on_several_count_on_each() -> None:
    cells = _cells(
        _ads("a", {1: 1}, cluster="same"),
        _ads("a", {2: 1}, cluster="same", is_canonical=False),
        _ads("b", {2: 1}, cluster="same", is_canonical=False),
    )
    assert [(row["board"], row["n"]) for row in cells.to_pylist()] == [("a", 1), ("b", 1)]


def test_the_month_under_way_is_not_whole() -> None:
    assert whole_months(_cells(_ads("a", {5: 3, 6: 3, 7: 1}))) == ["2026-05", "2026-06"]
