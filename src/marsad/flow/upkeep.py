"""Upkeep: what keeps an installation from growing with the number of its runs.

Small files are joined, logs lose the rows that newer ones replace, files that no release needs go, and so
do releases and changes that are old. A number stays recomputable as long as its release stands: the newest
ones, and the last of each month.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from marsad.base.records import Row
from marsad.lake import edition
from marsad.lake.control import Control
from marsad.lake.queries import bases
from marsad.lake.store import Lake
from marsad.lake.tables import tables

NEWEST, CHANGES_DAYS, FILE_HOURS = 20, 400, 24
"""Releases that stand beside the last of each month; days that the feed of changes goes back; hours that
files stay which nothing names, for readers and backups under way."""


@dataclass(frozen=True)
class Kept:
    """What an upkeep did."""

    joined: int
    removed: int
    releases: int
    changes: int


def standing(releases: Sequence[Row]) -> list[Row]:
    """The releases that stand, of all, newest first."""
    last_of_month: dict[str, Row] = {}
    for release in reversed(releases):
        last_of_month[release["published_at"][:7]] = release
    months = {release["id"] for release in last_of_month.values()}
    return [r for i, r in enumerate(releases) if i < NEWEST or r["id"] in months]


def keep(home: Path, lake: Lake, control: Control, now: dt.datetime) -> Kept:
    """Join, fold, remove; within the writer's lease. Logs are folded only when the newest edition shows
    them as they are: it is told by their older rows what changed."""
    newest = edition.newest(home)
    shown = newest is None or edition.about(newest).revision == lake.mark(
        "core_block_log", "revision"
    )
    stored = [name for name, declared in tables().items() if not declared.view]
    joined = sum(lake.compact(name) for name in stored if shown or not tables()[name].newest)
    every = control.releases()
    stand = standing(every)
    changes = _old_changes(lake, now)
    removed = sum(lake.vacuum(name, _versions(name, stand), FILE_HOURS) for name in stored)
    gone = [r["id"] for r in every if r not in stand and (home / "releases" / r["id"]).exists()]
    for identifier in gone:
        shutil.rmtree(home / "releases" / identifier)
    return Kept(joined, removed, len(gone), changes)


def _versions(name: str, releases: Sequence[Row]) -> list[int]:
    """The versions of a table that releases name, alone or within a view."""
    versions = []
    for release in releases:
        for table, version in release["tables"].items():
            if table == name and isinstance(version, int):
                versions.append(version)
            elif table in tables() and tables()[table].view and name in bases(table):
                parts = dict(zip(bases(table), str(version).split(".")))
                versions.append(int(parts[name]) if name in parts else -1)
    return sorted({version for version in versions if version >= 0})


def _old_changes(lake: Lake, now: dt.datetime) -> int:
    """Take changes out of the feed that nobody follows any more; how many."""
    before = (now - dt.timedelta(CHANGES_DAYS)).isoformat()
    condition, counted = f"changed_at < '{before}'", pa.schema([("n", pa.int64())])
    query = f"select count(*) as n from out_changes where {condition}"  # noqa: S608 - a day
    old = int(lake.table(query, ("out_changes",), counted)["n"][0].as_py())
    if old:
        lake.remove("out_changes", condition)
    return old
