"""Occupation: ISCO-08 unit group and ESCO occupation of an ad, from the words of its title.

Three tiers. A lexicon of titles as Moroccans write them (French, Arabic, Darija in both scripts,
English): a title that is an entry whole speaks for its group. A fast tier learnt from the labels of
ESCO and ISCO and from that lexicon: the nearest ESCO concepts by word vectors (`concepts.py`) and a
linear model over letter groups (`model.py`), weighed together into chances; the words of the ad's
text are weighed in lightly. A slow tier adds sentence vectors where the caller asks for it. Below
even chances the coder abstains, but still shows its ranking.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marsad.base.text import arabic_share, match_form
from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.fields.esco_skills.rank import needs, skills
from marsad.enrich.fields.isco08 import concepts as ranking
from marsad.enrich.fields.isco08.concepts import Concepts, concepts
from marsad.enrich.fields.isco08.model import Linear
from marsad.enrich.fields.isco08.notices import post_of
from marsad.enrich.fields.isco08.titles import (
    HIRING,
    LINKS,
    NOISE,
    RANK,
    STOP,
    form_of,
    occupation_words,
)
from marsad.enrich.fields.isco08.weighing import Tier, sure, weighing
from marsad.enrich.lexicon import Candidate, Lexicon
from marsad.enrich.vectors import Floats, unit

FLOOR = 0.5  # the coder answers when it is more likely right than wrong; else it abstains
MOST, MOST_CONCEPTS = 10, 20
_OVER_POST = 0.8
"""Score from which the words of a title stand before a post that it names outside a notice."""
NOTICE = 0.9  # score of a corps or post of a public notice
_TEXT_WORDS = 60
_PLAIN = 0.85  # a title that says so much by itself is believed without its text
_TELLING_WORDS = 25  # a text of fewer weighs less
_ARABIC = 0.5  # share of letters from which a title is in Arabic
_ONLY = 0.6  # score of an entry of which the model knows no word
_PROFILE_WORDS = 150  # telling words of an ad's text that are weighed in
# «We are looking for a ...», in comparison form.
_SOUGHT = re.compile(
    r"(?:recherch\w*|recrut\w*|cherch\w*|poste d[e']|embauch\w*|looking for|hiring|seeking|position of"
    r"|نبحث عن|تبحث عن|توظيف|لتوظيف|مطلوب|المطلوب|بغينا|كنقلبو علي|خاصنا|محتاجين|bghina|khassna)"
)


class Reading(NamedTuple):
    """What a title says: ranked unit groups and ranked ESCO concepts, best first."""

    groups: tuple[Candidate, ...]
    concepts: tuple[Candidate, ...]

    @property
    def sure(self) -> bool:
        """Whether the best unit group is sure enough to be given."""
        return bool(self.groups) and self.groups[0].score >= FLOOR


def rows() -> list[dict[str, str]]:
    """Our titles of Morocco: title, lang, isco08, esco."""
    with Path(__file__).with_name("titles.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _lexicon() -> Lexicon[tuple[str, str]]:
    return Lexicon((row["title"], (row["isco08"], row["esco"])) for row in rows())


@cache
def _linear() -> Linear:
    return Linear(ranking.WEIGHTS, concepts().space)


@cache
def _group_of() -> NDArray[np.int64]:
    """For each concept, the place of its unit group among those of the linear model; -1 for none."""
    return np.array([_places().get(group, -1) for group in concepts().groups])


@cache
def _places() -> dict[str, int]:
    return {code: i for i, code in enumerate(_linear().codes)}


def log_chances(near: NDArray[np.int64], score: Floats, margins: Floats, tier: Tier) -> Floats:
    """Log-chances, before scaling, of every unit group of the linear model."""
    groups = _group_of()[near]
    known = groups >= 0
    near_ones = np.exp((score[known] - score.max()) / tier.width)
    summed = 1e-3 + np.bincount(groups[known], near_ones, minlength=len(margins))
    result: Floats = tier.nearness * np.log(summed) + tier.linear * margins
    return result.astype(np.float32)


def _candidates(chances: Floats, evidence: str) -> list[Candidate]:
    share = np.exp(weighing().sharpness * (chances - chances.max()))
    share /= share.sum()
    best = np.argsort(-share)[:MOST]
    codes = _linear().codes
    return [Candidate(codes[i], round(float(share[i]), 3), evidence) for i in best]


def _telling(form: str) -> list[str]:
    return [w for w in form.split() if w not in STOP and not w.isdigit()]


def title_words(title: str) -> list[str]:
    """The words of a title by which it is compared: without frame, grade, gender and rank."""
    words = RANK.sub("", occupation_words(form_of(title))).split()
    linked = {after for link, after in pairwise(words) if link in LINKS}  # «chargée de recrutement»
    return [
        w for w in words if (w not in NOISE or (w == HIRING and w in linked)) and not w.isdigit()
    ]


@lru_cache(maxsize=50_000)
def exact(title: str) -> tuple[str, str, str] | None:
    """(unit group, ESCO code or empty, entry) of a title that is an entry of the lexicon whole."""
    plainly = form_of(title)
    form = occupation_words(plainly)
    # As said first: an entry may itself hold what looks like a frame or a gender mark.
    for tried in (match_form(title), plainly, form, " ".join(_telling(form)), RANK.sub("", form)):
        if tried and (entry := _lexicon().exact(tried)):
            return entry[0], entry[1], tried
    return None


def titles_in(text: str) -> list[tuple[str, str]]:
    """(unit group, entry) of each entry of the lexicon that stands in a text, none overlapping."""
    return [(match.payload[0], match.phrase) for match in _lexicon().find(match_form(text))]


class _Title(NamedTuple):
    """What a title says by itself: log-chances of groups, nearest concepts, its telling words, the cosine with the
    nearest label, and how many words it has."""

    chances: Floats
    near: NDArray[np.int64]
    score: Floats
    evidence: str
    likeness: float
    words: int


@lru_cache(maxsize=10_000)
def _of_title(title: str, language: str, slow: bool) -> _Title | None:
    words = title_words(title)
    model = concepts()
    near, score = model.scores(words, title, language, slow=slow)
    if not len(near):
        return None
    weights = weighing()
    tier = weights.slow if slow else weights.fast
    chances = log_chances(near, score, _linear().scores(words), tier)
    entry = exact(title)
    if entry and entry[0] in (place := _places()):
        chances[place[entry[0]]] += weights.entry
    evidence = entry[2] if entry else _evidence(words, model, int(near[0]))
    likeness = float(model.nearest(model.space.phrase(words), near[:1])[0])
    return _Title(
        chances, near[:MOST_CONCEPTS], score[:MOST_CONCEPTS], evidence, likeness, len(words)
    )


def read_title(title: str, context: str = "", language: str = "", slow: bool = False) -> Reading:
    """Ranked unit groups and ESCO concepts of a title; empty when nothing in it is known.

    `context` is the ad's text, whose words are weighed in; `language` is that of the title or ad
    (fr where unknown); `slow` asks the sentence reader too. The title of a public notice gives the
    group of its branch or corps first (`notices.py`).
    """
    post = post_of(title)
    if post is None:
        return _read_words(title, context, language, slow)
    if post.branch and (branch := _read_words(post.branch, "", language, slow)).sure:
        return branch
    others = _read_words(title, context, language, slow)
    if not post.framed and others.groups and others.groups[0].score >= _OVER_POST:
        return others
    rest = [
        Candidate(c.code, round(c.score * (1 - NOTICE), 3), c.evidence)
        for c in others.groups
        if c.code != post.isco
    ]
    return Reading(
        (Candidate(post.isco, NOTICE, post.evidence), *rest[: MOST - 1]), others.concepts
    )


def _read_words(title: str, context: str, language: str, slow: bool) -> Reading:
    """`read_title` from the words of a title and its text alone."""
    darija = language.startswith("ary")
    language = (language or ("ar" if arabic_share(title) >= _ARABIC else "fr"))[:2]
    of_title = _of_title(title, language if slow else "", slow)
    if of_title is None:
        entry = exact(title)
        return Reading((Candidate(entry[0], _ONLY, entry[2]),), ()) if entry else Reading((), ())
    groups, fullness = _weighed(of_title, context)
    named = _concepts(concepts(), of_title.near, of_title.score, of_title.evidence)
    signs_of = _signs(groups, title, of_title, fullness)
    return Reading(tuple(sure(groups, signs_of, darija=darija)), named)


def _weighed(of_title: _Title, context: str) -> tuple[list[Candidate], float]:
    """The groups by title and text, ranked, and how full the text is that was weighed in (0 for none)."""
    groups = _candidates(of_title.chances, of_title.evidence)
    if context and groups[0].score < _PLAIN and (around := _context(context)) is not None:
        return _candidates(of_title.chances + around[0], of_title.evidence), around[1]
    return groups, 0.0


def signs(title: str, context: str = "") -> tuple[str, tuple[float, ...]] | None:
    """The first group of an ad and what speaks for it, for those who fit `weighing.yml`; None for the title of a
    public notice, and where nothing in it is known."""
    if post_of(title) or not (of_title := _of_title(title, "", slow=False)):
        return None
    groups, fullness = _weighed(of_title, context)
    return groups[0].code, _signs(groups, title, of_title, fullness)


def _concepts(
    model: Concepts, near: NDArray[np.int64], score: Floats, evidence: str
) -> tuple[Candidate, ...]:
    share = np.exp(score - score.max())
    share /= share.sum()
    return tuple(
        Candidate(model.codes[k], round(float(p), 3), evidence) for k, p in zip(near, share)
    )


def _evidence(words: list[str], model: Concepts, best: int) -> str:
    """The words of a title that bring it near its best concept."""
    goal = model.goals[best]
    likeness = [(w, float(model.space.word(w) @ goal)) for w in words[:12]]
    most = max(s for _, s in likeness)
    return " ".join(w for w, s in likeness if s >= 0.4 * most) or " ".join(words)


def _signs(
    ranked: Sequence[Candidate], title: str, of_title: _Title, fullness: float
) -> tuple[float, ...]:
    """What speaks for the first of a ranking, in the order of `Sureness` after its constant."""
    best = min(max(ranked[0].score, 1e-4), 1 - 1e-4)
    entry = exact(title)
    return (
        math.log(best / (1 - best)),
        fullness,
        float(arabic_share(title) >= _ARABIC),
        float(bool(entry and entry[0] == ranked[0].code)),
        of_title.likeness,
        math.log(1 + of_title.words),
    )


def _context(text: str) -> tuple[Floats, float] | None:
    """What the telling words of a text say of each unit group, and how full of them it is."""
    words = _telling(match_form(text))[:_PROFILE_WORDS]
    if not words:
        return None
    model, weights = concepts(), weighing()
    goals = model.goals @ model.space.phrase(words[:_TEXT_WORDS])
    near = np.argpartition(-goals, ranking.NEAREST)[: ranking.NEAREST].astype(np.int64)
    score = goals[near] / model.spread_of_goals
    chances = log_chances(near, score, _linear().scores(words[:_TEXT_WORDS]), weights.fast)
    like = _profiles() @ skills().space.phrase(words)
    like = (like - like.mean()) / max(float(like.std()), 1e-6)
    fullness = min(1.0, len(words) / _TELLING_WORDS)
    result: Floats = fullness * (weights.text * chances + weights.profile * like)
    return result, fullness


@cache
def _profiles() -> Floats:
    """For each unit group, the mean direction of the skills of its occupations, without what all
    groups have in common."""
    model, groups = concepts(), _group_of()
    profiles = np.zeros((len(_linear().codes), skills().space.size), np.float32)
    for code, group in zip(model.codes, groups):
        if group >= 0 and (vector := skills().profile(needs().of(code))) is not None:
            profiles[group] += vector
    profiles = unit(profiles)
    centred: Floats = unit(profiles - profiles.mean(axis=0))
    return centred


def _sought(text: str) -> tuple[Candidate, str] | None:
    """The entry of the lexicon that follows «we are looking for a ...» in a text, and its ESCO code."""
    form = match_form(text)[:1_200]
    if announcement := _SOUGHT.search(form):
        named = _lexicon().find(" ".join(form[announcement.end() :].split()[:12]))
        if named and named[0].start <= 4:
            code, esco = named[0].payload
            return Candidate(code, FLOOR, named[0].phrase), esco
    return None


def occupation_of(
    title: str, text: str, language: str = "", *, slow: bool = False
) -> tuple[list[Candidate], str]:
    """Ranked ISCO-08 candidates, best first, and the ESCO code of the best; ([], "") to abstain."""
    reading = read_title(title, text, language, slow=slow)
    if reading.sure:
        return list(reading.groups[:5]), esco_code(title, reading)
    if sought := _sought(text):
        return [sought[0]], sought[1]
    return [], ""


def esco_code(title: str, reading: Reading) -> str:
    """The ESCO occupation within the unit group chosen; empty when none is near."""
    entry = exact(title)
    if entry and entry[1]:
        return entry[1]
    chosen = reading.groups[0].code if reading.groups else "-"
    return next((c.code for c in reading.concepts if c.code.startswith(f"{chosen}.")), "")


def concept_uri(code: str) -> str:
    """The address of an ESCO occupation or ISCO group by its code; empty for an unknown one."""
    return _uris().get(code, "")


@cache
def _uris() -> dict[str, str]:
    return dict(zip(concepts().codes, concepts().uris))


def classify(ads: Sequence[AdWords]) -> Columns:
    """`occupation_of` for a batch of ads, in the language that each is written in."""
    every = [occupation_of(ad.title, ad.text, ad.code("language") or "und") for ad in ads]
    return {
        **coded("isco08", (groups[0] if groups else None for groups, _ in every)),
        "esco": [esco for _, esco in every],
    }
