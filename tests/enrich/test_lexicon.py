"""Matches of a lexicon: longest first, none overlapping, each with the words before it; whatever the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.lexicon import Lexicon

WORDS = ("pain", "four", "bois", "a", "de")
Phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


def _by_hand(phrases: list[str], words: list[str]) -> list[tuple[str, int]]:
    """(phrase, words before it) by looking at every place: longest first, then leftmost."""
    found = [
        (-len(phrase), place, phrase)
        for phrase in set(phrases)
        for place in range(len(words))
        if words[place : place + phrase.count(" ") + 1] == phrase.split()
    ]
    taken: set[int] = set()
    matches = []
    for _, place, phrase in sorted(found):
        span = set(range(place, place + phrase.count(" ") + 1))
        if not span & taken:
            taken |= span
            matches.append((phrase, place))
    return sorted(matches, key=lambda match: match[1])


@given(
    st.lists(Phrases, min_size=1, max_size=6), st.lists(st.sampled_from((*WORDS, "x")), max_size=25)
)
def test_matches_are_those_found_by_looking_at_every_place(
    phrases: list[str], words: list[str]
) -> None:
    lexicon = Lexicon((phrase, phrase) for phrase in phrases)
    matches = [(m.phrase, m.start) for m in lexicon.find(" ".join(words))]
    assert matches == _by_hand(phrases, words)


def test_a_text_of_one_cue_over_and_over_gives_each() -> None:
    matches = Lexicon([("pain", 1), ("four", 2)]).find("pain four " * 20_000)
    assert len(matches) == 40_000
    assert [m.start for m in matches[-2:]] == [39_998, 39_999]
