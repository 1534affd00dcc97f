"""The vault: payloads exactly as received, sealed (compressed, owner-only files) until they expire.

It is the one place where personal data of a source may still be; nothing but `flow` reads it.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from marsad.base.errors import NotFoundError, PlaceError
from marsad.lake.folders import make_private


class Vault:
    """Payloads by SHA-256 under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / f"{sha256}.gz"

    def keep(self, sha256: str, data: bytes) -> Path:
        """Write a payload once, readable by its owner only; its path. PlaceError: no space."""
        path = self.path(sha256)
        if path.exists():
            return path
        try:
            make_private(self.root)
            path.parent.mkdir(exist_ok=True, mode=0o700)
            part = path.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_bytes(gzip.compress(data, mtime=0))
            part.rename(path)
        except OSError as error:
            raise PlaceError(f"A payload cannot be kept in {self.root}: {error}.") from error
        return path

    def open(self, sha256: str) -> bytes:
        """The payload again; NotFoundError after it expired."""
        try:
            return gzip.decompress(self.path(sha256).read_bytes())
        except FileNotFoundError:
            raise NotFoundError(f"Payload {sha256[:12]} is not kept (any more).") from None

    def names(self) -> set[str]:
        """The SHA-256 of every payload that is kept."""
        return {path.stem for path in self.root.glob("*/*.gz")}

    def forget(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)
