"""The buckets of callers in memory that the processes of one machine share, so that a caller has the
same allowance whichever of them answers."""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import secrets
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from marsad.publish.http.limits import Limiter

_SLOT = struct.Struct("=16sdd")  # who, what is left, when it was counted
_SLOTS, _NEAR = 16_384, 16
_NOBODY = bytes(16)


class SharedLimiter(Limiter):
    """Buckets by caller, made before the processes part; safe for many of them and their threads.

    A caller has one of the few places near where its name leads. When all are taken, the one who has
    asked nothing for longest makes room, with a full bucket when it comes again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(clock)
        self._memory = mmap.mmap(-1, _SLOT.size * (_SLOTS + _NEAR))
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - its lock ends with a process, however
        self._secret = secrets.token_bytes(16)  # nobody can choose whom to push out

    def take(self, caller: str, per_minute: float, burst: int) -> tuple[bool, int, float]:
        """As `Limiter.take`."""
        who = self._who(caller)
        rate = per_minute / 60
        with self._alone():
            now = self._clock()
            place, left, at = self._place(who, burst, now)
            left = min(burst, left + (now - at) * rate)
            granted = left >= 1
            _SLOT.pack_into(self._memory, place, who, left - granted, now)
        if not granted:
            return False, 0, (1 - left) / rate
        return True, int(left - 1), 0.0

    def charge(self, caller: str, burst: int, cost: int) -> None:
        """As `Limiter.charge`."""
        who = self._who(caller)
        with self._alone():
            place, left, at = self._place(who, burst, self._clock())
            _SLOT.pack_into(self._memory, place, who, max(-burst, left - cost), at)

    def _who(self, caller: str) -> bytes:
        return hashlib.blake2b(caller.encode(), digest_size=16, key=self._secret).digest()

    def _place(self, who: bytes, burst: int, now: float) -> tuple[int, float, float]:
        """Where the bucket of a caller is, what was left in it, and when."""
        start = int.from_bytes(who[:4], "big") % _SLOTS * _SLOT.size
        oldest, oldest_at = start, float("inf")
        for place in range(start, start + _NEAR * _SLOT.size, _SLOT.size):
            owner, left, at = _SLOT.unpack_from(self._memory, place)
            if owner == who:
                return place, left, at
            if owner == _NOBODY:
                return place, burst, now
            if at < oldest_at:
                oldest, oldest_at = place, at
        return oldest, burst, now

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:  # a lock of a file is one of the process, not of its threads
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
