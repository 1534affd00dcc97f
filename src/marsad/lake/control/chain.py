"""The chain through the audit trail: each entry bears a hash of itself and of the one before (as in RFC 6962's
logs, without the tree), so that an entry that is changed, put in or taken out breaks it from there on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from marsad.base.records import Row


def link(before: str, at: str, who: str, action: str, subject: str) -> str:
    """What an entry bears, from what the one before bears ('' for the first)."""
    entry = json.dumps([before, at, who, action, subject], ensure_ascii=False)
    return hashlib.sha256(entry.encode()).hexdigest()


def broken(rows: Iterable[Row]) -> int | None:
    """The number of the first entry that does not follow from the one before, of all, oldest first; None when
    all do."""
    chain = ""
    for row in rows:
        chain = link(chain, row["at"], row["who"], row["action"], row["subject"])
        if chain != row["chain"]:
            return int(row["id"])
    return None
