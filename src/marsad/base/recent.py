"""What was worked out last, held within a bound of size; threads share it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The values that were used last, by key: at most `most` of size together, none larger than `largest` (a
    sixteenth of `most` where it is not given)."""

    def __init__(self, most: int, largest: int = 0) -> None:
        self._most, self._largest = most, largest or most // 16
        self._size, self._lock = 0, threading.Lock()
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value of a key, which is then the last used; None where it is not held."""
        with self._lock:
            if held := self._held.get(key):
                self._held.move_to_end(key)
            return held[0] if held else None

    def put(self, key: K, value: V, size: int) -> None:
        """Hold a value; those used longest ago go where room is needed."""
        if size > self._largest:
            return
        with self._lock:
            self._drop(key)
            self._held[key] = value, size
            self._size += size
            while self._size > self._most:
                self._drop(next(iter(self._held)))

    def keep(self, stands: Callable[[V], bool]) -> None:
        """Drop the values of which `stands` is not true."""
        with self._lock:
            for key in [key for key, (value, _) in self._held.items() if not stands(value)]:
                self._drop(key)

    def _drop(self, key: K) -> None:
        if known := self._held.pop(key, None):
            self._size -= known[1]
