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

NAME, CHECK = "secret", "secret.check"
SIZE = 32


def secret(home: Path) -> bytes:
    """The secret of the installation at `home`, made at the first call (readable by its owner only).

    PlaceError when it can be neither read nor made.
    """
    path = home / NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            if (home / CHECK).exists():
                raise PlaceError(
                    f"The secret at {path} is lost: restore a backup. With a new one, names given before"
                    f" cannot be linked any more; to begin anew remove {home / CHECK}."
                )
            part = path.with_suffix(f".{os.getpid()}")
            part.touch(mode=0o600)
            part.write_bytes(secrets.token_bytes(SIZE))
            with suppress(FileExistsError):
                os.link(part, path)  # whoever comes first has made it
            part.unlink()
        key = path.read_bytes()
        if not (home / CHECK).exists() and os.access(home, os.W_OK):
            (home / CHECK).touch(mode=0o600)
            (home / CHECK).write_text(_check(key), "ascii")
        return key
    except OSError as error:
        raise PlaceError(f"The secret at {path} cannot be read or made: {error}.") from error


def damage(home: Path) -> str:
    """What is wrong with the secret of an installation; '' when nothing is, or none was made yet."""
    path, check = home / NAME, home / CHECK
    if not path.exists():
        return "it is missing" if check.exists() else ""
    key = path.read_bytes()
    if len(key) != SIZE:
        return f"it has {len(key)} bytes, not {SIZE}"
    if check.exists() and check.read_text("ascii", "replace") != _check(key):
        return "it is not what was made"
    return ""


def _check(key: bytes) -> str:
    """By which the secret is known again, and cannot be guessed."""
    return keyed(key, "check", "", 16).hex()


def keyed(key: bytes, purpose: str, text: str, size: int) -> bytes:
    """`size` bytes of a keyed hash (BLAKE2b) of a text, different for each purpose."""
    message = f"{purpose}\x1f{text}".encode()
    return hashlib.blake2b(message, key=key, digest_size=size).digest()
