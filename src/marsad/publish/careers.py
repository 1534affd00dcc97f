"""Matching as people use it: openings for a person, ways to other occupations, and an ad read back to
its employer. Nothing that a person says is kept."""

from __future__ import annotations

from marsad.lake.mart import Mart


class Careers:
    """Answers about a person's skills, over one release."""

    def __init__(self, mart: Mart) -> None:
        self._mart = mart
