"""Writing to the lake: one process at a time, on tables that are whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marsad.lake import wholeness
from marsad.lake.control import Control
from marsad.lake.control.leases import Waiting, silent
from marsad.lake.edition import FOLDER


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
        _sweep(root.parent, control)
        try:
            yield
        finally:
            wholeness.remember(root)


def _sweep(home: Path, control: Control) -> None:
    """Remove what processes that were killed left half made: nobody else makes releases or editions now,
    and none of these was ever served."""
    named = {str(release["id"]) for release in control.releases()}
    torn = list((home / FOLDER).glob("*.part"))
    if named:  # a control database that knows none may have lost them
        torn += [folder for folder in (home / "releases").glob("*") if folder.name not in named]
    for folder in torn:
        shutil.rmtree(folder, ignore_errors=True)
