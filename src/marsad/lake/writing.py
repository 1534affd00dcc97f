"""Writing to the lake: one process at a time, on tables that are whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marsad.lake import wholeness
from marsad.lake.control import Control
from marsad.lake.control.leases import Waiting, silent


@contextmanager
def writing(
    control: Control,
    root: Path,
    wait_seconds: float = 0,
    task: str = "",
    waiting: Waiting = silent,
) -> Iterator[None]:
    """Be the one who writes the tables below `root`; within it, again at no cost.

    PlaceError in one sentence when another writes for longer than `wait_seconds`, or when a table is
    not as it was left.
    """
    if control.writes():
        yield
        return
    with control.writing(wait_seconds, task, waiting):
        wholeness.require(root)
        try:
            yield
        finally:
            wholeness.remember(root)
