"""Several processes that answer behind one listening socket, and the one that keeps them.

The keeper only imports; each worker opens releases and databases for itself, after it was forked. A
connection waits in the one socket until any worker takes it, so none is lost when a worker ends.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType

from marsad.base.errors import MarsadError, PlaceError

_LOG = logging.getLogger("marsad.workers")
_LOOK_SECONDS, _YOUNG_SECONDS, _MOST_YOUNG = 0.1, 10.0, 5
BACKLOG = 2_048


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; PlaceError when the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise PlaceError(f"{host}:{port} cannot be used: {error.strerror}.") from None
    bound.setblocking(False)
    return bound


def in_child(work: Callable[[], object]) -> int:
    """Do something in a process of its own, and wait for it; its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(_fork(work, None), 0)[1])


def _fork(work: Callable[[], object], keeper: tuple[int, int] | None) -> int:
    """The number of a new process that does the work. `keeper` is a pipe whose writing end the keeper
    alone holds: when it ends, however, so does the worker."""
    sys.stdout.flush()
    sys.stderr.flush()
    if number := os.fork():
        return number
    code = 1
    try:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.default_int_handler)
        if keeper:
            os.close(keeper[1])
            threading.Thread(target=_end_with, args=(keeper[0],), daemon=True).start()
        work()
        code = 0
    except MarsadError as error:
        print(f"marsad: {error}", file=sys.stderr)
        code = error.exit_code
    except KeyboardInterrupt:
        code = 0
    except BaseException:  # noqa: BLE001 - the outermost of this process: nothing may pass it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)


class Workers:
    """Processes that do the same work, started anew when they end, until the keeper is told to stop."""

    def __init__(self, work: Callable[[], None], count: int, stop_seconds: float) -> None:
        self._work, self._count, self._stop_seconds = work, count, stop_seconds
        self._started: dict[int, float] = {}  # process -> when
        self._pipe = os.pipe()
        self._stopping = False

    def run(self) -> None:
        """Keep the workers until SIGTERM or SIGINT, then stop them; PlaceError when they end as soon
        as they start."""
        signals = (signal.SIGTERM, signal.SIGINT)
        before = {name: signal.signal(name, self._stop_soon) for name in signals}
        gc.collect()
        gc.freeze()  # what is loaded before the fork stays shared
        young = 0
        try:
            while not self._stopping:
                while len(self._started) < self._count:
                    self._started[_fork(self._work, self._pipe)] = time.monotonic()
                time.sleep(_LOOK_SECONDS)
                for number, code, age in self._ended():
                    if self._stopping:
                        break
                    _LOG.error("worker %d ended (%d): another is started", number, code)
                    young = young + 1 if age < _YOUNG_SECONDS else 0
                if young >= _MOST_YOUNG:
                    raise PlaceError("The processes of the portal end as soon as they start.")
        finally:
            self._stop()
            for name, handler in before.items():
                signal.signal(name, handler)

    def _stop_soon(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _ended(self) -> list[tuple[int, int, float]]:
        """The workers that ended since the last look: number, exit code, seconds they lived."""
        ended = []
        for number, started in list(self._started.items()):
            same, status = os.waitpid(number, os.WNOHANG)
            if same:
                del self._started[number]
                code = os.waitstatus_to_exitcode(status)
                ended.append((number, code, time.monotonic() - started))
        return ended

    def _stop(self) -> None:
        """Stop every worker: answers under way may end, a worker that does not stop is killed."""
        self._signal(signal.SIGTERM)
        until = time.monotonic() + self._stop_seconds
        while self._started and time.monotonic() < until:
            self._ended()
            time.sleep(_LOOK_SECONDS)
        self._signal(signal.SIGKILL)
        while self._started:
            self._ended()
            time.sleep(_LOOK_SECONDS)

    def _signal(self, name: signal.Signals) -> None:
        for number in self._started:
            os.kill(number, name)
