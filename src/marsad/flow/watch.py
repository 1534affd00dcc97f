"""`marsad watch`: what sources show is in the portal seconds after the poll that saw it.

One process asks the hosts, another takes in what they answered, codes it and publishes the edition; they
share the control database alone, so that a kill of either loses nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from marsad.base.errors import MarsadError, PlaceError
from marsad.base.records import Row
from marsad.collect.register import Source
from marsad.flow.fetching import fetch
from marsad.flow.polled import PORTION, Polled
from marsad.flow.steps import Flow
from marsad.lake.writing import writing

_LOOK_SECONDS = 0.2
_TOGETHER_SECONDS = 15.0
"""How long portions are taken in before what is served follows."""
_WAIT_SECONDS = 600.0
"""How long another process that writes the lake is waited for."""
_FAULTS = (
    MarsadError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What reading a stranger's data may raise (RecursionError is a RuntimeError)."""
_LOG = logging.getLogger("marsad.watch")


class Watch:
    """Follows sources: their polls are taken in as they come."""

    def __init__(
        self,
        flow: Flow,
        specs: Sequence[Source],
        today: Callable[[], dt.date] = dt.date.today,
        say: Callable[[str], None] = lambda _: None,
        shown: Callable[[], object] = lambda: None,
    ) -> None:
        """`say` is told what came of each poll; `shown` is called when what is served has followed."""
        self._flow, self._specs, self._today = flow, specs, today
        self._say, self._shown = say, shown
        self._stopping = False

    def run(self, *, once: bool = False) -> None:
        """Follow the sources until SIGTERM or SIGINT; with `once`, one poll of each."""
        context = multiprocessing.get_context("spawn")  # a process without any lock of ours
        child = context.Process(
            target=fetch,
            args=(self._flow.settings, self._specs),
            kwargs={"once": once},
            daemon=True,
        )
        with self._signals():
            child.start()
            try:
                while not self._stopping:
                    ended = not child.is_alive()
                    if self.take_in():
                        continue
                    if ended and once:
                        break
                    if ended:
                        raise PlaceError(
                            f"The process that asks the hosts ended ({child.exitcode})."
                        )
                    child.join(_LOOK_SECONDS)
            finally:
                if child.is_alive():
                    child.terminate()
                child.join()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        before = {n: signal.signal(n, self._stop_soon) for n in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)

    def _stop_soon(self, *_: object) -> None:
        self._stopping = True

    def take_in(self) -> bool:
        """Take in what waits of every source, and let what is served follow; whether anything waited."""
        control = self._flow.control
        waiting = [spec for spec in self._specs if self._waits(control.poll_under_way(spec.id))]
        if not waiting:
            return False
        with writing(control, self._flow.lake.root, _WAIT_SECONDS, "marsad watch"):
            polled = Polled(self._flow.intake, self._flow.vault, self._flow.ingest, self._today())
            begun, changed = time.monotonic(), False
            while waiting:  # more than one portion of pages, before all is coded together
                changed = any([self._taken(polled, spec) for spec in waiting]) or changed
                if self._stopping or time.monotonic() - begun > _TOGETHER_SECONDS:
                    break
                waiting = [spec for spec in waiting if self._has_pages(spec)]
            followed = self._flow.follow() if changed else None
        if followed:
            self._tell()
        return True

    def _tell(self) -> None:
        """Let those be told who wait for news; that they cannot be ends nothing."""
        try:
            self._shown()
        except MarsadError as error:
            _LOG.error("alerts: %s", error)

    def _has_pages(self, spec: Source) -> bool:
        of_pages = spec.fetch is not None and spec.fetch.discover == "pages"
        return of_pages and len(self._flow.control.waiting(spec.id, PORTION)) == PORTION

    def _waits(self, poll: Row | None) -> bool:
        if poll is None:
            return False
        return poll["read_at"] is not None or bool(self._flow.control.waiting(poll["source_id"], 1))

    def _taken(self, polled: Polled, spec: Source) -> bool:
        """Take in what waits of one source, whatever happens there; whether ads have changed."""
        poll = self._flow.control.poll_under_way(spec.id)
        if poll is None:
            return False
        try:
            changed = polled.take(spec, poll)
        except PlaceError:
            raise  # the disk, or the database: nobody could go on
        except _FAULTS as error:  # one source must not end the others
            _LOG.exception("source %s", spec.id)
            words = str(error) if isinstance(error, MarsadError) else type(error).__name__
            polled.drop(spec, poll, words)
            return False
        done = self._flow.control.poll_under_way(spec.id) is None
        if done and (last := next(iter(self._flow.control.polls(spec.id, 1)), None)):
            self._say(
                f"{spec.id}: {last['how']}, {last['records']:,} records, {last['added']:,} new,"
                f" {last['changed']:,} changed, {last['closed']:,} closed, {last['set_aside']:,} set aside."
                + (
                    f" Alarm, nothing is ended: {last['alarm']}"
                    if last["alarm"]
                    else f" {last['note']}"
                )
            )
        return changed
