"""Requests: one address asked for, within bounds, at public addresses alone.

The name of a host is looked up where the connection is made, every address that it has must be public,
and the connection goes to the very address that was checked: whatever the name says a moment later, and
wherever a redirect leads. What comes is unpacked by portions and cut off above a size, so that a small
packed answer cannot grow without end.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote, urljoin, urlsplit

import httpcore2

from marsad.base.errors import InputError, PlaceError, RefusedError

MOST_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
CONNECT_SECONDS = 10.0
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of version 6 behind which a gateway puts those of version 4 (RFC 6052)."""
_UNICAST, _ISATAP = ipaddress.ip_network("2000::/3"), 0x00005EFE
"""Where public addresses of version 6 lie (RFC 4291); how those end that lead to one of version 4 within a site
(RFC 5214)."""
_CLOSED = tuple(
    map(ipaddress.ip_network, ("192.88.99.0/24", "2002::/16", "2001::/32", "3fff::/20"))
)
"""Relays of 6to4 and its addresses (RFC 7526), Teredo, documentation (RFC 9637): no public host has them."""
_PACKED = {"gzip": 47, "x-gzip": 47, "deflate": 47}
"""Name of a packing -> how zlib is told to unpack it (gzip and zlib are told apart by their head)."""
_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a host answered: `address` is where it came from after redirects, `headers` in lower case."""

    address: str
    status: int
    headers: Mapping[str, str]
    data: bytes

    def retry_after(self) -> float | None:
        """Seconds after which to come back, where it says so."""
        words = self.headers.get("retry-after", "").strip()
        if words.isdecimal():
            return float(words)
        try:
            return max(0.0, parsedate_to_datetime(words).timestamp() - time()) if words else None
        except ValueError:
            return None


Reach = Literal["public", "loopback", "any"]
"""Where connections may go: to public addresses; in tests of a source, to this machine alone; or anywhere,
for what the person at the command line names."""


def may_reach(address: str, reach: Reach) -> bool:
    """Whether a connection may go to an IP address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = _carried(ip) if isinstance(ip, ipaddress.IPv6Address) else ip
    public = ip.is_global and not ip.is_multicast and not any(ip in network for network in _CLOSED)
    if isinstance(ip, ipaddress.IPv6Address):
        public = public and ip in _UNICAST and int(ip) >> 32 & 0xFDFFFFFF != _ISATAP
    return {"public": public, "loopback": ip.is_loopback, "any": True}[reach]


def _carried(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of version 4 to which one of version 6 leads, where it carries one; else itself."""
    return ip.ipv4_mapped or (
        ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _TRANSLATED else ip
    )


class _Network(httpcore2.AsyncNetworkBackend):
    """Opens connections to addresses that were checked."""

    def __init__(self, reach: Reach) -> None:
        self._reach, self._plain = reach, httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to a host; RefusedError when any of its addresses is private."""
        loop = asyncio.get_running_loop()
        try:
            infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise PlaceError(f"{host} is not known to the network.") from None
        addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        if not all(may_reach(address, self._reach) for address in addresses):
            raise RefusedError(f"{host} lies in a private network.")
        for address in addresses[:-1]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._plain.connect_tcp(addresses[-1], port, timeout, local_address)

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore2.AsyncNetworkStream:
        """There is none."""
        raise RefusedError("Only hosts of the network are asked.")

    async def sleep(self, seconds: float) -> None:
        """Wait between two tries of a connection."""
        await asyncio.sleep(seconds)


Allowed = Callable[[str], Awaitable[None]]
"""Raises RefusedError where an address must not be asked for."""


async def _any(_: str) -> None:
    """Every address may be asked for."""


class Http:
    """Asks hosts, over connections that stay open; one for an event loop."""

    def __init__(self, agent: str, *, reach: Reach = "public", connections: int = 8) -> None:
        self._agent = agent
        self._pool = httpcore2.AsyncConnectionPool(
            network_backend=_Network(reach),
            max_connections=connections,
            keepalive_expiry=30.0,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()

    async def get(
        self,
        address: str,
        *,
        most_bytes: int,
        seconds: float,
        headers: Mapping[str, str] | None = None,
        allowed: Allowed = _any,
    ) -> Reply:
        """What an address answers after redirects, whatever its status.

        `allowed` is asked before each request, the redirects' too. RefusedError: it must not be asked.
        InputError: no http address, redirects without end, larger than `most_bytes`, or not as it was
        packed. PlaceError: no answer within `seconds` in all.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(address, most_bytes, dict(headers or {}), allowed)
        except TimeoutError:
            raise PlaceError(f"{address} did not answer within {seconds:g} seconds.") from None
        except (httpcore2.UnsupportedProtocol, httpcore2.LocalProtocolError, ValueError) as error:
            raise InputError(f"{address!r} cannot be asked for ({error})") from None
        except (
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.TimeoutException,
        ) as error:
            host = urlsplit(address).netloc
            raise PlaceError(f"{host} does not answer ({type(error).__name__}).") from None

    async def _follow(
        self, address: str, most: int, headers: dict[str, str], allowed: Allowed
    ) -> Reply:
        seen = {address}
        for _ in range(MOST_REDIRECTS + 1):
            await allowed(address)
            reply = await self._once(address, most, headers)
            if reply.status not in REDIRECTS or not (to := reply.headers.get("location")):
                return reply
            address = urljoin(address, to)
            if address in seen:
                break
            seen.add(address)
        raise InputError(f"{address} redirects without end")

    async def _once(self, address: str, most: int, headers: dict[str, str]) -> Reply:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"{address!r} is not an http address")
        name = parts.hostname.encode("idna").decode("ascii")
        host = f"[{name}]" if ":" in name else name
        host = f"{host}:{parts.port}" if parts.port else host
        target = quote(parts._replace(netloc=host, fragment="").geturl(), safe=_SAFE)
        sent = {
            "User-Agent": self._agent,
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            **headers,
        }
        async with self._pool.stream(
            "GET", target, headers=list(sent.items()),
            extensions={"timeout": {"connect": CONNECT_SECONDS}},
        ) as response:  # fmt: skip
            received = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            if response.status in REDIRECTS:
                return Reply(address, response.status, received, b"")
            data = await _read(response, received.get("content-encoding", ""), most, address)
        return Reply(address, response.status, received, data)


async def _read(response: httpcore2.Response, packing: str, most: int, address: str) -> bytes:
    """The body, unpacked; InputError above `most` bytes, packed or not."""
    names = [name.strip().lower() for name in packing.split(",") if name.strip() != "identity"]
    names = [name for name in names if name]
    if len(names) > 1 or any(name not in _PACKED for name in names):
        raise InputError(f"{address} comes packed in a manner that was not asked for ({packing!r})")
    unpacked = Unpacked(most) if names else None
    parts, size = list[bytes](), 0
    async for part in response.aiter_stream():
        size += len(part)
        if size > most:
            raise InputError(f"{address} is larger than {most:,} bytes")
        try:
            parts.append(unpacked.feed(part) if unpacked else part)
        except InputError as error:
            raise InputError(f"{address} {error.rule}") from None
    if unpacked and size and not unpacked.whole:
        raise InputError(f"{address} ends in the middle of what was packed")
    return b"".join(parts)


class Unpacked:
    """Unpacks gzip and zlib by portions, up to a number of bytes in all."""

    def __init__(self, most: int) -> None:
        self._left, self._inner = most, zlib.decompressobj(47)
        self.whole = False

    def feed(self, part: bytes) -> bytes:
        """What a portion unpacks to; InputError when it is not packed, or unpacks to too much."""
        parts = []
        while part:
            if self.whole:  # another member follows
                self._inner, self.whole = zlib.decompressobj(47), False
            try:
                parts.append(self._inner.decompress(part, self._left + 1))
            except zlib.error:
                raise InputError("is not packed as it says") from None
            self._left -= len(parts[-1])
            if self._left < 0:
                raise InputError("unpacks to more bytes than are taken")
            self.whole = self._inner.eof
            part = self._inner.unused_data if self.whole else self._inner.unconsumed_tail
        return b"".join(parts)
