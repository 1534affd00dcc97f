"""Faults planted in an installation, and what each makes of a file: truncated, emptied, flipped, gone."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

Harm = Callable[[Path], object]


def newest(home: Path, kind: str) -> Path:
    """The newest release or edition."""
    return max((home / kind).iterdir())


def flip(path: Path, at: int | None = None) -> None:
    """Turn 64 bytes of a file, in its middle or from a place on."""
    content = bytearray(path.read_bytes())
    at = len(content) // 2 if at is None else at
    for place in range(at, min(len(content), at + 64)):
        content[place] ^= 0xFF
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Take seven bytes off the end of a file."""
    path.write_bytes(path.read_bytes()[:-7])


def empty(path: Path) -> None:
    """Leave nothing of a file."""
    path.write_bytes(b"")


def commit(home: Path, table: str) -> Path:
    """The newest commit of a table."""
    return max((home / "lake" / table / "_delta_log").glob("*.json"))


def rows(home: Path, table: str) -> Path:
    """A file of rows of a table."""
    files = (home / "lake" / table).rglob("*.parquet")
    return max(path for path in files if "_delta_log" not in path.parts)


def mart(home: Path) -> Path:
    """The mart of the newest release."""
    return next(newest(home, "releases").glob("*.duckdb"))


def payload(home: Path) -> Path:
    """A sealed payload."""
    return next((home / "vault").glob("*/*.gz"))


def message(home: Path, name: str) -> Path:
    """A message that waits."""
    (home / "outbox").mkdir(mode=0o700, exist_ok=True)
    path = home / "outbox" / name
    path.touch(mode=0o600)
    return path


def sql(home: Path, statement: str) -> None:
    """Change the control database behind its back."""
    with closing(sqlite3.connect(home / "control.db")) as db:
        db.executescript(statement)


def _alone(home: Path) -> Path:
    """The control database, with what its log held."""
    sql(home, "pragma wal_checkpoint(truncate)")
    return home / "control.db"


def _zero(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    path.write_bytes(content)


def _gone(home: Path) -> None:
    for path in home.glob("control.db*"):
        path.unlink()


FAULTS: dict[str, tuple[str, Harm]] = {
    "rows flipped": ("table raw_sightings", lambda home: flip(rows(home, "raw_sightings"))),
    "rows emptied": ("table raw_contents", lambda home: empty(rows(home, "raw_contents"))),
    "rows cut": ("table core_contents", lambda home: cut(rows(home, "core_contents"))),
    "rows gone": ("table core_ad_log", lambda home: rows(home, "core_ad_log").unlink()),
    "log emptied": ("table out_values", lambda home: empty(commit(home, "out_values"))),
    "log flipped": ("table out_values", lambda home: flip(commit(home, "out_values"))),
    "log gone": ("table raw_sightings", lambda home: commit(home, "raw_sightings").unlink()),
    "list of files flipped": ("table out_values", lambda home: flip(home / "lake/_whole/out_values.json", 0)),
    "mart cut": ("release", lambda home: cut(mart(home))),
    "mart flipped": ("release", lambda home: flip(mart(home))),
    "mart emptied": ("release", lambda home: empty(mart(home))),
    "mart gone": ("release", lambda home: mart(home).unlink()),
    "manifest gone": ("release", lambda home: (newest(home, "releases") / "manifest.json").unlink()),
    "manifest emptied": ("release", lambda home: empty(newest(home, "releases") / "manifest.json")),
    "release half made": ("release", lambda home: (home / "releases/20200101T000000000Z").mkdir()),
    "edition flipped": ("edition", lambda home: flip(next(newest(home, "editions").glob("base*")))),
    "index cut": ("edition", lambda home: cut(next(newest(home, "editions").glob("search/*.store")))),
    "editions gone": ("editions", lambda home: shutil.rmtree(home / "editions")),
    "control database emptied": ("control database", lambda home: empty(home / "control.db")),
    "control database of a byte": ("control database", lambda home: (home / "control.db").write_bytes(b"x")),
    "control database gone": ("control database", _gone),
    "control database flipped": ("control database", lambda home: flip(_alone(home), 0)),
    "control database zeroed": ("control database", lambda home: _zero(_alone(home))),
    "control database newer": (
        "control database", lambda home: sql(home, "insert into schema_version values (999, 'x')")
    ),
    "secret cut": ("secret", lambda home: cut(home / "secret")),
    "secret flipped": ("secret", lambda home: flip(home / "secret", 0)),
    "secret gone": ("secret", lambda home: (home / "secret").unlink()),
    "payload flipped": ("payload", lambda home: flip(payload(home))),
    "payload gone": ("payload", lambda home: payload(home).unlink()),
    "control database open": ("rights of control.db", lambda home: (home / "control.db").chmod(0o644)),
    "secret open": ("rights of secret", lambda home: (home / "secret").chmod(0o640)),
    "home open": ("rights of", lambda home: home.chmod(0o755)),
    "message open": ("rights of outbox/a.eml", lambda home: message(home, "a.eml").chmod(0o644)),
    "payload open": ("rights of vault", lambda home: payload(home).chmod(0o644)),
    "message half written": ("message a.part", lambda home: message(home, "a.part")),
    "clock set back": (
        "clock", lambda home: sql(home, "update releases set published_at = '2031-01-01T00:00:00.000000+00:00'")
    ),
    "audit trail changed": (
        "audit trail", lambda home: sql(home, "insert into audit(at, who, action, subject) values ('', 'x', 'y', 'z')")
    ),
    "run left running": (
        "run", lambda home: sql(home, "insert into runs(step, subject, started_at, status) values"
                                " ('release', 'all', '2026-01-01', 'running')")
    ),
}  # fmt: skip
"""Fault -> the part that the doctor names, and how it is planted."""
