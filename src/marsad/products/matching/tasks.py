"""Unit groups for what people say that they do: verbs, objects and tools, without a trade's name.

`tasks.csv` holds, for unit groups common in Morocco, the tasks as people say them in French, English,
Arabic and Darija; names of trades (`titles.csv` of the occupation coder) are read beside them. A word is
known by its stem, or (Arabic and Darija) by its consonants, so that one entry answers both scripts; a
verb of Darija or Arabic also without the letters that conjugate it. Two words of one task also count
together. Each word of a sentence speaks for a group by how much more likely the group is where the word
is said (count in the group over all counts); a share is noise, as in `guess.py`:

    score of a group = sum over words of log(noise + (1 - noise) * groups * P(group | word))
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from marsad.base.codes import codelist
from marsad.base.declare import load_declaration
from marsad.base.text import ARABIC, fold, match_form
from marsad.enrich.fields.isco08.classify import rows
from marsad.enrich.fields.isco08.titles import STOP
from marsad.products.occupations.sound import sound

NOISE, PAIR, TITLE, WINDOW = 0.3, 0.6, 0.35, 4
_SHORTEST, _SKELETON = 3, 2
FAINT = 0.3  # how far a word of many trades counts
_BEGINNING, _BY_BEGINNING = 5, 0.3  # first letters of a longer word, and how far they are believed
_BY_SOUND = 0.9  # how far a word known by its consonants alone is believed


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`frame`: words that name no task; `faint`: words of many trades, which count a part; letters put
    before a word; endings of French and English; words of a span of time (`sentence.years`)."""

    frame: str
    faint: str
    numbers: dict[int, tuple[str, ...]]
    years: tuple[str, ...]
    months: tuple[str, ...]
    half: tuple[str, ...]
    age: tuple[str, ...]
    served: tuple[str, ...]
    since: tuple[str, ...]
    doing: tuple[str, ...]
    idle: tuple[str, ...]
    conjugated: dict[str, tuple[str, ...]]
    attached: dict[str, tuple[str, ...]]
    endings: tuple[str, ...]


@cache
def frame() -> Frame:
    """The shipped declaration `sentence.yml`."""
    return load_declaration(Path(__file__).with_name("sentence.yml"), Frame)


@cache
def _stop() -> frozenset[str]:
    words = [
        *frame().frame.split(),
        *(word for words in frame().numbers.values() for word in words),
    ]
    return frozenset({*map(match_form, words), *map(fold, words)} | STOP)


@cache
def _faint() -> frozenset[str]:
    return frozenset(match_form(word) for word in frame().faint.split())


def telling(text: str) -> list[str]:
    """The words of a text, in comparison form, that may name a task."""
    return [w for w in match_form(text).split() if not (w.isdigit() or _is_frame(w))]


def _is_frame(word: str) -> bool:
    """Whether a word in comparison form is a function word, with or without «و»; two letters of Arabic
    name no task."""
    if word in _stop() or (word[:1] == "و" and word[1:] in _stop()):
        return True
    return len(word) < _SHORTEST and bool(ARABIC.search(word))


@lru_cache(maxsize=4_096)
def stem(word: str) -> str:
    """A word without its longest known ending, three letters left at least."""
    for ending in frame().endings:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _bare(word: str, script: str) -> list[str]:
    """A word without what is attached before it, then without what conjugates it."""
    forms = [word]
    for prefixes in (frame().attached[script], frame().conjugated[script]):
        for form in list(forms):
            cut = next(
                (p for p in prefixes if form.startswith(p) and len(form) - len(p) >= _SHORTEST), ""
            )
            if cut:
                forms.append(form[len(cut) :])
    return forms


@lru_cache(maxsize=4_096)
def features(word: str, sounded: bool) -> tuple[tuple[str, float], ...]:
    """What a word in comparison form is known by, and how far each is believed. `sounded`: the word may
    be Darija."""
    known = {word: 1.0}
    arabic = bool(ARABIC.search(word))
    if not arabic:
        known.setdefault(stem(word), 1.0)
        if len(word) > _BEGINNING:
            known.setdefault(f"{word[:_BEGINNING]}*", _BY_BEGINNING)
    if arabic or sounded:
        for form in _bare(word, "Arabic" if arabic else "Latin"):
            known.setdefault(form, 0.9)
            skeleton = sound(form).replace(" ", "")
            if len(skeleton) >= _SKELETON:
                known.setdefault(f"~{skeleton}", _BY_SOUND if len(skeleton) > _SKELETON else 0.7)
    return tuple(known.items())


class Spoken(NamedTuple):
    """Log-scores of the unit groups `Tasks.codes`, and for each word its own."""

    scores: NDArray[np.float32]
    words: tuple[str, ...]
    each: NDArray[np.float32]

    def because(self, group: int, least: float, most: int) -> tuple[str, ...]:
        """The words that speak for a group (by its place) by at least so much, most first."""
        if not self.words:
            return ()
        order = np.argsort(-self.each[:, group], kind="stable")[:most]
        return tuple(self.words[i] for i in order if self.each[i, group] >= least)


class Tasks:
    """Counts of words in the tasks and titles of each unit group."""

    def __init__(self) -> None:
        self.codes = sorted(
            code for code in codelist("isco08") if len(code) == 4 and code.isdecimal()
        )
        self.place = place = {code: i for i, code in enumerate(self.codes)}
        counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
        with Path(__file__).with_name("tasks.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for language in ("fr", "en", "ar", "ary"):
                    for phrase in filter(None, row[language].split("|")):
                        self._count(counts, phrase, place[row["isco08"]], 1.0, language == "ary")
        for row in rows():
            self._count(
                counts, row["title"], place[row["isco08"]], TITLE, row["lang"] == "ary-Latn"
            )
        for code, names in codelist("isco08").items():
            for name in names.values() if code in place else ():
                self._count(counts, name, place[code], TITLE, False)
        # Of each feature the first place in the two arrays; it ends where the next begins.
        self._place = {feature: i for i, feature in enumerate(counts)}
        self._ends = np.cumsum([len(by) for by in counts.values()])
        self._groups = np.fromiter((g for by in counts.values() for g in by), np.uint16)
        every = (n for by in counts.values() for n in by.values())
        self._weights = np.sqrt(np.fromiter(every, np.float64))
        features.cache_clear()  # words of tasks: a visitor's are others
        stem.cache_clear()

    def _of(self, feature: str) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
        """The groups of a feature with their weights; None where no task has it."""
        i = self._place.get(feature)
        if i is None:
            return None
        span = slice(self._ends[i - 1] if i else 0, self._ends[i])
        return self._groups[span].astype(np.int64), self._weights[span]

    def profiles(self) -> NDArray[np.float32]:
        """The words of each group (groups x words), rare ones weighing more."""
        single = [feature for feature in self._place if not {"+", "*"} & {*feature}]
        rows = np.zeros((len(self.codes), len(single)), np.float32)
        for j, (groups, weights) in enumerate(filter(None, map(self._of, single))):
            rows[groups, j] = weights * np.log((1 + len(self.codes)) / (1 + len(groups)))
        return rows

    @staticmethod
    def _count(
        counts: defaultdict[str, Counter[int]],
        phrase: str,
        group: int,
        weight: float,
        sounded: bool,
    ) -> None:
        words = telling(phrase)
        for word in dict.fromkeys(words):
            for feature, _ in features(word, sounded):
                counts[feature][group] += weight  # type: ignore[assignment]
        for pair in _pairs(words, sounded):
            counts[pair][group] += weight  # type: ignore[assignment]

    def _evidence(self, features: Iterable[tuple[str, float]]) -> NDArray[np.float32]:
        """What the most telling of a word's features says of each group (log-score): 0 where none is
        known. A feature that is believed in part counts in part."""
        known = [(of, belief) for feature, belief in features if (of := self._of(feature))]
        if not known:
            return np.zeros(len(self.codes), np.float32)
        best = np.full(len(self.codes), np.log(NOISE), np.float32)
        for (groups, weights), belief in known:
            lift = len(self.codes) * weights / weights.sum()
            best[groups] = np.maximum(best[groups], belief * np.log(NOISE + (1 - NOISE) * lift))
        return best

    def read(self, text: str, sounded: bool) -> Spoken:
        """What a sentence says of each group; zeros where no word is known."""
        words = telling(text)
        once = list(dict.fromkeys(words))
        each = np.zeros((len(once), len(self.codes)), np.float32)
        for i, word in enumerate(once):
            each[i] = self._evidence(features(word, sounded)) * (FAINT if word in _faint() else 1)
        scores = each.sum(axis=0)
        for pair in _pairs(words, sounded):
            scores += PAIR * np.maximum(0, self._evidence([(pair, 1.0)]))
        return Spoken(scores, tuple(once), each)


def _pairs(words: Sequence[str], sounded: bool) -> set[str]:
    """Pairs of words near each other, by stem or consonants, in no order."""
    keys = [_key(word, sounded) for word in words]
    near = ((a, b) for i, a in enumerate(keys) for b in keys[i + 1 : i + WINDOW] if a != b)
    return {f"{min(pair)}+{max(pair)}" for pair in near}


def _key(word: str, sounded: bool) -> str:
    if ARABIC.search(word) or sounded:
        script = "Arabic" if ARABIC.search(word) else "Latin"
        return "~" + sound(_bare(word, script)[-1]).replace(" ", "")
    return stem(word)


@cache
def tasks() -> Tasks:
    """The shipped tasks and titles."""
    return Tasks()
