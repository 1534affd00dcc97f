"""The secret of an installation: made once by chance, kept beside its data, never published.

Keyed hashes with it name records in ways that nobody outside can work out or link.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from marsad.base.errors import PlaceError

NAME = "secret"
SIZE = 32


def secret(home: Path) -> bytes:
    """The secret of the installation at `home`, made at the first call (readable by its owner only).

    PlaceError when it can be neither read nor made.
    """
    path = home / NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            part = path.with_suffix(f".{os.getpid()}")
            part.touch(mode=0o600)
            part.write_bytes(secrets.token_bytes(SIZE))
            with suppress(FileExistsError):
                os.link(part, path)  # whoever comes first has made it
            part.unlink()
        return path.read_bytes()
    except OSError as error:
        raise PlaceError(f"The secret at {path} cannot be read or made: {error}.") from error


def keyed(key: bytes, purpose: str, text: str, size: int) -> bytes:
    """`size` bytes of a keyed hash (BLAKE2b) of a text, different for each purpose."""
    message = f"{purpose}\x1f{text}".encode()
    return hashlib.blake2b(message, key=key, digest_size=size).digest()
