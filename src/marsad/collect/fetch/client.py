"""Single requests: a page that a command reads, and a message that is sent to an address given to us.

What sources are fetched by is `poll.py`, over the same connections and rules of hosts.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal

from marsad import __version__
from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.collect.context import Payload
from marsad.collect.fetch.http import Http, may_reach
from marsad.collect.fetch.robots import Robots

AGENT = f"Marsad/{__version__} (+labour-market observatory; see the register of sources)"
LEAST_DELAY_SECONDS = 1.0
MOST_BYTES = 20_000_000
TIMEOUT_SECONDS = 60.0


@dataclass
class Door:
    """Reads addresses that the person at the command line gave, also of a private network; one for a run.
    The robots.txt of a host is read first and obeyed, and requests to it keep a distance in time.
    Its event loop runs in a thread of its own, so that a caller may have one too."""

    delay_seconds: float = LEAST_DELAY_SECONDS
    sleep: Callable[[float], None] = time.sleep
    _robots: Robots = field(default_factory=Robots)
    _last: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._http, self._open = Http(AGENT, reach="any"), ExitStack()
        self._loop: BlockingPortal = self._open.enter_context(start_blocking_portal())

    def close(self) -> None:
        self._loop.call(self._http.close)
        self._open.close()

    def fetch(self, address: str) -> Payload:
        """The payload at an address.

        RefusedError: robots.txt forbids it. InputError: no http address, not found, elsewhere, too large.
        PlaceError: the host does not answer, or asks to come back later.
        """
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InputError(f"{address!r} is not an http address")
        host = f"{parts.scheme}://{parts.netloc}"
        rules = self._loop.call(self._robots.rules, self._http, address)
        if not rules.allow(address):
            raise RefusedError(
                f"robots.txt of {host} forbids {parts.path or '/'} to us; nothing was read."
            )
        wait = max(rules.delay, self.delay_seconds)
        since = time.monotonic() - self._last.get(host, float("-inf"))
        if since < wait:
            self.sleep(wait - since)
        self._last[host] = time.monotonic()
        return Payload(address, self._loop.call(self._get, address, host))

    async def _get(self, address: str, host: str) -> bytes:
        async def here(onward: str) -> None:
            if onward != address:
                raise InputError(f"{address} leads elsewhere: {onward}")

        reply = await self._http.get(
            address, most_bytes=MOST_BYTES, seconds=TIMEOUT_SECONDS, allowed=here
        )
        if reply.status in {429, 503}:
            raise PlaceError(f"{host} asks to come back later ({reply.status}).")
        if reply.status != 200:
            raise InputError(f"{address} answered {reply.status}")
        return reply.data


def _host(parts: SplitResult) -> str:
    """The name and port of an address as its server knows itself, without name and password."""
    return parts.netloc.rpartition("@")[2]


def post(address: str, body: bytes, headers: Mapping[str, str], *, private: bool = False) -> int:
    """Send a message to an address that someone gave us; the status of the answer.

    No redirect is followed and no proxy is asked. The name is looked up once and the connection goes
    to the very address that was checked, whatever the name says a moment later. RefusedError for an address that is not http(s) or leads into a private
    network (unless `private`, for tests and closed networks); PlaceError when nobody answers.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RefusedError(f"{address!r} is not a web address.")
    try:
        addresses = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise PlaceError(f"{parts.hostname} is not known to the network.") from None
    if not private and any(not may_reach(str(info[4][0]), "public") for info in addresses):
        raise RefusedError(f"{parts.hostname} lies in a private network.")
    checked = str(addresses[0][4][0])
    host = f"[{checked}]" if ":" in checked else checked
    pinned = parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host)
    try:
        with httpx2.Client(trust_env=False, timeout=10) as client:
            response = client.post(
                urlunsplit(pinned), content=body, headers={**headers, "Host": _host(parts)},
                extensions={"sni_hostname": parts.hostname},
            )  # fmt: skip
    except httpx2.HTTPError as error:
        raise PlaceError(f"{parts.hostname} does not answer ({type(error).__name__}).") from None
    return response.status_code
