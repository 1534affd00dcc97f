"""One search over occupations, skills, places, trainings, indicators and ads, in every language.

Words are read for what they mean (an occupation by `products.finding`, a skill or a place by its
names), so that a question in one language finds what is written in the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marsad.base import areas, codes
from marsad.base.labels import Text
from marsad.base.text import fold, match_form, words
from marsad.lake.search import Search
from marsad.products import declare
from marsad.products.occupations.search import RankedGroup, occupations
from marsad.publish.read import lookups
from marsad.publish.read.lookups import Lookups

SURE, LIKELY = 0.75, 0.3
"""From which score an occupation is taken to be meant, so that ads coded so answer the words; and
from which it is shown."""
_LONGEST_PLACE = 4
_LINKING = frozenset(["a", "au", "aux", "en", "in", "at", "de", "du", "des", "la", "le", "les", "f", "fi", "في", "ب", "ف"])  # fmt: skip
_ASKING = frozenset(
    fold(word)
    for word in """je j cherche recherche recherchons cherchons veux voudrais trouver besoin travail travailler
    emploi emplois job jobs poste offre offres recrutement recrute annonce annonces comme tant que un une d l urgent
    i am looking for want wanted work working vacancy vacancies hiring as an need position
    أبحث ابحث نبحث باحث باحثة عن عمل وظيفة وظائف شغل مطلوب مطلوبة فرصة فرص إعلان عرض عروض أريد محتاج محتاجين
    بغيت نخدم خدمة خدام كنقلب نقلب قلبت على شي ديال خاصني خاصنا
    bghit nkhdem nkhdm khdma khedma khadma kan9leb kanqleb n9leb nqleb 3la ala chi dyal khassni khassna
    wa7ed wahed bhal""".split()
)
"""Words by which a person asks for work, before the work itself is named."""
KINDS = ("occupations", "areas", "skills", "trainings", "indicators")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its kind (KINDS), code and names; `evidence` is the words it rests on."""

    kind: str
    code: str
    name: Text
    evidence: str = ""
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words mean: `rest` is what is left of them without the place `area` (a code or empty);
    nothing where they are a place and no more."""

    text: str
    rest: str
    area: str
    occupations: tuple[RankedGroup, ...]
    skill: str

    @property
    def groups(self) -> tuple[str, ...]:
        """The unit groups meant beyond doubt."""
        best = self.occupations[0].score if self.occupations else 0.0
        return tuple(f.code for f in self.occupations[:3] if f.score >= max(SURE, 0.7 * best))


class Finder:
    """Finds things of one release by words."""

    def __init__(self, known: Lookups, ads: Search) -> None:
        self._known = known
        self._ads = ads

    def meaning(self, text: str) -> Meaning:
        """What words mean. A place is taken out where other words are left."""
        if whole := lookups.places().named(text):
            return Meaning(text, "", whole, (), "")
        area, rest = place_named(text)
        candidates, rest = _work(rest)
        return Meaning(text, rest, area, candidates, self._known.skill_words.named(rest))

    def ads(self, text: str) -> tuple[list[str], Meaning]:
        """Keys of ads that hold the words, best first, with slips of spelling forgiven where none
        holds them as written; and what the words mean, for ads coded so."""
        meaning = self.meaning(text)
        query = meaning.rest or text
        return self._ads.keys(query) or self._ads.keys(query, slips=True), meaning

    def hits_by_kind(self, text: str, limit: int = 5) -> dict[str, list[Hit]]:
        """A few things of every kind of KINDS for words in any language, best first."""
        meaning = self.meaning(text)
        rest = meaning.rest if meaning.rest.strip() else text
        isco = codes.codelist("isco08")
        jobs = [
            Hit("occupations", f.code, isco[f.code], f.evidence)
            for f in meaning.occupations[:limit]
            if f.score >= LIKELY
        ]
        wider = [c for c in lookups.occupations().find(rest) if len(c) < 4][:2]
        place = areas.areas()
        courses, _ = self._known.trainings(rest, "", "", limit, 0)
        return {
            "occupations": [*jobs, *(Hit("occupations", c, isco[c]) for c in wider)],
            "areas": [Hit("areas", c, place[c].name) for c in self._places(meaning, limit)],
            "skills": self._hits("skills", self._known.skill_words, self._known.skills, rest, limit),
            "trainings": [
                Hit("trainings", c["training"], {k: c["title"] for k in ("ar", "fr", "en")},
                    c["provider"], c["synthetic"])
                for c in courses
            ],
            "indicators": _figures(_figure_words(rest), limit),
        }  # fmt: skip

    def _places(self, meaning: Meaning, limit: int) -> list[str]:
        named = [meaning.area] if meaning.area else []
        ranked = lookups.places().find(meaning.text) or lookups.places().like(meaning.text, limit)
        return [*dict.fromkeys([*named, *ranked])][:limit]

    @staticmethod
    def _hits(
        kind: str, known: lookups.Words, names: Mapping[str, Text], text: str, limit: int
    ) -> list[Hit]:
        ranked: Iterable[str] = known.find(text) or known.like(text, limit)
        return [Hit(kind, code, names[code]) for code in [*ranked][:limit]]


def _figures(text: str, limit: int) -> list[Hit]:
    """The indicators whose titles, then whose questions hold the words of the text, the plainest first
    (by their order): who asks for «chômage» is given the rate before a ratio of rates."""
    known = lookups.figures()
    titled, ranked = {*lookups.figure_titles().find(text)}, {*known.find(text)}
    every = [i for i in declare.indicators() if i.id in titled]
    every += [i for i in declare.indicators() if i.id in ranked - titled]
    if not every:
        by_code = {i.id: i for i in declare.indicators()}
        every = [by_code[code] for code in known.like(text, limit)]
    return [Hit("indicators", i.id, i.title) for i in every[:limit]]


def _work(text: str) -> tuple[tuple[RankedGroup, ...], str]:
    """The occupations that words name, and the words; where they name none beyond doubt, words that
    only ask for work («je cherche un poste de …») are taken off the front."""
    candidates = tuple(occupations(text))
    if candidates and candidates[0].score >= SURE:
        return candidates, text
    terms = words(text)
    while terms and fold(terms[0]) in _ASKING | _LINKING:
        terms = terms[1:]
    shorter = tuple(occupations(" ".join(terms)))
    if shorter and (not candidates or shorter[0].score > candidates[0].score):
        return shorter, " ".join(terms)
    return candidates, text


def _figure_words(text: str) -> str:
    """Of words that ask for a figure, those that titles and questions of figures hold: «chômage des
    jeunes» asks for unemployment, which is told by age there. The words as they are where none is."""
    known = lookups.figures()
    if known.find(text):
        return text
    named = [word for word in words(text) if len(match_form(word)) > 3 and known.find(word)]
    return next(
        (" ".join(named[:n]) for n in range(len(named), 0, -1) if known.find(" ".join(named[:n]))),
        text,
    )


def place_named(text: str) -> tuple[str, str]:
    """The place named in a text of several words, by its longest name, and the text without it."""
    terms = words(text)
    for length in range(min(_LONGEST_PLACE, len(terms) - 1), 0, -1):
        for start in range(len(terms) - length, -1, -1):
            part = " ".join(terms[start : start + length])
            code = lookups.places().named(part) if len(match_form(part)) >= 3 else ""
            if code and areas.areas()[code].level != "country":
                before = terms[:start]
                while before and fold(before[-1]) in _LINKING:
                    before = before[:-1]
                rest = [*before, *terms[start + length :]]
                return (code, " ".join(rest)) if rest else ("", text)
    return "", text
