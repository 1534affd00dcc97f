"""Connections that keep their time: who sends a request by drops, leaves it half sent, or never reads the
answer is cut off, and the oldest of those who wait make room where all places are taken.

The server (uvicorn) bounds only the time between two requests. Slow lines are no offence: a body and an
answer may take as long as they go on at `least_rate` bytes a second.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from fcntl import ioctl
from ipaddress import ip_address, ip_network
from socket import IPPROTO_TCP, TCP_NODELAY
from sys import byteorder
from termios import TIOCOUTQ
from typing import TYPE_CHECKING, ClassVar

from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as HttpProtocol
else:
    HttpProtocol = AutoHTTPProtocol


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for a whole head, and for progress of a body or an answer; the least progress in
    bytes a second; connections at a time, in all and of one address; seconds between two looks."""

    head: float = 10.0
    progress: float = 15.0
    least_rate: float = 1_000.0
    connections: int = 2_000
    of_one: int = 200
    look: float = 1.0

    @property
    def least(self) -> float:
        """Bytes that must have gone on within `progress` seconds."""
        return self.progress * self.least_rate


def _on_the_way(transport: asyncio.Transport) -> int:
    """Bytes that the system holds for the other side: it takes more of us only when a third of its room
    is free, which on a slow line is long after the last of them was read."""
    socket, queued = transport.get_extra_info("socket"), bytearray(4)
    with suppress(OSError):
        ioctl(socket.fileno(), TIOCOUTQ, queued)
    return int.from_bytes(queued, byteorder)


class TimedConnection(HttpProtocol):
    """A connection of uvicorn under `patience`."""

    patience: ClassVar[Patience] = Patience()
    proxies: ClassVar[tuple[str, ...]] = ()
    """Addresses and networks that bring many visitors each."""
    _peer = ""
    _head_since: float | None = None
    _received, _body_mark = 0, (0.0, 0)
    _answer_mark: tuple[float, int] | None = None
    _look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._peer = str((transport.get_extra_info("peername") or ("",))[0])
        full = len(self.connections) >= self.patience.connections and not self._made_room()
        if full or self._has_too_many():
            transport.abort()
            return
        super().connection_made(transport)
        with suppress(OSError):  # asyncio does so for sockets that it made itself alone
            transport.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self._head_since = self.loop.time()
        self._look = self.loop.call_later(self.patience.look, self._watch)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is None:  # refused
            return
        self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        if self._head_since is None and (before is None or before.response_complete):
            self._head_since = self.loop.time()
        self._received += len(data)
        super().data_received(data)
        if self.cycle is not before:
            self._head_since = None
            self._body_mark = (self.loop.time(), self._received)

    def _has_too_many(self) -> bool:
        """Whether the address of this connection has as many as one may have already."""
        others = (c for c in self.connections if isinstance(c, TimedConnection))
        if sum(other._peer == self._peer for other in others) < self.patience.of_one:
            return False
        return not any(ip_address(self._peer) in ip_network(name) for name in self.proxies)

    def _made_room(self) -> bool:
        """Cut off the connection that has waited longest for a head; whether there was one."""
        waiting = [
            (c._head_since, c)
            for c in self.connections
            if isinstance(c, TimedConnection) and c._head_since is not None
        ]
        if not waiting:
            return False
        _, oldest = min(waiting, key=lambda pair: pair[0])
        self.connections.discard(oldest)
        oldest.transport.abort()
        return True

    def _watch(self) -> None:
        now = self.loop.time()
        if self._head_is_late(now) or self._body_is_late(now) or self._answer_is_late(now):
            self.transport.abort()
        else:
            self._look = self.loop.call_later(self.patience.look, self._watch)

    def _head_is_late(self, now: float) -> bool:
        return self._head_since is not None and now - self._head_since > self.patience.head

    def _body_is_late(self, now: float) -> bool:
        cycle = self.cycle
        if cycle is None or not cycle.more_body or cycle.response_complete:
            return False
        since, received = self._body_mark
        if self.flow.read_paused or self._received - received >= self.patience.least:
            self._body_mark = (now, self._received)  # it is we who wait, or it went on
            return False
        return now - since > self.patience.progress

    def _answer_is_late(self, now: float) -> bool:
        if not (waiting := self.transport.get_write_buffer_size()):
            self._answer_mark = None
            return False
        left = waiting + _on_the_way(self.transport)
        if self._answer_mark is None or not 0 <= self._answer_mark[1] - left < self.patience.least:
            self._answer_mark = (now, left)
            return False
        return now - self._answer_mark[0] > self.patience.progress
