"""Answers that were made once, on disk, shared by the processes of one machine.

A file of SQLite below the installation: bounded, and what was not asked for longest goes first. It holds
nothing that cannot be made again, so a damaged or missing file is begun anew, and a busy one is passed by.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from marsad.lake.folders import make_private

_LOG = logging.getLogger("marsad.answers")
FOLDER, NAME = "answers", "answers.db"
LARGEST = 4_000_000
"""Bytes of one answer, at most."""
_TOUCH_SECONDS = 300
_SCHEMA = """
create table if not exists answers (
    key blob primary key, served text not null, used_at integer not null, size integer not null,
    checksum integer not null, answer blob not null
);
create index if not exists by_use on answers (used_at, size);
"""


class AnswerStore:
    """Answers by key, at most `most` bytes of them (and a sixteenth more for each process)."""

    def __init__(self, folder: Path, most: int, clock: Callable[[], float] = time.time) -> None:
        """Nothing is opened before it is asked, so that a process may still fork."""
        self._path, self._most, self._clock = folder / NAME, most, clock
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._added = 0
        self._usable = most > 0

    def get(self, key: bytes) -> bytes | None:
        """An answer; None where it is not held, or not whole."""
        with self._lock:
            try:
                return self._get(key)
            except sqlite3.OperationalError:  # busy
                return None
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)
                return None

    def put(self, key: bytes, served: str, answer: bytes) -> None:
        """Hold an answer; `served` names what it was made of."""
        self._change(lambda: self._put(key, served, answer))

    def keep(self, served: Collection[str]) -> None:
        """Drop the answers that were made of anything else."""
        self._change(lambda: self._keep(served))

    def _change(self, change: Callable[[], None]) -> None:
        with self._lock:
            try:
                change()
            except sqlite3.OperationalError as error:
                _LOG.debug("the answers held were not changed: %s", error)
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _opened(self) -> sqlite3.Connection | None:
        if self._db is None and self._usable:
            make_private(self._path.parent)
            self._db = sqlite3.connect(
                self._path, timeout=0, isolation_level=None, check_same_thread=False
            )
            for pragma in ("journal_mode=wal", "synchronous=off", "cache_size=-2000"):
                self._db.execute(f"pragma {pragma}")
            self._db.executescript(_SCHEMA)
        return self._db

    def _get(self, key: bytes) -> bytes | None:
        db = self._opened()
        if db is None:
            return None
        sql = "select answer, checksum, used_at from answers where key = ?"
        row = db.execute(sql, [key]).fetchone()
        if row is None or zlib.crc32(row[0]) != row[1]:
            return None
        now = int(self._clock())
        if now - row[2] > _TOUCH_SECONDS:
            with suppress(sqlite3.OperationalError):
                db.execute("update answers set used_at = ? where key = ?", [now, key])
        return bytes(row[0])

    def _put(self, key: bytes, served: str, answer: bytes) -> None:
        db = self._opened()
        if db is None or len(answer) > min(LARGEST, self._most):
            return
        row = [key, served, int(self._clock()), len(answer), zlib.crc32(answer), answer]
        db.execute("insert or replace into answers values (?, ?, ?, ?, ?, ?)", row)
        self._added += len(answer)
        if self._added > self._most // 16:
            self._added = 0
            self._make_room(db)

    def _keep(self, served: Collection[str]) -> None:
        if db := self._opened():
            marks = ", ".join("?" * len(served))
            db.execute(f"delete from answers where served not in ({marks})", list(served))  # noqa: S608

    def _make_room(self, db: sqlite3.Connection) -> None:
        """Drop what was not asked for longest until nine tenths of the bound are left."""
        db.execute(
            "delete from answers where rowid in (select rowid from (select rowid,"
            " sum(size) over (order by used_at desc, rowid desc) as newer from answers)"
            " where newer > ?)",
            [self._most * 9 // 10],
        )

    def _give_up(self, error: Exception) -> None:
        """Begin the file anew; where the disk refuses that too, hold nothing."""
        _LOG.warning("the answers held at %s were dropped: %s", self._path, error)
        if self._db is not None:
            self._db.close()
            self._db = None
        try:
            for path in self._path.parent.glob(f"{NAME}*"):
                path.unlink()
        except OSError:
            self._usable = False
