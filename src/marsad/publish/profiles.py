"""What is known of one place, occupation, sector, skill or training, put together for its page."""

from __future__ import annotations

from marsad.lake.mart import Mart


class Profiles:
    """Puts together what a release holds of one thing."""

    def __init__(self, mart: Mart) -> None:
        self._mart = mart
