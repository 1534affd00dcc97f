"""The phrases and titles that the words of a question hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from marsad.publish.read.questions.vocabulary import (
    OCCUPATION,
    Meaning,
    is_idle,
    is_linking,
    occupation_titles,
    phrases,
)

_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Span:
    """Words `start` to `end` of a question and what they mean."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]

    def of(self, groups: set[str]) -> tuple[Meaning, ...]:
        """The meanings of some classes."""
        return tuple(m for m in self.meanings if m.group in groups)


def spans_of(forms: Sequence[str]) -> list[Span]:
    """The longest phrases and titles in the words, each word in one of them at most; in their order.

    Linking words within a phrase are skipped, and words that say nothing where it is none with them. A
    title holds against a phrase only where it is longer."""
    candidates = [*_candidates(forms, is_linking), *_candidates(forms, is_idle)]
    chosen: list[Span] = []
    taken: set[int] = set()
    for _, _, span in sorted(candidates, key=lambda c: (-c[0], not c[1], c[2].start)):
        if not taken.intersection(range(span.start, span.end)):
            chosen.append(span)
            taken.update(range(span.start, span.end))
    return sorted(chosen, key=lambda span: span.start)


def _candidates(
    forms: Sequence[str], skips: Callable[[str], bool]
) -> Iterator[tuple[int, bool, Span]]:
    """Phrases and titles that the words hold, with their length and whether they are phrases."""
    for start in range(len(forms)):
        phrase: list[str] = []
        for end in range(start, min(len(forms), start + 2 * _LONGEST)):
            if skips(forms[end]):
                if end == start:
                    break
                continue
            phrase.append(forms[end])
            text = " ".join(phrase)
            if meanings := phrases().get(text, ()):
                yield len(phrase), True, Span(start, end + 1, meanings)
            elif text in occupation_titles():
                yield len(phrase), False, Span(start, end + 1, (Meaning(OCCUPATION, text),))
            if len(phrase) == _LONGEST:
                break
