"""Payloads sealed as received, each entered in the list of those received with the day on which it expires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from marsad.base.records import Document
from marsad.collect.context import Payload
from marsad.collect.register import Source
from marsad.enrich import privacy
from marsad.lake.control import Control
from marsad.lake.vault import Vault


def without_persons(words: str) -> str:
    """Words for the ledger: decoded, without personal data."""
    return privacy.scrub(words)[0]


def seal(
    vault: Vault,
    control: Control,
    spec: Source,
    payloads: Sequence[Payload],
    *,
    until_read: bool = False,
) -> None:
    """Seal payloads and enter them; those of a source that keeps none (posts: they name who wrote) are entered
    alone, or sealed `until_read`: who reads them destroys them. PlaceError: no space."""
    now, days = dt.datetime.now(dt.UTC), spec.right.retention_days
    documents = [
        Document(
            source_id=spec.id,
            sha256=payload.sha256,
            name=without_persons(payload.name),
            size_bytes=len(payload.data),
            received_at=now,
            licence=spec.licence,
            expires_on=now.date() + dt.timedelta(days) if days is not None else None,
        )
        for payload in payloads
    ]
    for document, payload in zip(documents, payloads) if days != 0 or until_read else ():
        vault.keep(document.sha256, payload.data)
    control.keep_documents(documents)
