"""Folders of an installation on disk: private ones, and those that are whole or nothing.

A release folder holds a manifest with the size and hash of each of its files, written last and with
everything flushed to the disk: a folder that a power cut or a copy left half is told from a whole one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

MANIFEST = "manifest.json"
_RECENT_NS = 2_000_000_000
"""A file touched so shortly ago may change again without a later time of change."""


def make_private(folder: Path) -> None:
    """Make a folder that its owner alone may enter, or make an older one so; OSError as the disk's.

    A folder of somebody else, or on a disk that cannot be written, stays as it is.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):
        folder.chmod(0o700)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, read once as long as the file is not touched."""
    state = path.stat()
    if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) < _RECENT_NS:
        return _read_sha256(path)
    return _known_sha256(path, (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns))


@lru_cache(maxsize=10_000)
def _known_sha256(path: Path, _state: tuple[int, int, int, int]) -> str:
    return _read_sha256(path)


def _read_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def contents(folder: Path, before: Path | None = None) -> dict[str, dict[str, object]]:
    """Relative path -> `size` in bytes and `sha256` of each file below a folder but its manifest. Of a
    file that is shared with the sealed folder `before` by a link, what its manifest says holds."""
    sealed = manifest(before) if before else None
    known = sealed["files"] if sealed else {}
    assert isinstance(known, dict)
    files: dict[str, dict[str, object]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / MANIFEST:
            name = str(path.relative_to(folder))
            if name in known and before and _shared(path, before / name):
                files[name] = known[name]
            else:
                files[name] = {"size": path.stat().st_size, "sha256": sha256_of(path)}
    return files


def share(path: Path, target: Path) -> None:
    """Let a file that never changes stand in a second place: by a link, or copied where the disk knows
    none."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _shared(path: Path, other: Path) -> bool:
    return other.exists() and path.samefile(other)


def seal(folder: Path, before: Path | None = None, **about: object) -> None:
    """Write the manifest of a folder, with `about`, after its files are on the disk; as `contents`."""
    for path in folder.rglob("*"):
        if not (before and _shared(path, before / path.relative_to(folder))):
            _flush(path)
    part = folder / f"{MANIFEST}.part"
    part.write_text(json.dumps({**about, "files": contents(folder, before)}, indent=1), "utf-8")
    _flush(part)
    part.replace(folder / MANIFEST)
    _flush(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def manifest(folder: Path) -> dict[str, object] | None:
    """The manifest of a folder; None where it has none that can be read."""
    try:
        read = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) and isinstance(read.get("files"), dict) else None


def damage(folder: Path, *, hashes: bool = False) -> str:
    """What is wrong with a sealed folder: a file that is not there, or not as the manifest has it
    (its size; with `hashes` its content too). Empty when all is right or there is no manifest."""
    sealed = manifest(folder)
    files = sealed["files"] if sealed else {}
    assert isinstance(files, dict)
    for name, known in files.items():
        path = folder / name
        if not path.is_file():
            return f"{name} is missing"
        if path.stat().st_size != known["size"]:
            return f"{name} has {path.stat().st_size:,} bytes, not {known['size']:,}"
        if hashes and sha256_of(path) != known["sha256"]:
            return f"{name} is not what was written"
    return ""
