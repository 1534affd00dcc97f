"""The process that serves: few threads and little memory beside what it reads.

Measured on the portal: with the forty threads of the server's default each brings connections and arenas of
its own, and large blocks stay in the heap once it has grown; a process of Python cannot use so many at once.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.abc import MetaPathFinder

import pyarrow as pa
from anyio import to_thread
from anyio.to_thread import current_default_thread_limiter
from starlette.types import ASGIApp

THREADS = 8
"""Answers that are made at once in one process."""
_TRIM_SECONDS = 60
_ARENAS, _MAPPED_FROM, _TRIMMED_FROM = -8, -3, -1
_LARGE = 131_072
"""Bytes from which the C library gives a block back to the system at once."""


class _WithoutPandas(MetaPathFinder):
    """As if pandas were not installed: nothing of ours reads a release with it."""

    def find_spec(self, name: str, *_: object) -> None:
        """ModuleNotFoundError for pandas."""
        if name == "pandas":
            raise ModuleNotFoundError("pandas is of no use to a process that serves", name=name)


def use_little_memory() -> None:
    """Keep pandas away, which Arrow would load to ask whether a value is one of its own (43 MB); let
    Arrow take its memory of the C library, and tell that (glibc; no other has the options) to keep
    little that is free. In a process that only serves, before any thread begins."""
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _WithoutPandas())
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        options = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    for option, value in ((_ARENAS, 2), (_MAPPED_FROM, _LARGE), (_TRIMMED_FROM, _LARGE)):
        options(option, value)


@asynccontextmanager
async def few_threads(_app: ASGIApp) -> AsyncIterator[None]:
    """The life of the application: THREADS at most, and what was loaded is never looked through again
    by the collector (nor copied from a process that this one was made of). What is free goes back to the
    system once a minute: between blocks in use it would stay (18 of 420 MB after 700 pages)."""
    current_default_thread_limiter().total_tokens = THREADS
    gc.collect()
    gc.freeze()
    giving = asyncio.create_task(_give_back())
    yield
    giving.cancel()


async def _give_back() -> None:
    try:
        trim = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return
    while True:
        await asyncio.sleep(_TRIM_SECONDS)
        await to_thread.run_sync(trim, 0)
