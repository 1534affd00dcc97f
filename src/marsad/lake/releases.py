"""The folders of what an installation has released, as who serves it finds them."""

from __future__ import annotations

from pathlib import Path

from marsad.lake import edition, mart
from marsad.lake.control import Control
from marsad.lake.folders import damage


def releases(home: Path, control: Control) -> list[Path]:
    """The folders of the releases that this version of Marsad can read, newest first, whole or not; those
    that wait for approval or for the end of their embargo are left out."""
    named = [home / "releases" / str(release["id"]) for release in control.served_releases()]
    return [folder for folder in named if (folder / mart.NAME).exists()]


def current(home: Path, control: Control) -> Path | None:
    """The folder of the newest release whose files are whole; None before the first."""
    if edition.newest(home) is None:
        return None
    return next((f for f in releases(home, control) if not damage(f)), None)
