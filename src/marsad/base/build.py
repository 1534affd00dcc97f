"""Which code answers: a hash of the package's code, templates and words, for tags and releases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def hash_of(
    folders: Iterable[Path], suffixes: frozenset[str], without: frozenset[str] = frozenset()
) -> str:
    """The SHA-256 of every file with one of the suffixes below the folders, by path and content, but of
    those of the names `without`."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in suffixes and path.name not in without and path.is_file():
                digest.update(f"{path.relative_to(_PACKAGE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def served_code() -> str:
    """The hash of what turns a release into answers: code, declarations, templates and words of the
    rooms that serve. Taken once a process, which serves what it has loaded."""
    rooms = (_PACKAGE / room for room in ("base", "lake", "products", "publish", "web"))
    return hash_of(rooms, frozenset({".py", ".yml", ".csv", ".html", ".po", ".mo", ".typ"}))
