"""Comparators: how two ads are alike, each in one respect, in words that are shown to people.

Each takes two ads in comparison form and gives a likeness from 0 to 1, or None where it cannot tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import fuzz

from marsad.base.text import arabic_share, match_form
from marsad.enrich import place
from marsad.enrich.fields.esco_skills.rank import skills
from marsad.enrich.fields.isco08.concepts import concepts
from marsad.enrich.fields.isco08.titles import STOP
from marsad.enrich.vectors import Floats

_ANONYMOUS = frozenset(
    """|confidentiel|non specifie|non|anonyme|confidential|سري|غير محدد|entreprise confidentielle
    |societe confidentielle|client confidentiel""".replace("\n    ", "").split("|")
)
SHORT = 60  # letters below which a text says too little to be compared
_OFFICES = frozenset(
    "ministere province prefecture avis poste responsabilite candidature appel concour recrutement وزارة اقليم عمالة باب ترشيح منصب مناصب مسوولية مباراة لتوظيف فتح".split()
)


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
    title_as_written: str

    @cached_property
    def arabic(self) -> bool:
        """Whether it is written in Arabic letters."""
        return arabic_share(self.title + self.text[:200]) >= 0.5

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of its text, but for the shortest."""
        return frozenset(word for word in self.text.split() if len(word) > 2)

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The runs of three words of its text."""
        words = self.text.split()
        return frozenset(zip(words, words[1:], words[2:]))


# Words of many employers' names, which tell none from another.
_COMMON = frozenset(
    """شركة مؤسسة موسسة مجموعة فندق مكتب مصنع محدودة تجارية للتجارة تجارة مقاولات للمقاولات خدمات ذ م م
    societe entreprise group groupe holding company sarl sa ste ets hotel cabinet maroc morocco
    recrute international internationale service consulting conseil""".split()
)


@lru_cache(maxsize=20_000)
def _company(name: str) -> str:
    form = match_form(name)
    telling = " ".join(word for word in form.split() if word not in _COMMON)
    return "" if form in _ANONYMOUS else telling or form


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
        title_as_written=str(ad["title"]),
    )


Comparator = Callable[[Folded, Folded], float | None]


def same_identifier(a: Folded, b: Folded) -> float | None:
    """The board gives both ads the same identifier."""
    return 1.0 if a.board == b.board and a.ad_id == b.ad_id else None


def text_likeness(a: Folded, b: Folded) -> float | None:
    """How alike the texts are, letter by letter (normalised edit distance); unknown for texts too
    short to tell, or in different scripts."""
    if min(len(a.text), len(b.text)) < SHORT or a.arabic != b.arabic:
        return None
    return 1.0 if a.text == b.text else fuzz.ratio(a.text, b.text) / 100


def text_held(a: Folded, b: Folded) -> float | None:
    """How much of the shorter text the longer one holds, in runs of three words; unknown when
    neither is much shorter."""
    short, long = sorted((a, b), key=lambda ad: len(ad.text))
    if len(short.text) < 2 * SHORT or len(short.text) > 0.85 * len(long.text) or not short.runs:
        return None
    return len(short.runs & long.runs) / len(short.runs)


def words_shared(a: Folded, b: Folded) -> float | None:
    """How many of their different words two texts share (Dice), whatever their order; unknown for
    texts too short to tell or in different scripts."""
    if min(len(a.text), len(b.text)) < 2 * SHORT or a.arabic != b.arabic:
        return None
    return 2 * len(a.words & b.words) / (len(a.words) + len(b.words))


def title_likeness(a: Folded, b: Folded) -> float | None:
    """How alike the titles are, whatever the order of their words."""
    if a.title == b.title:
        return 1.0
    return None if a.arabic != b.arabic else fuzz.token_sort_ratio(a.title, b.title) / 100


@lru_cache(maxsize=50_000)
def _meanings(text: str) -> tuple[Floats, Floats]:
    """A phrase in the spaces of occupations and of skills."""
    words = [word for word in match_form(text).split() if word not in _OFFICES and word not in STOP]
    return concepts().space.phrase(words), skills().space.phrase(words)


def _nearness(a: str, b: str) -> float:
    """How near two phrases are in meaning: mean cosine in both spaces."""
    return float(np.mean([np.dot(x, y) for x, y in zip(_meanings(a), _meanings(b))]))


def title_meaning(a: Folded, b: Folded) -> float | None:
    """How near titles in two scripts are in meaning (cosine of their word vectors)."""
    return None if a.arabic == b.arabic else _nearness(a.title_as_written, b.title_as_written)


def company_meaning(a: Folded, b: Folded) -> float | None:
    """How near employers' names in two scripts are in meaning; minus one when both name a place and
    not the same one."""
    if not a.company or not b.company or (a.company[0] > "\u0600") == (b.company[0] > "\u0600"):
        return None
    here, there = _named_place(a.company), _named_place(b.company)
    if here and there and here != there:
        return -1.0
    return _nearness(a.company, b.company)


@lru_cache(maxsize=20_000)
def _named_place(name: str) -> str:
    province = place.of_ad("", name, "").province
    return province.code if province else ""


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
    "employer": company_meaning,
    "text": text_likeness,
    "words": words_shared,
    "held": text_held,
}
_REASONS = {
    "company": "company {} % alike",
    "title": "title {} % alike",
    "meaning": "title {} % near in meaning",
    "employer": "employer {} % near in meaning",
    "text": "text {} % alike",
    "words": "{} % of the words in common",
    "held": "{} % of the shorter text stands in the longer",
}


def in_words(name: str, value: float) -> str:
    if name == "place":
        return "same place" if value else "different places"
    return _REASONS[name].format(f"{value * 100:.0f}")
