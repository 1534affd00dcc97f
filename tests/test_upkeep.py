"""Upkeep: an installation does not grow with the number of its runs, and nothing changes by it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from marsad.flow import upkeep
from marsad.flow.upkeep import keep, standing
from marsad.lake import store
from test_stream import Home, sighting

NOW = dt.datetime(2026, 5, 20, tzinfo=dt.UTC)


def files(home: Path) -> int:
    return sum(1 for path in (home / "lake").rglob("*.parquet") if "_delta_log" not in path.parts)


def test_many_small_runs_leave_few_files_and_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_FILES", 4)
    monkeypatch.setattr(store, "FOLD_LEAST", 5)
    monkeypatch.setattr(upkeep, "FILE_HOURS", 0)
    home = Home(tmp_path)
    for run in range(8):
        home.arrive(f"p{run}", sighting(run % 3, run % 2, run % 3, run), sighting(9, 1, 0, run))
        home.stream.advance()
    before, held = home.tables(), files(tmp_path)
    done = keep(tmp_path, home.lake, home.control, NOW)
    assert home.tables() == before
    assert files(tmp_path) < held / 2
    assert done.joined > 0
    assert done.removed >= held - files(tmp_path)
    again = keep(tmp_path, home.lake, home.control, NOW)
    assert (again.joined, again.removed) == (0, 0)
    home.arrive("more", sighting(0, 1, 1, 20))
    home.stream.advance()
    whole = Home(tmp_path / "whole")
    for run in range(8):
        whole.arrive(f"p{run}", sighting(run % 3, run % 2, run % 3, run), sighting(9, 1, 0, run))
    whole.arrive("more", sighting(0, 1, 1, 20))
    whole.stream.advance()
    assert home.tables() == whole.tables()


def test_versions_that_releases_name_stay_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FOLD_LEAST", 1)
    monkeypatch.setattr(upkeep, "FILE_HOURS", 0)
    home = Home(tmp_path)
    home.arrive("p", sighting(0), sighting(2, 1))
    home.stream.advance()
    named = home.lake.version("core_ads")
    ads = home.lake.read("core_ads").to_pylist()
    home.control.publish("r1", NOW.date(), {"core_ads": named})
    home.arrive("q", sighting(0, 1, 0, 5), sighting(4, 2))
    home.stream.advance()
    keep(tmp_path, home.lake, home.control, NOW)
    again = home.lake.read("core_ads", version=named).to_pylist()
    assert sorted(map(str, again)) == sorted(map(str, ads))


def test_the_newest_releases_stand_and_the_last_of_each_month() -> None:
    days = [dt.date(2025, 1, 1) + dt.timedelta(days) for days in range(500)]
    releases = [{"id": str(day), "published_at": day.isoformat()} for day in reversed(days)]
    stand = standing(releases)
    assert [r["id"] for r in stand[: upkeep.NEWEST]] == [r["id"] for r in releases[: upkeep.NEWEST]]
    assert "2025-03-31" in {r["id"] for r in stand}
    assert "2025-03-30" not in {r["id"] for r in stand}
    assert len(stand) < upkeep.NEWEST + 18


def test_the_feed_goes_back_so_far_and_no_further(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for seq, day in ((1, NOW - dt.timedelta(500)), (2, NOW)):
        change = {"release": str(seq), "seq": seq, "changed_at": day, "kind": "new", "subject": "a", "content": ""}  # fmt: skip
        home.lake.replace("out_changes", str(seq), [change])
    assert keep(tmp_path, home.lake, home.control, NOW).changes == 1
    assert home.lake.read("out_changes")["seq"].to_pylist() == [2]
