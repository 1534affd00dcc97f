"""What a sealed folder tells of its files, and how often they are read for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marsad.lake import folders


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    for name in ("mart", "index"):
        (folder / name).write_bytes(name.encode() * 1000)
    folders.seal(folder)
    return folder


def test_a_file_is_hashed_once_until_it_is_touched(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_RECENT_NS", -1)
    read: list[str] = []
    hashing = folders._read_sha256
    monkeypatch.setattr(
        folders, "_read_sha256", lambda path: read.append(path.name) or hashing(path)
    )
    (sealed / "mart").write_bytes(b"mARt" * 1000)
    for _ in range(5):
        assert folders.damage(sealed, hashes=True) == "mart is not what was written"
    assert sorted(read) == ["index", "mart"]
    (sealed / "mart").write_bytes(b"mart" * 1000)
    assert folders.damage(sealed, hashes=True) == ""
    assert sorted(read) == ["index", "mart", "mart"]


def test_a_file_changed_within_the_same_tick_is_still_seen(sealed: Path) -> None:
    mart = sealed / "mart"
    state = mart.stat()
    assert folders.damage(sealed, hashes=True) == ""
    mart.write_bytes(b"MART" * 1000)
    os.utime(mart, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert folders.damage(sealed, hashes=True) == "mart is not what was written"
