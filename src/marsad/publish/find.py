"""One search over occupations, skills, places, trainings, indicators and ads, in every language."""

from __future__ import annotations

from marsad.lake.mart import Mart


class Finder:
    """Finds things by words."""

    def __init__(self, mart: Mart) -> None:
        self._mart = mart
