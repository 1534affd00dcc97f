"""The one door to HTTP: polite, bounded, and closed to a source without a right to collect.

Before the first fetch from a host its robots.txt is read (RFC 9309: a missing one allows, an
unreachable one refuses) and obeyed; requests to one host keep a distance in time; answers are cut
off above a size. What is fetched is a payload as received.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

import httpx2

from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.collect.context import Payload

AGENT = "Marsad/0.1 (+labour-market observatory; see the register of sources)"
LEAST_DELAY_SECONDS = 1.0
MOST_BYTES = 20_000_000
TIMEOUT_SECONDS = 20.0


@dataclass
class Door:
    """Fetches addresses for sources; one for a run."""

    delay_seconds: float = LEAST_DELAY_SECONDS
    sleep: Callable[[float], None] = time.sleep
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._client = httpx2.Client(
            headers={"User-Agent": AGENT}, timeout=TIMEOUT_SECONDS, follow_redirects=False
        )

    def close(self) -> None:
        self._client.close()

    def fetch(self, address: str) -> Payload:
        """The payload at an address.

        RefusedError: robots.txt forbids it. InputError: no http address, not found, too large.
        PlaceError: the host does not answer, or asks to come back later.
        """
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InputError(f"{address!r} is not an http address")
        host = f"{parts.scheme}://{parts.netloc}"
        robots = self._robots.get(host) or self._read_robots(host)
        if not robots.can_fetch(AGENT, address):
            raise RefusedError(
                f"robots.txt of {host} forbids {parts.path or '/'} to us; nothing was read."
            )
        wait = float(robots.crawl_delay(AGENT) or self.delay_seconds)
        return Payload(address, self._get(address, host, max(wait, self.delay_seconds)))

    def _read_robots(self, host: str) -> RobotFileParser:
        robots = RobotFileParser()
        try:
            response = self._client.get(f"{host}/robots.txt")
        except httpx2.HTTPError as error:
            raise PlaceError(
                f"{host} does not answer ({type(error).__name__}); try again later."
            ) from None
        if response.status_code >= 500:
            robots.parse(["User-agent: *", "Disallow: /"])
        else:
            robots.parse(response.text.splitlines() if response.status_code == 200 else [])
        self._robots[host] = robots
        return robots

    def _get(self, address: str, host: str, wait: float) -> bytes:
        since = time.monotonic() - self._last.get(host, float("-inf"))
        if since < wait:
            self.sleep(wait - since)
        self._last[host] = time.monotonic()
        parts: list[bytes] = []
        try:
            with self._client.stream("GET", address) as response:
                if response.status_code in {429, 503}:
                    raise PlaceError(f"{host} asks to come back later ({response.status_code}).")
                if response.status_code != 200:
                    raise InputError(f"{address} answered {response.status_code}")
                for part in response.iter_bytes():
                    parts.append(part)
                    if sum(map(len, parts)) > MOST_BYTES:
                        raise InputError(f"{address} is larger than {MOST_BYTES:,} bytes")
        except httpx2.HTTPError as error:
            raise PlaceError(
                f"{host} does not answer ({type(error).__name__}); try again later."
            ) from None
        return b"".join(parts)


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
    if not private and any(not ipaddress.ip_address(info[4][0]).is_global for info in addresses):
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
