"""Backup and restore of an installation: every file of its home in a repository (`repository.py`), each
snapshot whole in itself and written down as what is new since the one before.

The control database is taken by SQLite's own backup (its newest entries stand in a log beside it), so
the portal may run meanwhile; one in PostgreSQL is copied row by row, as of one moment, into a file of
SQLite, so that every backup is whole in itself and can be restored to either. Of each table of the lake the log is taken first: the data files it names
are never changed, so the copy is the table as it was at that moment.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from marsad.base.errors import MarsadError, PlaceError
from marsad.lake.answer_store import FOLDER as ANSWERS
from marsad.lake.control import Control
from marsad.lake.control.copying import copy_control
from marsad.lake.folders import MANIFEST, damage, make_private, manifest
from marsad.lake.repository import Entry, Repository, Snapshot

CONTROL, DONE = "control.db", "backup.done"
"""The control database in a backup; the file of an installation that says when it was backed up last."""
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


def backup(
    home: Path, folder: Path, version: str, database: str = "", key: bytes | None = None
) -> Snapshot:
    """Add a snapshot of the installation at `home`, with control data in its own file or at the address
    `database`, to the backups in `folder`, sealed under `key` where one is given. Files that have not changed
    since the last snapshot are not read again. Releases whose files are not as they were written are left out.

    PlaceError when there is no installation, the folder holds something else, the control database is
    damaged, or the disk refuses.
    """
    if not (home if database else home / CONTROL).exists():
        raise PlaceError(f"There is no installation at {home}: nothing to back up.")
    if folder.resolve().is_relative_to(home.resolve()):
        raise PlaceError(f"A backup inside {home} would be lost with it: choose another folder.")
    repository = Repository(folder, key)
    new = not repository.there
    try:
        repository.begin()
        moment = dt.datetime.now(dt.UTC)
        last = repository.snapshots()[:1]
        known = repository.snapshot(last[0]).files if last else {}
        left_out = [r for r in (home / "releases").glob("*") if damage(r, hashes=True)]
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            control = Path(aside) / CONTROL
            _copy_control(database or home / CONTROL, control)
            files = {CONTROL: repository.keep(control)}
        for path in _files(home):
            if not any(path.is_relative_to(release) for release in left_out):
                name = str(path.relative_to(home))
                files[name] = _unchanged(path, known.get(name)) or repository.keep(path)
        names = tuple(release.name for release in left_out)
        snapshot = Snapshot(moment.isoformat(timespec="seconds"), version, files, names)
        repository.enter(f"{moment:%Y%m%dT%H%M%S%f}Z", snapshot)
    except (OSError, sqlite3.Error, PlaceError) as error:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, PlaceError):
            raise
        raise PlaceError(f"The backup at {folder} cannot be written: {error}.") from error
    return snapshot


def _unchanged(path: Path, known: Entry | None) -> Entry | None:
    """The entry of a file in the snapshot before, where its size and time of change are the same."""
    state = path.stat()
    same = known and (known.size, known.changed) == (state.st_size, state.st_mtime_ns)
    return known if same else None


def verify(folder: Path, key: bytes | None = None) -> tuple[int, int]:
    """Read every snapshot of the backups in a folder to its end; how many snapshots and files. PlaceError names
    the first file that is not as it was written."""
    repository = Repository(folder, key)
    seen: set[tuple[str, ...]] = set()
    names = [repository.newest(), *repository.snapshots()[1:]]
    for name in names:
        for path, entry in repository.snapshot(name).files.items():
            if entry.pieces not in seen:
                try:
                    for _ in repository.parts(entry):
                        pass
                except PlaceError as error:
                    raise PlaceError(f"The backup of {name}: {path}: {error}.") from None
            seen.add(entry.pieces)
    return len(names), len(seen)


def restore(
    folder: Path, home: Path, database: str = "", key: bytes | None = None, until: str = ""
) -> str:
    """Bring the newest snapshot in `folder`, of those made until a moment where one is given, back to the empty
    or new `home`, its control data to the address `database` where that is given; when it was made. Who was
    erased since is entered again among the erasures, to be erased anew.

    PlaceError when it is no backup, one of its files is not as it was written, or `home` or the
    database is not empty; NotFoundError for no snapshot of that time.
    """
    _empty(home, "The home")
    part = home.with_name(f"{home.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        erased: list[dict[str, str]] = []
        if manifest(folder) is not None and (folder / CONTROL).exists():
            made_at = _copy_plain(folder, part)
        else:
            made_at, erased = _bring(Repository(folder, key), part, until)
        with closing(Control(part / CONTROL)) as control:
            control.enter_erasures(erased)
        if database:
            _carry(part / CONTROL, database)
            for path in part.glob(f"{CONTROL}*"):
                path.unlink()
        if home.exists():
            home.rmdir()
        part.rename(home)
        make_private(home)
    except (OSError, MarsadError) as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, MarsadError):
            raise
        raise PlaceError(f"The backup cannot be restored to {home}: {_first(error)}.") from error
    return made_at


def _bring(repository: Repository, part: Path, until: str) -> tuple[str, list[dict[str, str]]]:
    """Write the files of a snapshot to a new folder; when it was made, and who was erased, by the newest list."""
    if not repository.there:
        raise PlaceError(f"{repository.folder} is no backup of Marsad.")
    name = repository.newest(until)
    snapshot = repository.snapshot(name)
    make_private(part)
    for path, entry in snapshot.files.items():
        try:
            repository.bring(entry, part / path)
        except PlaceError as error:
            raise PlaceError(
                f"The backup of {name} in {repository.folder} is damaged: {path}: {error}. Nothing was restored."
            ) from None
    for place in part.rglob("*"):
        if place.is_dir():
            place.chmod(0o700)
    erased = repository.erasures()
    newest = repository.newest()
    if newest != name:
        with tempfile.TemporaryDirectory(dir=part.parent) as aside:
            control = Path(aside) / CONTROL
            repository.bring(repository.snapshot(newest).files[CONTROL], control)
            with closing(Control(control)) as later:
                erased += [{k: str(row[k]) for k in _ERASURE} for row in later.erasures()]
    return snapshot.made_at, erased


_ERASURE = ("kind", "value", "reason", "at", "who")


def _copy_plain(folder: Path, part: Path) -> str:
    """Copy a backup of before there were repositories, one folder sealed by a manifest; when it was made."""
    sealed = manifest(folder) or {}
    if reason := damage(folder, hashes=True):
        raise PlaceError(f"The backup {folder} is damaged: {reason}. Nothing was restored.")
    shutil.copytree(folder, part)
    (part / MANIFEST).unlink()
    return str(sealed.get("made_at", ""))
