"""Unit groups of ISCO-08 for the words a person types: typing not finished, misspelt or in Darija.

Three readings are added up. The occupation coder's chances (`enrich.classify.isco08`), which know
what titles mean. How near the words are in spelling to a title in use or a label of ISCO-08, which
forgives slips (normalised edit similarity, Levenshtein 1966). How near they are in sound
(`sound.py`), which forgives the script. Coder and spelling are believed from their thresholds up;
the sound counts least, for many words sound alike.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from marsad.base.codes import codelist
from marsad.base.text import match_form
from marsad.enrich.fields.isco08.classify import read_title, rows
from marsad.products.occupations.sound import sound

SPELT, SOUNDS = (0.72, 0.9), (0.8, 0.5)
"""From which similarity a reading counts, and what it adds at full likeness."""
_LEAST = 3  # letters or consonants that tell anything
_BEGUN = 0.8


class RankedGroup(NamedTuple):
    """A unit group, how sure it is (0 to about 2; only the order matters), and the words it rests on."""

    code: str
    score: float
    evidence: str


class _Index(NamedTuple):
    titles: tuple[str, ...]
    forms: tuple[str, ...]
    sounds: tuple[str, ...]
    codes: tuple[str, ...]


@cache
def _index() -> _Index:
    """Titles in use in Morocco and the labels of unit groups, in three forms."""
    titles = [(row["title"], row["isco08"]) for row in rows()]
    for code, names in codelist("isco08").items():
        if len(code) == 4:
            titles += [(names[language], code) for language in ("fr", "ar", "en")]
    forms = [match_form(title) for title, _ in titles]
    sounds = [sound(form).replace(" ", "") for form in forms]
    return _Index(
        tuple(t for t, _ in titles), tuple(forms), tuple(sounds), tuple(c for _, c in titles)
    )


def titles() -> tuple[str, ...]:
    """Titles in use in Morocco and the labels of unit groups, as written."""
    return _index().titles


def _likeness(words: str, among: tuple[str, ...], least: float) -> NDArray[np.float32]:
    """Likeness in spelling, 0 or from `least` to 1; words that begin an entry are like it by the
    share of it that they are, for typing may be under way."""
    like: NDArray[np.float32] = process.cdist(
        [words], among, scorer=fuzz.ratio, score_cutoff=100 * least, dtype=np.float32
    )[0]
    like /= 100
    ordered, places = _in_order(among)
    for at in range(bisect_left(ordered, words), len(ordered)):
        if not ordered[at].startswith(words):
            break
        begun = least + (1 - least) * _BEGUN * len(words) / len(ordered[at])
        like[places[at]] = max(like[places[at]], begun)
    return like


@lru_cache(maxsize=4)
def _in_order(among: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Entries in their order, and the place of each as it was given."""
    places = sorted(range(len(among)), key=among.__getitem__)
    return tuple(among[place] for place in places), tuple(places)


def _add(groups: dict[str, RankedGroup], code: str, score: float, evidence: str) -> None:
    known = groups.get(code)
    if known is None or not known.evidence:
        groups[code] = RankedGroup(code, score + (known.score if known else 0.0), evidence)
    else:
        groups[code] = known._replace(score=known.score + score)


def _near(
    groups: dict[str, RankedGroup], likeness: NDArray[np.float32], rule: tuple[float, float]
) -> None:
    """Add the best likeness of every group."""
    least, weight = rule
    index, best = _index(), {}  # type: ignore[var-annotated]
    for place in np.flatnonzero(likeness >= least)[:400]:
        code = index.codes[place]
        if likeness[place] > likeness[best.get(code, place)] or code not in best:
            best[code] = place
    for code, place in best.items():
        share = (float(likeness[place]) - least) / (1 - least)
        _add(groups, code, weight * share, index.titles[place])


def occupations(text: str, limit: int = 10) -> list[RankedGroup]:
    """Unit groups for a few words in any language, best first; none when nothing is near."""
    return [*_ranked(text)[:limit]]


@lru_cache(maxsize=512)
def _ranked(text: str) -> tuple[RankedGroup, ...]:
    form = match_form(text)
    if not form:
        return ()
    groups: dict[str, RankedGroup] = {}
    for group in read_title(text).groups:
        _add(groups, group.code, group.score, group.evidence)
    index, sounded = _index(), sound(form).replace(" ", "")
    if len(form) >= _LEAST:
        _near(groups, _likeness(form, index.forms, SPELT[0]), SPELT)
    if len(sounded) >= _LEAST:
        _near(groups, _likeness(sounded, index.sounds, SOUNDS[0]), SOUNDS)
    return tuple(sorted(groups.values(), key=lambda ranked: -ranked.score))
