"""Files of strangers, read in a process of their own: what one of them costs, no other question pays.

A process takes bytes, has so much processor time and memory and writes nothing to disk; when it needs more
it ends, and so does one that crashes. Two are read at a time, a few wait, more are refused at once.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import msgspec

from marsad.base.errors import InputError

Value = TypeVar("Value")
TOO_COSTLY = "the file takes more time or memory to read than a document may"
BUSY = "several files are being read at this moment: send this one again in some seconds"
_ROOT = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading a file may take: seconds of a processor, seconds of a clock, bytes of memory."""

    cpu_seconds: int = 5
    seconds: float = 30.0
    memory: int = 600_000_000


class Places:
    """Room for so many at a time, and for so many who wait for it."""

    def __init__(self, at_once: int = 2, waiting: int = 2) -> None:
        self._room = threading.BoundedSemaphore(at_once)
        self._all = threading.BoundedSemaphore(at_once + waiting)

    @contextmanager
    def take(self) -> Iterator[None]:
        """A place, once there is one. InputError: BUSY, when too many wait already."""
        if not self._all.acquire(blocking=False):
            raise InputError(BUSY)
        try:
            with self._room:
                yield
        finally:
            self._all.release()


PLACES = Places()
"""The places of this process."""


def apart(
    reader: Callable[..., Value], data: bytes, bounds: Bounds | None = None, **options: int
) -> Value:
    """What `reader(data, **options)` gives, a function of a module of ours whose value JSON can hold, in
    a process of its own within `bounds`.

    InputError: as the reader's, TOO_COSTLY, or BUSY.
    """
    bounds = bounds or Bounds()
    limits = (bounds.cpu_seconds, bounds.memory)
    task = msgspec.json.encode((reader.__module__, reader.__qualname__, options, limits))
    with PLACES.take():
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", __name__, task.decode()],
                input=data, capture_output=True, timeout=bounds.seconds, check=False,
                env={"PYTHONPATH": _ROOT, "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise InputError(TOO_COSTLY) from None
    if done.returncode:
        raise InputError(TOO_COSTLY)
    rule, value = msgspec.json.decode(done.stdout)
    if rule:
        raise InputError(rule)
    read: Value = value
    return read


def _limit(cpu_seconds: int, memory: int) -> None:
    """Bound this process: the system ends it when it takes more."""
    os.nice(10)
    for name, most in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def main(task: str) -> None:
    """The process: reads standard input as the task says, writes the rule that is broken and the value."""
    module, name, options, limits = msgspec.json.decode(task)
    reader = getattr(import_module(module), name)
    _limit(*limits)
    try:
        outcome = ("", reader(sys.stdin.buffer.read(), **options))
    except InputError as error:
        outcome = (error.rule, None)
    sys.stdout.buffer.write(msgspec.json.encode(outcome))


if __name__ == "__main__":
    main(sys.argv[1])
