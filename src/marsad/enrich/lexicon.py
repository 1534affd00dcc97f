"""Lexicons: lists of phrases looked for in text, whole words only, longest first.

Aho-Corasick over the comparison form (`base.text.match_form`), so that spelling variants, accents,
Arabic articles and plurals meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import ahocorasick

from marsad.base.text import match_form

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code with its score (0 to 1) and the words it rests on."""

    code: str
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Match(Generic[P]):
    """A phrase found: what it stands for, its words, and the number of words before it."""

    payload: P
    phrase: str
    start: int

    @property
    def length(self) -> int:
        return self.phrase.count(" ") + 1


class Lexicon(Generic[P]):
    """Phrases, each standing for one payload; the first entry of a phrase wins."""

    def __init__(self, entries: Iterable[tuple[str, P]]) -> None:
        self._exact: dict[str, P] = {}
        for phrase, payload in entries:
            if form := match_form(phrase):
                self._exact.setdefault(form, payload)
        self._machine = ahocorasick.Automaton()
        for form, payload in self._exact.items():
            self._machine.add_word(f" {form} ", (form, payload))
        self._machine.make_automaton()

    def __len__(self) -> int:
        return len(self._exact)

    def exact(self, form: str) -> P | None:
        """What a whole text in comparison form stands for."""
        return self._exact.get(form)

    def find(self, form: str) -> list[Match[P]]:
        """The phrases in a text in comparison form, longest first choice, none overlapping."""
        if not self._exact or not form:
            return []
        padded = f" {form} "
        spans = [
            (end - len(phrase), end, phrase, payload)
            for end, (phrase, payload) in self._machine.iter(padded)
        ]
        if not spans:
            return []
        spans.sort(key=lambda s: (s[0] - s[1], s[0]))
        taken: list[tuple[int, int, str, P]] = []
        covered = bytearray(len(padded))
        for start, end, phrase, payload in spans:
            if not (covered[start] or covered[end - 1]):  # those before are as long, or longer
                covered[start:end] = b"\x01" * (end - start)
                taken.append((start, end, phrase, payload))
        taken.sort(key=lambda s: s[0])
        matches, place, words_before = [], 0, -1
        for start, _, phrase, payload in taken:
            words_before += padded.count(" ", place, start)
            place = start
            matches.append(Match(payload, phrase, words_before))
        return matches
