"""Duplicates: sightings of one opening on several boards, reposts of it, and its translations.

Candidates come from `candidates.py`; comparators judge each pair, each with a reason that is shown
to people; certain and probable pairs are joined into clusters, each with one canonical ad. What a
person has judged wins over what is computed. Real and synthetic ads are never compared.

Bands: certain (same opening, same words), probable (same opening, reworded, translated or cut),
related (similar work, not counted as a duplicate). Kinds are those of the EU web-intelligence
challenge of 2023: full (same title and text), semantic (the same said otherwise, or in another
language), temporal (the same, reworded, on another day), partial (the same opening with part of
what the other says).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import fuzz

from marsad.base.text import arabic_share, match_form
from marsad.enrich import candidates
from marsad.enrich.candidates import Ints
from marsad.enrich.classify.isco08.classify import title_words
from marsad.enrich.classify.isco08.concepts import concepts
from marsad.enrich.vectors import Floats

_ANONYMOUS = frozenset(
    """|confidentiel|non specifie|non|anonyme|confidential|سري|غير محدد|entreprise confidentielle
    |societe confidentielle|client confidentiel""".replace("\n    ", "").split("|")
)
_REPOST_DAYS = 180
_SHORT = 60  # letters below which a text says too little to be compared
_LIKENESS = 0.2  # share of common sketch buckets from which two texts are compared


@dataclass(frozen=True)
class Folded:
    """An ad in the form in which duplicates are compared."""

    key: str
    board: str
    ad_id: str
    title: str
    company: str
    text: str
    province: str
    place: str
    posted_on: dt.date | None
    deadline_on: dt.date | None
    isco08: str
    said_title: str

    @cached_property
    def arabic(self) -> bool:
        """Whether it is written in Arabic letters."""
        return arabic_share(self.title + self.text[:200]) >= 0.5

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The runs of three words of its text."""
        words = self.text.split()
        return frozenset(zip(words, words[1:], words[2:]))


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


@lru_cache(maxsize=20_000)
def _company(name: str) -> str:
    form = match_form(name)
    return "" if form in _ANONYMOUS else form


def folded(ad: Mapping[str, object]) -> Folded:
    """The comparison form of a core ad."""
    posted, deadline = ad["posted_on"], ad.get("deadline_on")
    return Folded(
        key=str(ad["ad_key"]),
        board=str(ad["board"]),
        ad_id=str(ad["ad_id"]),
        title=match_form(str(ad["title"])),
        company=_company(str(ad["company"])),
        text=match_form(str(ad["text"])),
        province=str(ad["province"]),
        place=match_form(str(ad["place_text"])),
        posted_on=posted if isinstance(posted, dt.date) else None,
        deadline_on=deadline if isinstance(deadline, dt.date) else None,
        isco08=str(ad["isco08"]),
        said_title=str(ad["title"]),
    )


Comparator = Callable[[Folded, Folded], float | None]


def same_identifier(a: Folded, b: Folded) -> float | None:
    """The board gives both ads the same identifier."""
    return 1.0 if a.board == b.board and a.ad_id == b.ad_id else None


def text_likeness(a: Folded, b: Folded) -> float | None:
    """How alike the texts are, letter by letter (normalised edit distance); unknown for texts too
    short to tell, or in different scripts."""
    if min(len(a.text), len(b.text)) < _SHORT or a.arabic != b.arabic:
        return None
    return 1.0 if a.text == b.text else fuzz.ratio(a.text, b.text) / 100


def text_held(a: Folded, b: Folded) -> float | None:
    """How much of the shorter text the longer one holds, in runs of three words; unknown when
    neither is much shorter."""
    short, long = sorted((a, b), key=lambda ad: len(ad.text))
    if len(short.text) < 2 * _SHORT or len(short.text) > 0.85 * len(long.text) or not short.runs:
        return None
    return len(short.runs & long.runs) / len(short.runs)


def title_likeness(a: Folded, b: Folded) -> float | None:
    """How alike the titles are, whatever the order of their words."""
    if a.title == b.title:
        return 1.0
    return None if a.arabic != b.arabic else fuzz.token_sort_ratio(a.title, b.title) / 100


@lru_cache(maxsize=50_000)
def _meaning(title: str) -> Floats:
    return concepts().space.phrase(title_words(title))


def title_meaning(a: Folded, b: Folded) -> float | None:
    """How near the titles are in meaning (cosine of their word vectors), across languages."""
    if a.arabic == b.arabic:
        return None
    return float(np.dot(_meaning(a.said_title), _meaning(b.said_title)))


def company_likeness(a: Folded, b: Folded) -> float | None:
    """Whether the employers' names agree; unknown when either is not named or they are written in
    different scripts."""
    if not a.company or not b.company or (a.company[0] > "\u0600") != (b.company[0] > "\u0600"):
        return None
    if a.company == b.company:
        return 1.0
    return fuzz.token_set_ratio(a.company, b.company) / 100


def place_agreement(a: Folded, b: Folded) -> float | None:
    """Whether both ads are in one province; by the words of the place where either is uncoded,
    and unknown when either names none."""
    if a.province and b.province:
        return float(a.province == b.province)
    if not a.place or not b.place or (a.place[0] > "\u0600") != (b.place[0] > "\u0600"):
        return None
    return float(fuzz.token_set_ratio(a.place, b.place) >= 80)


def days_apart(a: Folded, b: Folded) -> int | None:
    """Days between the postings; unknown when either is undated."""
    if a.posted_on is None or b.posted_on is None:
        return None
    return abs((a.posted_on - b.posted_on).days)


COMPARATORS: dict[str, Comparator] = {
    "place": place_agreement,
    "company": company_likeness,
    "title": title_likeness,
    "meaning": title_meaning,
    "text": text_likeness,
    "held": text_held,
}
_SAID = {
    "company": "company {} % alike",
    "title": "title {} % alike",
    "meaning": "title {} % near in meaning",
    "text": "text {} % alike",
    "held": "{} % of the shorter text stands in the longer",
}


def _words(name: str, value: float) -> str:
    if name == "place":
        return "same place" if value else "different places"
    return _SAID[name].format(f"{value * 100:.0f}")


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
            if name == "place" and not value or name == "company" and value < 0.75:
                return None
    found = _band(seen, a, b)
    if found is None:
        return None
    band, score = found
    reason = "; ".join(_words(name, value) for name, value in seen.items())
    return Link(a.key, b.key, band, score, reason, _kind(seen, band, apart))


def _band(seen: Mapping[str, float], a: Folded, b: Folded) -> tuple[str, float] | None:
    known = "company" in seen
    text, title = seen.get("text"), seen.get("title", 0.0)
    if "meaning" in seen:
        return _across(seen, a, b)
    if text is None:
        same = known and title >= 0.97 and seen.get("place") == 1.0 and a.board != b.board
        return ("probable", 0.7) if same else None
    text = max(text, 0.95 * seen.get("held", 0.0))
    score = round(0.6 * text + 0.25 * title + 0.15 * seen.get("company", 0.5), 3)
    if text >= 0.95 and title >= (0.85 if known else 0.95):
        return "certain", max(score, 0.95)
    if text >= (0.75 if known else 0.88) and title >= 0.75:
        return "probable", score
    return ("related", score) if text >= 0.6 and title >= 0.6 else None


def _across(seen: Mapping[str, float], a: Folded, b: Folded) -> tuple[str, float] | None:
    """Two languages: titles of one meaning, and the same last day to apply or the same employer."""
    same_day = a.deadline_on is not None and a.deadline_on == b.deadline_on and a.board == b.board
    held = seen.get("company", 0.0) >= 0.9 and seen.get("place") == 1.0
    if not same_day and not held:
        return None
    meaning = seen["meaning"]
    least = 0.75 if held else 0.55
    return ("probable", round(meaning, 3)) if meaning >= least else None


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
    """Places of the pairs worth judging, each once."""
    days = [ad.posted_on.toordinal() if ad.posted_on else 0 for ad in ads]
    rank = np.array(days, np.int64)
    sketched = candidates.sketches([ad.text for ad in ads])
    mark = candidates.mark
    near = candidates.by_text(sketched, rank)
    near = near[candidates.alike(sketched, near) >= _LIKENESS]
    identical = candidates.by_key(
        (mark(ad.text) if len(ad.text) >= _SHORT else None for ad in ads), rank, 4
    )
    named = candidates.by_key((mark("id", ad.board, ad.ad_id) for ad in ads), rank, 8)
    titled = candidates.by_key(
        (mark("title", " ".join(sorted(ad.title.split())), ad.province) for ad in ads), rank, 8
    )
    firms = candidates.by_key(
        (mark("firm", ad.company, ad.isco08) if ad.company and ad.isco08 else None for ad in ads),
        rank,
        8,
    )
    due = candidates.by_key(
        (mark("due", ad.board, str(ad.deadline_on)) if ad.deadline_on else None for ad in ads),
        rank,
        40,
    )
    loose = _telling(ads, sketched, candidates.distinct([titled, firms]))
    arabic = np.array([ad.arabic for ad in ads], np.bool_)
    due = due[arabic[due[:, 0]] != arabic[due[:, 1]]]
    return candidates.distinct([near, identical, named, loose, due])


def _telling(ads: Sequence[Folded], sketched: candidates.Sketches, found: Ints) -> Ints:
    """Of pairs that a title or an employer brings together, those that more speaks for: alike
    texts, or one employer and texts that cannot be compared letter by letter."""
    if not len(found):
        return found
    company = np.array([hash(ad.company) if ad.company else 0 for ad in ads], np.int64)
    short = np.array([len(ad.text) < 2 * _SHORT for ad in ads], np.bool_)
    arabic = np.array([ad.arabic for ad in ads], np.bool_)
    one, two = found[:, 0], found[:, 1]
    same = (company[one] == company[two]) & (company[one] != 0)
    apart = short[one] | short[two] | (arabic[one] != arabic[two])
    return found[(candidates.alike(sketched, found) >= _LIKENESS / 2) | (same & apart)]


def links(ads: Sequence[Folded]) -> list[Link]:
    """Every judged link among ads, in order of their keys."""
    found = (judge(ads[i], ads[j]) for i, j in pairs(ads).tolist())
    ordered = (
        link
        if link.ad_a < link.ad_b
        else Link(link.ad_b, link.ad_a, link.band, link.score, link.reason, link.kind)
        for link in found
        if link is not None
    )
    return sorted(ordered, key=lambda link: (link.ad_a, link.ad_b))


def clusters(
    keys: Sequence[str], found: Sequence[Link], judged: Iterable[tuple[str, str, bool]] = ()
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

    def join(one: str, two: str) -> None:
        a, b = sorted((root(one), root(two)), key=order.__getitem__)
        if not any({root(x), root(y)} == {a, b} and a != b for x, y in apart):
            parent[b] = a

    for one, two, same in judged:
        if same and one in parent and two in parent:
            join(one, two)
    for link in sorted(found, key=lambda k: (-k.score, k.ad_a, k.ad_b)):
        if link.band != "related":
            join(link.ad_a, link.ad_b)
    return {key: root(key) for key in keys}
