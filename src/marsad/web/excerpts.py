"""The words of an ad as they stand in it: programs compare words without accents and endings."""

from __future__ import annotations

import re

from marsad.base.text import match_form

_EDGES = " \t.,;:!?…()[]{}«»\"'“”،؛؟•*-–—/"

_CONTACT = re.compile(r"\S+@\S+|\+?\d[\d .-]{7,}\d")


class Quotes:
    """Finds in an ad the words that a program relied on, as its writer wrote them."""

    def __init__(self, *texts: str) -> None:
        self._text = "\n".join(texts)
        self._words: list[str] = []  # in the form that programs compare
        self._spans: list[tuple[int, int]] = []  # where the writing of each stands
        for match in re.finditer(r"\S+", self._text):
            for word in match_form(match[0]).split():
                self._words.append(word)
                self._spans.append(match.span())

    def written(self, evidence: str) -> str:
        """The same words in the ad's own writing, without mail addresses and telephone numbers; as given
        when they do not stand in it."""
        forms = match_form(evidence).split()
        if not forms:
            return evidence
        for i, word in enumerate(self._words):
            if word == forms[0] and self._words[i : i + len(forms)] == forms:
                first, last = self._spans[i], self._spans[i + len(forms) - 1]
                words = _CONTACT.sub("", self._text[first[0] : last[1]])
                return words.strip(_EDGES) or evidence
        return evidence
