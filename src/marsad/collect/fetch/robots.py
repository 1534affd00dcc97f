"""The rules that hosts set to programs (robots.txt, RFC 9309), read at most once an hour.

A host without the file allows everything; one that cannot answer (an error of its own, silence) allows
nothing for now.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from marsad.base.errors import InputError, PlaceError
from marsad.collect.fetch.http import Allowed, Http, _any

HOLDS_SECONDS = 3_600.0
MOST_BYTES = 512_000
SECONDS = 20.0
NAME = "Marsad"
"""The name by which a robots.txt may speak of us."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host: `delay` is what it asks for between two requests, 0 where it does not."""

    parsed: Protego
    delay: float
    until: float

    def allow(self, address: str) -> bool:
        """Whether an address may be asked for."""
        return bool(self.parsed.can_fetch(address, NAME))


def _host(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass
class Robots:
    """The rules of the hosts of this process; shared by its polls."""

    clock: Callable[[], float] = time.monotonic
    _rules: dict[str, Rules] = field(default_factory=dict)

    def known(self, address: str) -> bool:
        """Whether the rules of the host of an address are known, and need no request."""
        rules = self._rules.get(_host(address))
        return rules is not None and rules.until >= self.clock()

    def forget(self) -> None:
        """Read every host's rules anew when they are next needed: a person may have settled a refusal."""
        self._rules.clear()

    async def rules(self, http: Http, address: str, allowed: Allowed = _any) -> Rules:
        """The rules of the host of an address. PlaceError: they cannot be read now."""
        host = _host(address)
        if not self.known(address):
            text = await self._read(http, f"{host}/robots.txt", allowed)
            parsed = await asyncio.to_thread(Protego.parse, text)
            delay = float(parsed.crawl_delay(NAME) or 0.0)
            self._rules[host] = Rules(parsed, delay, self.clock() + HOLDS_SECONDS)
        return self._rules[host]

    @staticmethod
    async def _read(http: Http, address: str, allowed: Allowed) -> str:
        try:
            reply = await http.get(address, most_bytes=MOST_BYTES, seconds=SECONDS, allowed=allowed)
        except (
            InputError
        ):  # larger than any that is meant, or no text: nothing is known of what it forbids
            raise PlaceError(f"{address} cannot be read; nothing is fetched.") from None
        if reply.status >= 500 or reply.status == 429:
            raise PlaceError(
                f"{address} answers {reply.status}; nothing is fetched until it is there."
            )
        return reply.data.decode("utf-8", "replace") if reply.status == 200 else ""
