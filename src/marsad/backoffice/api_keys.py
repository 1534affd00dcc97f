"""API keys: made by chance, kept as hashes, known by them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from marsad.lake.control import Control


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


SCOPES = {"api": "/api/", "sdmx": "/sdmx/", "catalogue": "/catalogue"}
"""What a key may be for -> how its addresses begin."""


def make(control: Control, owner: str, per_minute: int, scopes: Sequence[str] = ()) -> str:
    """A new key, for some interfaces or for all; only its hash is kept."""
    key = f"marsad_{secrets.token_urlsafe(24)}"
    control.keep_key(_hash(key), owner, per_minute, " ".join(scopes))
    control.note("command line", "made key", f"{_hash(key)[:12]} of {owner}")
    return key


def reaches(control: Control, key: str, path: str) -> bool:
    """Whether a key is for an address."""
    scopes = control.key_scopes(_hash(key))
    return not scopes or path.startswith(tuple(SCOPES[scope] for scope in scopes))


def limit_of(control: Control, key: str) -> int | None:
    """Questions a minute of a key; None when it is unknown or revoked."""
    return control.key_limit(_hash(key))
