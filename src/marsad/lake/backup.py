"""Backup and restore of an installation: every file of its home in one folder, with a manifest.

The control database is taken by SQLite's own backup (its newest entries stand in a log beside it), so
the portal may run meanwhile; one in PostgreSQL is copied row by row, as of one moment, into a file of
SQLite, so that every backup is whole in itself and can be restored to either. Of each table of the lake the log is taken first: the data files it names
are never changed, so the copy is the table as it was at that moment.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from marsad.base.errors import PlaceError
from marsad.lake.answer_store import FOLDER as ANSWERS
from marsad.lake.control import Control
from marsad.lake.control.copying import copy_control
from marsad.lake.folders import MANIFEST, damage, make_private, manifest, seal

CONTROL = "control.db"
_LOG = "_delta_log"


def _files(home: Path) -> Iterator[Path]:
    """What is copied as it is, the logs of tables before their data; nothing that is still written."""
    paths = [path for path in home.rglob("*") if path.is_file() and ".part" not in path.suffixes]
    copied = (p for p in paths if not p.relative_to(home).parts[0].startswith((CONTROL, ANSWERS)))
    yield from sorted(copied, key=lambda path: (_LOG not in path.parts, path))


def _copy_control(source: Path | str, target: Path) -> None:
    """The control database with what its log holds, as one file."""
    target.touch(mode=0o600)
    if isinstance(source, str):
        _carry(source, target)
        source = target
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        if source != target:
            old.backup(new)
        new.execute("pragma journal_mode=delete")
        if new.execute("select 1 from sqlite_master where name = 'leases'").fetchone():
            new.execute("delete from leases")  # they are of processes
            new.commit()
        state = new.execute("pragma integrity_check").fetchone()[0]
    if state != "ok":
        raise PlaceError(f"The control database {source} is damaged ({state}): restore a backup.")


def _carry(source: Path | str, target: Path | str) -> None:
    """Copy control data from a database into an empty one of the other kind."""
    with closing(Control(source)) as old, closing(Control(target)) as new:
        copy_control(old, new)


def _empty(folder: Path, what: str) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PlaceError(f"{what} {folder} is not an empty folder: nothing was written.")


def _first(error: OSError) -> object:
    """What went wrong first: copying a folder gathers an error for each file."""
    if isinstance(error, shutil.Error) and error.args and error.args[0]:
        source, _, reason = error.args[0][0]
        return f"{source}: {reason}"
    return error


def backup(home: Path, folder: Path, version: str, database: str = "") -> tuple[int, list[str]]:
    """Copy the installation at `home`, with control data in its own file or at the address `database`,
    into the empty or new `folder`, sealed: how many files it has, and the releases that were left out because their files are not as they were written.

    PlaceError when there is no installation, the folder is not empty, the control database is
    damaged, or the disk refuses.
    """
    _empty(folder, "The backup")
    if not (home if database else home / CONTROL).exists():
        raise PlaceError(f"There is no installation at {home}: nothing to back up.")
    if folder.resolve().is_relative_to(home.resolve()):
        raise PlaceError(f"A backup inside {home} would be lost with it: choose another folder.")
    try:
        make_private(folder)
        _copy_control(database or home / CONTROL, folder / CONTROL)
        left_out = [
            release for release in (home / "releases").glob("*") if damage(release, hashes=True)
        ]
        for path in _files(home):
            if any(path.is_relative_to(release) for release in left_out):
                continue
            target = folder / path.relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copy2(path, target)
        seal(folder, version=version, made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise PlaceError(f"The backup at {folder} cannot be written: {error}.") from error
    files = sum(path.is_file() for path in folder.rglob("*")) - 1
    return files, [release.name for release in left_out]


def restore(folder: Path, home: Path, database: str = "") -> str:
    """Copy a backup into the empty or new `home`, its control data to the address `database` where
    that is given; when it was made.

    PlaceError when it is no backup, one of its files is not as it was written, or `home` or the
    database is not empty.
    """
    _empty(home, "The home")
    sealed = manifest(folder)
    if sealed is None or not (folder / CONTROL).exists():
        raise PlaceError(f"{folder} is no backup of Marsad: it has no {MANIFEST} or {CONTROL}.")
    if reason := damage(folder, hashes=True):
        raise PlaceError(f"The backup {folder} is damaged: {reason}. Nothing was restored.")
    part = home.with_name(f"{home.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(folder, part)
        (part / MANIFEST).unlink()
        if database:
            _carry(part / CONTROL, database)
            for path in part.glob(f"{CONTROL}*"):
                path.unlink()
        if home.exists():
            home.rmdir()
        part.rename(home)
        make_private(home)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise PlaceError(f"The backup cannot be restored to {home}: {_first(error)}.") from error
    return str(sealed.get("made_at", ""))
