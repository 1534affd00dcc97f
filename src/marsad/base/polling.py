"""What the fetcher and the control database say to each other: addresses to read, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

LIST, PAGE = "list", "page"
"""What an address is: a list of other addresses, or a payload that holds ads."""
SAME, NEW, GONE, FAILED, FORBIDDEN, LATER = "same", "new", "gone", "failed", "forbidden", "later"
"""What came of a request: as it was, with new content, no more there (404, 410), not to be read in this
poll, forbidden by robots.txt (no request was made), or to be tried again."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An address that is due: what is known of it from the last time, '' where nothing is."""

    address: str
    kind: str
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    tries: int = 0


class Link(msgspec.Struct, frozen=True):
    """An address that a list names: what it is, and when its content changed last, as the list says."""

    address: str
    kind: str
    lastmod: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a request: `outcome` is one of the words above, `due_in` the seconds until the next try
    of one that is LATER, `links` the addresses that a list (or a page with a next one) names."""

    address: str
    outcome: str
    status: int = 0
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    size: int = 0
    due_in: float = 0.0
    note: str = ""
    links: tuple[Link, ...] = ()


class Frontier(Protocol):
    """The addresses of one source within one poll. Every call is durable when it returns."""

    def due(self, most: int) -> list[Entry]:
        """Addresses to read now, lists first, those met first before others."""
        ...

    def wait(self) -> float | None:
        """Seconds until the next address is due; None when none waits."""
        ...

    def enter(self, answers: Sequence[Answer]) -> None:
        """Keep what came of requests, with the addresses that they name, together or not at all."""
        ...
