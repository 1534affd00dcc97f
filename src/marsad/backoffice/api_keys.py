"""API keys: made by chance, kept as hashes, known by them."""

from __future__ import annotations

import hashlib
import secrets

from marsad.lake.control import Control


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def make(control: Control, owner: str, per_minute: int) -> str:
    """A new key; only its hash is kept."""
    key = f"marsad_{secrets.token_urlsafe(24)}"
    control.keep_key(_hash(key), owner, per_minute)
    return key


def limit_of(control: Control, key: str) -> int | None:
    """Questions a minute of a key; None when it is unknown or revoked."""
    return control.key_limit(_hash(key))
