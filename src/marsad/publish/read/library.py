"""The qualitative library as pages and machines ask for it."""

from __future__ import annotations

from marsad.products.library import KINDS, Entry, Study, search, studies, study

__all__ = ["KINDS", "Entry", "Library", "Study"]


class Library:
    """Studies, employer surveys and interviews; the same in every release."""

    def search(self, text: str = "", kind: str = "", explains: str = "") -> list[Study]:
        """As `products.library.search`."""
        return search(text, kind, explains)

    def study(self, name: str) -> Study:
        """One entry; NotFoundError when there is none of that name."""
        return study(name)

    def count(self) -> int:
        """How many entries there are."""
        return len(studies())
