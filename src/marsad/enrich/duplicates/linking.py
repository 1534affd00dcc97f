"""Duplicates: sightings of one opening on several boards, reposts of it, and its translations.

Candidates come from `blocks.py`; comparators judge each pair, each with a reason that is shown
to people; certain and probable pairs are joined into clusters, each with one canonical ad. What a
person has judged wins over what is computed. Real and synthetic ads are never compared.

Bands: certain (same opening, same words), probable (same opening, reworded, translated or cut),
related (similar work, not counted as a duplicate). Kinds are those of the EU web-intelligence
challenge of 2023: full (same title and text), semantic (the same said otherwise, or in another
language), temporal (the same, reworded, on another day), partial (the same opening with part of
what the other says).
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz

from marsad.base.text import match_form
from marsad.enrich.duplicates import blocks
from marsad.enrich.duplicates.candidates import Ints
from marsad.enrich.duplicates.comparators import (
    COMPARATORS,
    Folded,
    days_apart,
    folded,
    in_words,
    same_identifier,
)
from marsad.enrich.fields.isco08.titles import STOP

__all__ = [
    "COMPARATORS",
    "Folded",
    "Link",
    "clusters",
    "folded",
    "judge",
    "links",
    "pairs",
]

_REPOST_DAYS = 180
_COPY_DAYS = 60  # within which ads without texts are one opening
_GRADES = frozenset(
    match_form(
        "junior senior confirmé confirmée débutant débutante stage stagiaire expérimenté expérimentée"
    ).split()
)
_SMALL = STOP - _GRADES
# Nearness in meaning from which ads in two languages are one opening: with one employer and town,
# or with one last day to apply on one board (fitted on the development half of benchmarks/pairs.py).
_NEAR_EMPLOYER, _NEAR_DAY = 0.6, 0.4
_REWORDED = 0.45  # share of words from which one title at one employer and town is one opening


@dataclass(frozen=True, slots=True)
class Link:
    """Two ads and how sure it is that they are one opening: band, score 0-1, reasons in words, and
    the kind of duplicate (empty for related ads)."""

    ad_a: str
    ad_b: str
    band: str
    score: float
    reason: str
    kind: str = ""


def judge(a: Folded, b: Folded) -> Link | None:
    """The link between two candidate ads, or None when they are different openings.

    Employers or provinces that differ outweigh any likeness of words: boards' templates make texts
    of different openings alike. With no employer named, text and title must agree more.
    """
    if same_identifier(a, b):
        kind = "full" if a.title == b.title else "semantic"
        return Link(a.key, b.key, "certain", 1.0, "same identifier on the board", kind)
    apart = days_apart(a, b)
    if apart is not None and apart >= _REPOST_DAYS:
        return None
    seen: dict[str, float] = {}
    for name, comparator in COMPARATORS.items():
        if (value := comparator(a, b)) is not None:
            seen[name] = value
            if (name == "place" and not value) or (name == "company" and value < 0.75):
                return None
    judgement = _band(seen, a, b)
    if judgement is None:
        return None
    band, score = judgement
    reason = "; ".join(in_words(name, value) for name, value in seen.items())
    return Link(a.key, b.key, band, score, reason, _kind(seen, band, apart))


def _band(seen: Mapping[str, float], a: Folded, b: Folded) -> tuple[str, float] | None:
    known = "company" in seen
    text, title = seen.get("text"), seen.get("title", 0.0)
    if "meaning" in seen:
        return _across(seen, a, b)
    if text is None:
        same = known and seen.get("place") == 1.0 and _one_title(a.title, b.title)
        return ("probable", 0.7) if same and _again(a, b) else None
    containment = seen.get("held", 0.0)
    if containment >= 0.6 and known and _begins(a, b):
        return "probable", round(0.5 + 0.4 * containment, 3)
    if text >= 0.9 and _differ(a.title, b.title):
        return "related", round(text * title, 3)
    text = max(text, 0.98 * seen.get("words", 0.0), 0.95 * containment)
    one_desk = seen.get("company", 0.0) >= 0.9 and seen.get("place") and title >= 0.9
    if one_desk and seen.get("words", 0.0) >= _REWORDED:
        return ("certain" if text >= 0.95 else "probable"), round(0.6 + 0.35 * text, 3)
    score = round(0.6 * text + 0.25 * title + 0.15 * seen.get("company", 0.5), 3)
    if text >= 0.95 and title >= (0.85 if known else 0.95):
        return "certain", max(score, 0.95)
    if text >= (0.75 if known else 0.88) and title >= 0.75:
        return "probable", score
    return ("related", score) if text >= 0.6 and title >= 0.6 else None


def _one_title(title_a: str, title_b: str) -> bool:
    """Whether two titles say the same but for towns, frames and small words: «comptable», «comptable h f
    casablanca». A grade that only one has tells two openings apart."""
    a, b = ({w for w in title.split() if w not in _SMALL} for title in (title_a, title_b))
    return bool(a) and (a == b or fuzz.ratio(title_a, title_b) >= 97)


def _again(a: Folded, b: Folded) -> bool:
    """Whether two ads without texts may be one opening: on two boards, within some weeks."""
    apart = days_apart(a, b)
    return a.board != b.board and (apart is None or apart <= _COPY_DAYS)


def _differ(title_a: str, title_b: str) -> bool:
    """Whether each of two titles says something that the other does not: a template used for two
    openings («chargé de portefeuille, Tiznit» and «..., Guelmim»)."""
    a, b = ({w for w in title.split() if w not in STOP} for title in (title_a, title_b))
    return bool(a - b) and bool(b - a) and fuzz.ratio(title_a, title_b) < 95


def _begins(a: Folded, b: Folded) -> bool:
    """Whether one title is the other, cut."""
    short, long = sorted((a.title, b.title), key=len)
    return bool(short) and f"{long} ".startswith(f"{short} ")


def _across(seen: Mapping[str, float], a: Folded, b: Folded) -> tuple[str, float] | None:
    """Two languages: titles of one meaning, and the same last day to apply or the same employer."""
    same_day = a.deadline_on is not None and a.deadline_on == b.deadline_on and a.board == b.board
    same_employer = seen.get("company", 0.0) >= 0.9 and seen.get("place") == 1.0
    if not same_day and not same_employer:
        return None
    meaning = seen["meaning"] + seen.get("employer", 0.0)
    least = _NEAR_EMPLOYER if same_employer else _NEAR_DAY
    return ("probable", round(min(0.9, 0.5 + meaning / 2), 3)) if meaning >= least else None


def _kind(seen: Mapping[str, float], band: str, apart: int | None) -> str:
    if band == "related":
        return ""
    text = seen.get("text", 0.0)
    if text >= 0.97 and seen.get("title", 0.0) >= 0.9:
        return "full"
    if seen.get("held", 0.0) > text and seen.get("held", 0.0) >= 0.6:
        return "partial"
    return "temporal" if apart else "semantic"


def pairs(ads: Sequence[Folded]) -> Ints:
    """Places of the pairs worth judging among ads of one realm, each once."""
    place = {ad.key: i for i, ad in enumerate(ads)}
    keys = pa.array(sorted(place), pa.string())
    proposals = blocks.proposed(blocks.blocks(ads, ""), keys)
    numbers, kinds = by_pair(proposals.code)
    places = np.array([place[key] for key in keys.to_pylist()], np.int64)
    translated = np.zeros(len(ads), np.bool_)
    translated[places[proposals.translated]] = True
    proposed = places[proposals.pairs(numbers)]
    return proposed[blocks.worth_judging(ads, proposed, kinds, translated)]


def by_pair(code: Ints) -> tuple[Ints, Ints]:
    """The pairs of the codes of `blocks.Proposals` that count, each once, and the bits of the kinds of each."""
    code = blocks.counting(code)
    numbers, start = np.unique(code >> (3 + blocks.SHARED), return_index=True)
    bits = np.left_shift(np.int64(1), (code >> blocks.SHARED) & 7)
    return numbers << (3 + blocks.SHARED), np.bitwise_or.reduceat(bits, start) if len(
        code
    ) else bits


def links(ads: Sequence[Folded]) -> list[Link]:
    """Every judged link among ads, in order of their keys."""
    return judged_pairs(ads, pairs(ads))


def judged_pairs(ads: Sequence[Folded], pairs: Ints) -> list[Link]:
    """The links among pairs of ads (places in `ads`), in order of their keys."""
    collecting = gc.isenabled()
    gc.disable()  # each collection would walk through all the ads: a quarter of the time
    try:
        ends = ((ads[i], ads[j]) for i, j in pairs.tolist())
        judged = [judge(a, b) if a.key < b.key else judge(b, a) for a, b in ends]
    finally:
        if collecting:
            gc.enable()
    return sorted(filter(None, judged), key=lambda link: (link.ad_a, link.ad_b))


def clusters(
    keys: Sequence[str], edges: Sequence[Link], judged: Iterable[tuple[str, str, bool]] = ()
) -> dict[str, str]:
    """Ad key -> key of its cluster's canonical ad (the first of `keys`): union-find over what
    people judged the same, then over certain and probable links, best first.

    `judged` are (ad, ad, same opening?): two ads that a person holds apart are never joined, not
    even through a third.
    """
    parent = {key: key for key in keys}
    order = {key: i for i, key in enumerate(keys)}
    judged = list(judged)
    apart = [(a, b) for a, b, same in judged if not same and a in parent and b in parent]

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    def join(key_a: str, key_b: str) -> None:
        a, b = sorted((root(key_a), root(key_b)), key=order.__getitem__)
        if not any({root(x), root(y)} == {a, b} and a != b for x, y in apart):
            parent[b] = a

    for ad_a, ad_b, same in judged:
        if same and ad_a in parent and ad_b in parent:
            join(ad_a, ad_b)
    for link in sorted(edges, key=lambda k: (-k.score, k.ad_a, k.ad_b)):
        if link.band != "related":
            join(link.ad_a, link.ad_b)
    return {key: root(key) for key in keys}
