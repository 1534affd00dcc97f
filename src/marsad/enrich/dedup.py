"""Duplicates: sightings of one opening on several boards, reposts of it, and its translations.

Candidates come from cheap keys (board identifier, title with place, shared word sequences of the
text); comparators judge each pair, each with a reason that is shown to people; certain and
probable pairs are joined into clusters, each with one canonical ad. Real and synthetic ads are
never compared. Bands follow the EU web-intelligence challenge of 2023: certain (same opening, same
words), probable (same opening, reworded), related (similar work, not counted as a duplicate).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from rapidfuzz import fuzz
from rensa import RMinHash, RMinHashLSH

from marsad.base.text import match_form

PERMUTATIONS, BANDS, SEED = 128, 32, 42
_BLOCK = (
    60  # a block larger than this says nothing: its ads are compared with their neighbours only
)
_ANONYMOUS = {
    "",
    "confidentiel",
    "non specifie",
    "non",
    "anonyme",
    "confidential",
    "سري",
    "غير محدد",
}
_REPOST_DAYS = 180


@dataclass(frozen=True, slots=True)
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
    isco08: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two ads and how sure it is that they are one opening: band, score 0-1, reasons in words."""

    ad_a: str
    ad_b: str
    band: str
    score: float
    reason: str


def folded(ad: Mapping[str, object]) -> Folded:
    """The comparison form of a core ad."""
    posted = ad["posted_on"]
    company = match_form(str(ad["company"]))
    return Folded(
        key=str(ad["ad_key"]),
        board=str(ad["board"]),
        ad_id=str(ad["ad_id"]),
        title=match_form(str(ad["title"])),
        company="" if company in _ANONYMOUS else company,
        text=match_form(str(ad["text"])),
        province=str(ad["province"]),
        place=match_form(str(ad["place_text"])),
        posted_on=posted if isinstance(posted, dt.date) else None,
        isco08=str(ad["isco08"]),
    )


Comparator = Callable[[Folded, Folded], float | None]


def same_identifier(a: Folded, b: Folded) -> float | None:
    """The board gives both ads the same identifier."""
    return 1.0 if a.board == b.board and a.ad_id == b.ad_id else None


def text_likeness(a: Folded, b: Folded) -> float | None:
    """How alike the texts are, letter by letter (normalised edit distance)."""
    if min(len(a.text), len(b.text)) < 60:
        return None
    whole = fuzz.ratio(a.text, b.text)
    short, long = sorted((a.text, b.text), key=len)
    if len(short) >= 120 and len(short) < 0.85 * len(long):  # one of them was cut
        whole = max(whole, 0.97 * fuzz.partial_ratio(short, long[: 3 * len(short)]))
    return whole / 100


def title_likeness(a: Folded, b: Folded) -> float | None:
    """How alike the titles are, whatever the order of their words."""
    return fuzz.token_sort_ratio(a.title, b.title) / 100


def company_likeness(a: Folded, b: Folded) -> float | None:
    """Whether the employers' names agree; unknown when either is not named."""
    if not a.company or not b.company:
        return None
    return fuzz.token_set_ratio(a.company, b.company) / 100


def place_agreement(a: Folded, b: Folded) -> float | None:
    """Whether both ads are in one province; by the words of the place where either is uncoded,
    and unknown when either names none."""
    if a.province and b.province:
        return float(a.province == b.province)
    if not a.place or not b.place:
        return None
    return float(fuzz.token_set_ratio(a.place, b.place) >= 80)


def days_apart(a: Folded, b: Folded) -> float | None:
    """Days between the postings, as a share of half a year; unknown when either is undated."""
    if a.posted_on is None or b.posted_on is None:
        return None
    return min(1.0, abs((a.posted_on - b.posted_on).days) / _REPOST_DAYS)


COMPARATORS: dict[str, Comparator] = {
    "text": text_likeness,
    "title": title_likeness,
    "company": company_likeness,
    "place": place_agreement,
}


def _words(name: str, value: float) -> str:
    if name == "place":
        return "same place" if value else "different places"
    return f"{name} {value * 100:.0f} % alike"


def judge(a: Folded, b: Folded) -> Link | None:
    """The link between two candidate ads, or None when they are different openings.

    Employers or provinces that differ outweigh any likeness of words: boards' templates make texts
    of different openings alike. With no employer named, text and title must agree more.
    """
    if same_identifier(a, b):
        return Link(a.key, b.key, "certain", 1.0, "same identifier on the board")
    seen = {name: found for name, c in COMPARATORS.items() if (found := c(a, b)) is not None}
    text, title = seen.get("text"), seen["title"]
    apart = days_apart(a, b)
    if seen.get("place") == 0.0 or seen.get("company", 1.0) < 0.75 or apart == 1.0:
        return None
    reason = "; ".join(_words(name, value) for name, value in seen.items())
    known = "company" in seen
    if text is None:
        same = known and title >= 0.97 and seen.get("place") == 1.0 and a.board != b.board
        return Link(a.key, b.key, "probable", 0.7, reason) if same else None
    score = round(0.6 * text + 0.25 * title + 0.15 * seen.get("company", 0.5), 3)
    if text >= 0.95 and title >= (0.85 if known else 0.95):
        return Link(a.key, b.key, "certain", max(score, 0.95), reason)
    if text >= (0.75 if known else 0.88) and title >= 0.75:
        return Link(a.key, b.key, "probable", score, reason)
    if text >= 0.6 and title >= 0.6:
        return Link(a.key, b.key, "related", score, reason)
    return None


def _blocks(ads: Sequence[Folded]) -> Iterator[list[int]]:
    """Groups of ads that one cheap key brings together."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, ad in enumerate(ads):
        groups["id", ad.board, ad.ad_id].append(i)
        groups["title", " ".join(sorted(ad.title.split())), ad.province].append(i)
        if ad.company and ad.isco08:
            groups["firm", ad.company, ad.isco08].append(i)
        if len(ad.text) >= 60:
            groups["text", ad.text].append(i)
    return (group for group in groups.values() if len(group) > 1)


def _near_texts(ads: Sequence[Folded]) -> Iterator[tuple[int, int]]:
    """Pairs whose texts share enough sequences of three words (MinHash, 32 bands of 4)."""
    index = RMinHashLSH(0.5, PERMUTATIONS, BANDS)
    for i, ad in enumerate(ads):
        words = ad.text.split()
        if len(words) < 12:
            continue
        sketch = RMinHash(PERMUTATIONS, SEED)
        sketch.update([" ".join(words[j : j + 3]) for j in range(len(words) - 2)])
        near = sorted(index.query(sketch))
        yield from ((other, i) for other in near[-_BLOCK:])
        index.insert(i, sketch)


def candidates(ads: Sequence[Folded]) -> set[tuple[int, int]]:
    """Pairs of positions worth judging."""
    pairs: set[tuple[int, int]] = set(_near_texts(ads))
    for group in _blocks(ads):
        if len(group) <= _BLOCK:
            pairs.update(combinations(group, 2))
        else:
            pairs.update(pairwise(group))
    return pairs


def links(ads: Sequence[Folded]) -> list[Link]:
    """Every judged link among ads, in order of their keys."""
    found = (judge(ads[i], ads[j]) for i, j in sorted(candidates(ads)) if i != j)
    ordered = (
        link
        if link.ad_a < link.ad_b
        else Link(link.ad_b, link.ad_a, link.band, link.score, link.reason)
        for link in found
        if link is not None
    )
    return sorted(ordered, key=lambda link: (link.ad_a, link.ad_b))


def clusters(keys: Sequence[str], found: Sequence[Link]) -> dict[str, str]:
    """Ad key -> key of its cluster's canonical ad (the first of `keys`): union-find over certain
    and probable links."""
    parent = {key: key for key in keys}
    order = {key: i for i, key in enumerate(keys)}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for link in found:
        if link.band != "related":
            a, b = sorted((root(link.ad_a), root(link.ad_b)), key=order.__getitem__)
            parent[b] = a
    return {key: root(key) for key in keys}
