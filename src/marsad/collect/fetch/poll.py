"""One poll of one source: its addresses asked for, at the distance in time that its host wants.

What came is sealed and entered in the frontier by portions, and only then counts as read: a process that
is killed at any moment goes on where the last portion ended.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.base.polling import (
    FAILED,
    FORBIDDEN,
    GONE,
    LATER,
    LIST,
    NEW,
    PAGE,
    SAME,
    Answer,
    Entry,
    Frontier,
    Link,
)
from marsad.collect.context import Payload
from marsad.collect.fetch import discover
from marsad.collect.fetch.browser import Browser
from marsad.collect.fetch.http import Http, Reach, Reply
from marsad.collect.fetch.plan import Fetch, host_of
from marsad.collect.fetch.robots import Robots

REFUSALS = frozenset((401, 403, 451))
"""Answers by which a host says that we must not read it."""
_BUSY, _GONE = (429, 503), (404, 410)
_PORTION, _PORTION_BYTES, _PORTION_SECONDS = 64, 8_000_000, 0.5
_MOST_TRIES, _FIRST_WAIT, _LONGEST_WAIT = 4, 2.0, 600.0
_PATIENCE = 90.0
"""Seconds that a poll waits for a host that asks to come back later; for longer, it ends."""
_LOOK = 0.02


@dataclass(frozen=True, slots=True)
class Ended:
    """How a poll ended. `how`: complete; cut (a bound was reached), later (the host asks to come back in
    `wait` seconds), refused, failed, stopped. `reason` is a code, `note` says it in words."""

    how: str
    reason: str = ""
    note: str = ""
    wait: float = 0.0


class _RobotsForbid(RefusedError):
    """Robots.txt forbids an address."""


@dataclass
class Poll:
    """Reads what a frontier holds. `keep` seals payloads; `stop` ends the poll soon."""

    plan: Fetch
    frontier: Frontier
    keep: Callable[[Sequence[Payload]], object]
    agent: str
    robots: Robots = field(default_factory=Robots)
    stop: threading.Event = field(default_factory=threading.Event)
    requests: int = 0
    size: int = 0

    def run(self) -> Ended:
        """Read until nothing is due, or the poll must end. PlaceError: the frontier cannot be used."""
        try:
            return asyncio.run(self._run())
        except* PlaceError as errors:
            raise errors.exceptions[0] from None

    async def _run(self) -> Ended:
        self._began = self._portion_at = time.monotonic()
        self._free_at = dict[str, float]()
        self._waiting = deque[Entry]()
        self._taken = set[str]()
        self._answers, self._pages = list[tuple[Answer, bytes]](), dict[str, str]()
        self._held_bytes, self._busy = 0, 0
        self._ended: Ended | None = None
        self._broken = ""
        self._turn, self._store = asyncio.Lock(), asyncio.Lock()
        plan = self.plan
        reach: Reach = "loopback" if plan.loopback else "public"
        async with (
            Http(self.agent, reach=reach, connections=plan.concurrency) as self._http,
            AsyncExitStack() as until,
        ):
            self._browser = Browser(self._http, self.agent, until)
            async with asyncio.TaskGroup() as group:
                for _ in range(plan.concurrency):
                    group.create_task(self._work())
            await self._flush()
        if self._ended:
            return self._ended
        return Ended("failed", "unread", self._broken) if self._broken else Ended("complete")

    # what is next -------------------------------------------------------------------------------

    async def _work(self) -> None:
        while entry := await self._next():
            self._busy += 1
            try:
                answer, data = await self._answer(entry)
            finally:
                self._busy -= 1
            self._answers.append((answer, data))
            self._held_bytes += len(data)
            late = time.monotonic() - self._portion_at > _PORTION_SECONDS
            if late or len(self._answers) >= _PORTION or self._held_bytes >= _PORTION_BYTES:
                await self._flush()

    async def _next(self) -> Entry | None:
        """The next address; None when there is none, or the poll must end."""
        async with self._turn:
            while not self._over():
                if self._waiting:
                    return self._waiting.popleft()
                async with self._store:
                    due = await asyncio.to_thread(
                        self.frontier.due, 4 * _PORTION + len(self._taken)
                    )
                    fresh = [entry for entry in due if entry.address not in self._taken]
                    self._waiting.extend(fresh)
                    self._taken.update(entry.address for entry in fresh)
                if fresh:
                    continue
                if self._answers:
                    await self._flush()
                elif self._busy:
                    await asyncio.sleep(_LOOK)
                elif not await self._patient():
                    return None
        return None

    async def _patient(self) -> bool:
        """Wait a moment for an address that is due later; false when there is none, or not soon."""
        async with self._store:
            wait = await asyncio.to_thread(self.frontier.wait)
        if wait is None:
            return False
        if wait > _PATIENCE:
            self._end(Ended("later", "busy", "the host asks to come back later", wait))
            return False
        await asyncio.sleep(min(wait, _PORTION_SECONDS) + _LOOK)
        return True

    def _over(self) -> bool:
        bounds = self.plan.bounds
        reached = (
            (self.requests >= bounds.requests, "requests"),
            (self.size >= bounds.bytes, "bytes"),
            (time.monotonic() - self._began >= bounds.seconds, "seconds"),
        )
        for over, name in reached:
            if over:
                self._end(Ended("cut", name, f"the most {name} of a poll are reached"))
        if self.stop.is_set():
            self._end(Ended("stopped"))
        return self._ended is not None

    def _end(self, ended: Ended) -> None:
        """End the poll; how it ended first holds, but a refusal outweighs all."""
        if self._ended is None or (ended.how == "refused" != self._ended.how):
            self._ended = ended

    async def _flush(self) -> None:
        """Seal and enter what was read."""
        async with self._store:
            answers, self._answers, self._held_bytes = self._answers, [], 0
            self._portion_at = time.monotonic()
            if answers:
                await asyncio.to_thread(self._enter, answers)
                self._taken.difference_update(answer.address for answer, _ in answers)

    def _enter(self, answers: list[tuple[Answer, bytes]]) -> None:
        self.keep([Payload(answer.address, data) for answer, data in answers if data])
        self.frontier.enter([answer for answer, _ in answers])

    # one address --------------------------------------------------------------------------------

    async def _answer(self, entry: Entry) -> tuple[Answer, bytes]:
        """What came of one address, and its payload where that is new."""
        matters = entry.kind == LIST or self.plan.discover != "pages"
        try:
            reply = await self._get(entry)
            self.size += len(reply.data)
            answer, data = self._read(entry, reply)
        except _RobotsForbid as error:
            if matters:
                self._end(Ended("refused", "robots", str(error)))
            return Answer(address=entry.address, outcome=FORBIDDEN, note=str(error)), b""
        except PlaceError as error:
            answer, data = self._again(entry, 0, str(error), None), b""
        except (InputError, RefusedError) as error:
            answer, data = Answer(address=entry.address, outcome=FAILED, note=str(error)), b""
        if matters and answer.outcome in (FAILED, GONE):
            self._broken = self._broken or f"{answer.note or answer.status} ({entry.address})"
            answer = msgspec.structs.replace(answer, outcome=FAILED)
        return answer, data

    async def _get(self, entry: Entry) -> Reply:
        headers = dict[str, str]()
        if self.plan.discover != "api":  # the page that follows is written in the page itself
            if entry.etag:
                headers["If-None-Match"] = entry.etag
            if entry.modified:
                headers["If-Modified-Since"] = entry.modified

        async def onward(address: str) -> None:
            if address != entry.address:
                await self._admit(address)

        delay = await self._admit(entry.address)
        self.requests += 1
        bounds, host = self.plan.bounds, host_of(entry.address)
        try:
            if self.plan.render:
                return await self._shown(entry.address)
            return await self._http.get(
                entry.address,
                most_bytes=bounds.answer_bytes,
                seconds=bounds.answer_seconds,
                headers=headers,
                allowed=onward,
            )
        finally:
            if self.plan.concurrency == 1:  # the distance counts from the end of the answer
                self._free_at[host] = time.monotonic() + delay

    async def _shown(self, address: str) -> Reply:
        """A page as a browser shows it; each of its requests waits for its turn and counts."""

        async def admitted(onward: str) -> None:
            if onward != address:  # whose turn it is already
                await self._admit(onward)
                self.requests += 1

        bounds = self.plan.bounds
        return await self._browser.get(
            address, most_bytes=bounds.answer_bytes, seconds=bounds.answer_seconds, allowed=admitted
        )

    async def _admit(self, address: str) -> float:
        """Wait for the turn of an address; the seconds between two requests to its host. RefusedError: it is not of the hosts of this source, or robots.txt
        forbids it; PlaceError: that cannot be known now."""
        await self._reachable(address)
        read_now = not self.robots.known(address)
        rules = await self.robots.rules(self._http, address, self._polite)
        if not rules.allow(address):
            path = urlsplit(address).path or "/"
            raise _RobotsForbid(f"robots.txt of {urlsplit(address).netloc} forbids {path} to us")
        delay = max(self.plan.delay, rules.delay)
        if read_now:
            self._free_at[host_of(address)] = time.monotonic() + delay
        await self._wait(address, delay)
        return delay

    async def _reachable(self, address: str) -> None:
        if host_of(address) not in self.plan.reached:
            raise RefusedError(f"{address} is not of the hosts of this source")

    async def _polite(self, address: str) -> None:
        await self._reachable(address)
        await self._wait(address, self.plan.delay)

    async def _wait(self, address: str, delay: float) -> None:
        """Wait until the host of an address may be asked, and take that moment. PlaceError: the poll ends."""
        host = host_of(address)
        while (wait := self._free_at.get(host, 0.0) - time.monotonic()) > 0:
            if self._over():
                raise PlaceError("the poll ended before it was asked for")
            await asyncio.sleep(min(wait, _PORTION_SECONDS))
        self._free_at[host] = time.monotonic() + delay

    def _read(self, entry: Entry, reply: Reply) -> tuple[Answer, bytes]:
        status, address = reply.status, entry.address
        if status in REFUSALS:
            note = f"{urlsplit(address).netloc} answers {status} to {urlsplit(address).path or '/'}"
            self._end(Ended("refused", "host", note))
            return Answer(address=address, outcome=FAILED, status=status, note=note), b""
        if status == 304 and entry.sha256:
            return Answer(address=address, outcome=SAME, status=status, sha256=entry.sha256), b""
        if status in _GONE:
            return Answer(address=address, outcome=GONE, status=status), b""
        if status in _BUSY or status >= 500:
            return self._again(entry, status, f"answers {status}", reply.retry_after()), b""
        if status != 200:
            return Answer(
                address=address, outcome=FAILED, status=status, note=f"answers {status}"
            ), b""
        sha256 = hashlib.sha256(reply.data).hexdigest()
        if (
            self.plan.discover == "api"
            and (first := self._pages.setdefault(sha256, address)) != address
        ):
            raise InputError(f"this page of the interface repeats {first}")
        links = self._links(entry, reply)
        same = sha256 == entry.sha256
        answer = Answer(
            address=address, outcome=SAME if same else NEW, status=status, sha256=sha256,
            etag=reply.headers.get("etag", "")[:500], links=links, size=len(reply.data),
            modified=reply.headers.get("last-modified", "")[:100],
        )  # fmt: skip
        return answer, b"" if same or entry.kind != PAGE else reply.data

    def _links(self, entry: Entry, reply: Reply) -> tuple[Link, ...]:
        if entry.kind == LIST:
            return discover.links(self.plan, reply.address, reply.data)
        if self.plan.discover == "api":
            return discover.following(self.plan, reply.address, reply.data)
        return ()

    def _again(self, entry: Entry, status: int, note: str, after: float | None) -> Answer:
        """Try an address again later; its host as a whole where that asks to be left alone."""
        if entry.tries + 1 >= _MOST_TRIES and status not in _BUSY:
            return Answer(address=entry.address, outcome=FAILED, status=status, note=note)
        first = _FIRST_WAIT / 20 if self.plan.loopback else _FIRST_WAIT
        wait = min(first * 2**entry.tries, _LONGEST_WAIT) * (1 + random.random() / 4)  # noqa: S311
        wait = max(wait, min(after or 0.0, 86_400.0))
        if status in _BUSY:
            host = host_of(entry.address)
            free_at = time.monotonic() + wait
            self._free_at[host] = max(self._free_at.get(host, 0.0), free_at)
            if wait > _PATIENCE or entry.tries + 1 >= _MOST_TRIES:
                self._end(Ended("later", "busy", f"{host} {note}", wait))
        return Answer(address=entry.address, outcome=LATER, status=status, note=note, due_in=wait)
