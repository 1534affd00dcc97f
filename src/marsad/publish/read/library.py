"""The qualitative library as pages and machines ask for it."""

from __future__ import annotations

from collections import defaultdict

from marsad.base.text import match_form
from marsad.lake.mart import Mart
from marsad.products.library import (
    KINDS,
    Entry,
    Passage,
    Study,
    Theme,
    added,
    excerpt,
    newest_first,
    search,
    studies,
    study,
)

__all__ = ["KINDS", "Entry", "Library", "Passage", "Study", "Theme"]
_FIRST, _MOST_PAGES = 3, 200


class Library:
    """Studies, employer surveys and interviews: those of the package, and those that the installation has
    added and released."""

    def __init__(self, mart: Mart | None = None) -> None:
        self._mart = mart if mart and mart.holds("studies") else None
        rows = self._mart.rows("select study, entry from studies") if self._mart else []
        held = [added(row["study"], row["entry"]) for row in rows]
        names = {known.id for known in held}
        every = [*held, *(s for s in studies() if s.id not in names)]
        self._studies = newest_first(every)

    def search(self, text: str = "", kind: str = "", explains: str = "") -> list[Study]:
        """As `products.library.search`, the pages of the installation's studies among what is searched."""
        return search(self._studies, text, kind, explains, self._passages(text, _FIRST))

    def passages(self, name: str, text: str) -> tuple[Passage, ...]:
        """The pages of one study that hold every word of a text, with an excerpt of each."""
        return self._passages(text, _MOST_PAGES, name).get(name, ())

    def study(self, name: str) -> Study:
        """One entry; NotFoundError when there is none of that name."""
        return study(name, self._studies)

    def count(self) -> int:
        """How many entries there are."""
        return len(self._studies)

    def _passages(self, text: str, most: int, name: str = "") -> dict[str, tuple[Passage, ...]]:
        """Study (or the one named) -> the first pages that hold every word of a text, with an excerpt of each."""
        words = match_form(text).split()
        if not words or not self._mart:
            return {}
        holds = " and ".join("contains(words, ?)" for _ in words)
        rows = self._mart.rows(
            f"select study, page, text from study_pages where {holds} and ? in ('', study)"
            " qualify row_number() over (partition by study order by page) <= ?"
            " order by study, page limit ?",
            [*(f" {word}" for word in words), name, most, _MOST_PAGES],
        )
        passages: dict[str, list[Passage]] = defaultdict(list)
        for row in rows:
            passages[row["study"]].append(Passage(row["page"], excerpt(row["text"], text)))
        return {name: tuple(of) for name, of in passages.items()}
