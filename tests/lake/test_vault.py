"""The vault: payloads exactly as received, owner-only, gone when forgotten."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.base.errors import NotFoundError
from marsad.lake.vault import Vault


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.binary(max_size=200))
def test_what_is_kept_is_what_was_received(tmp_path: Path, data: bytes) -> None:
    vault = Vault(tmp_path / "vault")
    vault.keep(_sha256(data), data)
    assert vault.open(_sha256(data)) == data


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    path = vault.keep(_sha256(b"cv"), b"cv")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == [path.name], "no half-written part is left"


def test_the_same_payload_is_kept_once(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    first = vault.keep(_sha256(b"cv"), b"cv")
    before = first.stat().st_mtime_ns
    assert vault.keep(_sha256(b"cv"), b"cv") == first
    assert first.stat().st_mtime_ns == before


def test_forgotten_is_gone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    path = vault.keep(_sha256(b"cv"), b"cv")
    vault.forget(_sha256(b"cv"))
    assert not path.exists()
    with pytest.raises(NotFoundError, match="is not kept"):
        vault.open(_sha256(b"cv"))
    vault.forget(_sha256(b"cv"))  # forgetting twice is no error
