"""Fetching: every source that may be asked is polled by its own rhythm, by one process at a time.

What is read is sealed and entered in the control database; this half of `marsad watch` never touches the
lake. A source that fails is tried again at its next time, and keeps no other one from being read.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from marsad import __version__
from marsad.base.errors import PlaceError
from marsad.base.settings import Settings
from marsad.collect.fetch.discover import first
from marsad.collect.fetch.poll import Poll
from marsad.collect.fetch.robots import Robots
from marsad.collect.register import Source
from marsad.flow.rights import standing
from marsad.flow.sealing import seal
from marsad.lake.control import Control, open_control
from marsad.lake.vault import Vault

AT_ONCE = 16
"""Sources that a process polls at once."""
_LOOK_SECONDS = 0.2
_LOG = logging.getLogger("marsad.fetch")


class Fetcher:
    """Polls sources until it is told to stop."""

    def __init__(
        self,
        control: Control,
        vault: Vault,
        specs: Sequence[Source],
        stop: threading.Event,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        self._control, self._vault, self._specs, self._stop = control, vault, specs, stop
        self._today, self._robots = today, Robots()

    def run(self, *, once: bool = False) -> None:
        """Poll every source when it is due, until told to stop; with `once`, each of them now, one time."""
        parent, under_way = os.getppid(), dict[str, Future[bool]]()
        left = {spec.id for spec in self._specs if not self._is_left_alone(spec)}
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="poll") as pool:
            while not self._stop.is_set() and os.getppid() == parent:
                for name in [name for name, future in under_way.items() if future.done()]:
                    if self._had_its_turn(name, under_way.pop(name)):
                        left.discard(name)
                if once and not left:
                    break
                for spec in self._specs:
                    wanted = spec.id in left if once else self._is_due(spec)
                    if wanted and spec.id not in under_way and len(under_way) < AT_ONCE:
                        under_way[spec.id] = pool.submit(self.poll, spec)
                self._stop.wait(_LOOK_SECONDS)
            self._stop.set()

    def _is_due(self, spec: Source) -> bool:
        kept = self._control.collection().get(spec.id)
        if not standing(spec, kept, self._today()).may_fetch:
            return False
        if kept and kept["next_at"] > self._control.now():
            return False
        poll = self._control.poll_under_way(spec.id)
        return poll is None or poll["read_at"] is None  # what was read is to be taken in first

    def _is_left_alone(self, spec: Source) -> bool:
        """Whether the host of a source asked to be left alone for a time that is not over."""
        kept, last = self._control.collection().get(spec.id), self._control.polls(spec.id, 1)
        asked_so = bool(last) and last[0]["how"] == "later"
        return asked_so and kept is not None and kept["next_at"] > self._control.now()

    def _had_its_turn(self, source_id: str, future: Future[bool]) -> bool:
        """Whether a source was polled, also where that failed: one must not end the others."""
        error = future.exception()
        if error is None:
            return future.result()
        _LOG.error("source %s", source_id, exc_info=error)
        self._next(next(spec for spec in self._specs if spec.id == source_id), 0.0)
        return True

    def poll(self, spec: Source) -> bool:
        """Poll a source that may be asked; false when another process polls it, or one of its hosts."""
        plan = spec.fetch
        kept = self._control.collection().get(spec.id)
        state = standing(spec, kept, self._today())
        if plan is None or not state.may_fetch:
            return True
        with ExitStack() as leases:
            try:
                for name in (f"poll {spec.id}", *sorted(f"host {host}" for host in plan.reached)):
                    leases.enter_context(
                        self._control.lease(name, task=f"poll of {spec.id}", reclaim=True)
                    )
            except PlaceError:
                return False
            refresh = refresh_of(spec)
            row = self._control.begin_poll(
                spec.id,
                first(plan),
                refresh,
                again=plan.discover == "pages" and not plan.complete,
            )
            if row["read_at"] is None:
                self._read(spec, row["id"], state.contact)
                self._stop.wait(plan.delay)  # its hosts rest before another may ask them
        return True

    def _read(self, spec: Source, number: int, contact: str) -> None:
        plan, control = spec.fetch, self._control
        assert plan is not None
        day = self._today()
        frontier = control.frontier(
            spec.id,
            number,
            day,
            refresh_of(spec),
            lambda sha256: self._vault.path(sha256).exists(),
        )
        agent = f"Marsad/{__version__} (+{contact})"
        keep = partial(seal, self._vault, control, spec, until_read=True)
        poll = Poll(plan, frontier, keep, agent, self._robots, self._stop)
        ended = poll.run()
        if ended.how == "stopped":
            control.count_poll(number, requests=poll.requests, bytes=poll.size)
            return  # the next process goes on with it
        if ended.how == "refused":
            control.suspend(spec.id, ended.reason, ended.note)
            self._robots.forget()
        control.poll_read(
            number, spec.id, day, how=ended.how, note=ended.note, requests=poll.requests,
            size=poll.size, of_pages=spec.by_pages, complete=plan.complete,
        )  # fmt: skip
        self._next(spec, ended.wait)

    def _next(self, spec: Source, wait: float) -> None:
        """Enter when a source is due again: after its rhythm, or after as long as its host asks for."""
        assert spec.fetch is not None
        seconds = max(spec.fetch.every_seconds, wait)
        self._control.next_poll(spec.id, dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds))


def refresh_of(spec: Source) -> float:
    """Seconds after which a page of a source is asked for again: at once where its payloads are not kept, and
    of an interface, whose pages make one answer together."""
    assert spec.fetch is not None
    at_once = spec.right.retention_days == 0 or spec.fetch.discover == "api"
    return 0.0 if at_once else spec.fetch.refresh_seconds


def fetch(settings: Settings, specs: Sequence[Source], *, once: bool) -> None:
    """The process that asks the hosts."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    vault = Vault(settings.home / "vault")
    Fetcher(open_control(settings), vault, specs, stop).run(once=once)
