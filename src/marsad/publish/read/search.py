"""One search over occupations, skills, places, trainings, indicators, services and ads, in every language.

What words ask is read first (`questions.read`), and only things of a kind that answers it are given: who
asks for a figure is given no ads, who asks for what is not published is given nothing of another kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from marsad.base import areas, codes
from marsad.base.labels import Text
from marsad.lake.search import Search
from marsad.products import declare
from marsad.products.matching.read import understood
from marsad.publish.read import lookups
from marsad.publish.read.lookups import Lookups
from marsad.publish.read.questions import read as questions
from marsad.publish.read.questions.read import LIKELY, SURE, Question
from marsad.publish.read.questions.vocabulary import UNPUBLISHED, services
from marsad.publish.read.trainings import TrainingPage, Trainings

KINDS = ("occupations", "areas", "skills", "trainings", "indicators", "services")
_ANSWERING: Mapping[str, tuple[str, ...]] = {
    questions.FIGURE: ("indicators", "areas", "services"),
    questions.PAY: ("indicators", "occupations", "areas", "services"),
    UNPUBLISHED: (),
    questions.SERVICES: ("services",),
    questions.TRAININGS: ("trainings", "occupations", "areas"),
    questions.ADS: ("occupations", "areas"),
    questions.OCCUPATIONS: ("occupations", "areas", "skills", "trainings"),
    questions.SKILLS: ("skills", "occupations", "trainings"),
    questions.AREAS: ("areas",),
    questions.WORDS: KINDS,
}
"""Kind of question -> kinds of things that answer it."""


_OF_ADS = (questions.ADS, questions.OCCUPATIONS, questions.SKILLS, questions.WORDS)
"""Kinds that ads answer too."""
_NAMED = (questions.ADS, questions.TRAININGS, questions.PAY)
"""Kinds in which an occupation is given only where it is named beyond doubt."""
_LOOSE = (questions.WORDS, questions.ADS, questions.OCCUPATIONS, questions.TRAININGS)
"""Kinds that give way where the words as they stand are the name of a skill."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that answers: its kind (KINDS), code and names; `evidence` is the words it rests on."""

    kind: str
    code: str
    name: Text
    evidence: str = ""
    synthetic: bool = False


def answering(question: Question) -> tuple[str, ...]:
    """The kinds of things that answer a question."""
    return _ANSWERING[question.kind]


def shows_ads(question: Question) -> bool:
    """Whether ads answer a question."""
    return bool(question.rest or question.area or question.filters) and question.kind in _OF_ADS


class Finder:
    """Finds things of one release by words."""

    def __init__(self, known: Lookups, ads: Search, trainings: Trainings) -> None:
        self._known, self._ads, self._trainings = known, ads, trainings

    def question(self, text: str, kind: str = "") -> Question:
        """What words ask, skills of the release included; `kind` where the place they are written in
        says it (the search for ads, or for trainings)."""
        question = questions.read(text, kind)
        if not kind and question.kind in _LOOSE and self._known.skill_words.named(text):
            return replace(question, kind=questions.SKILLS, rest=text)
        if question.kind == questions.WORDS and self._skills_read(question):
            return replace(question, kind=questions.SKILLS)
        return question

    def skill_named(self, question: Question) -> str:
        """The skill that the rest of a question names exactly; empty for none."""
        return self._known.skill_words.named(question.rest)

    def ad_keys(self, question: Question) -> list[str]:
        """Keys of ads that hold the words left of a question, best first, with slips of spelling
        forgiven where none holds them as written."""
        if not question.rest:
            return []
        return self._ads.keys(question.rest) or self._ads.keys(question.rest, slips=True)

    def answers(
        self, question: Question, limit: int = 5, courses: TrainingPage | None = None
    ) -> dict[str, list[Hit]]:
        """A few things of every kind that answers a question, best first; nothing of others. `courses`
        are its trainings where they were searched already."""
        hits: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
        for kind in answering(question):
            if kind == "trainings" and courses is not None:
                hits[kind] = _courses(courses)
            else:
                hits[kind] = self._of_kind(kind, question, limit)
        return hits

    def hits(self, kind: str, text: str, limit: int = 5) -> list[Hit]:
        """A few things of one of KINDS for words, best first, whatever they ask."""
        return self._of_kind(kind, questions.read(text), limit)

    def _of_kind(self, kind: str, question: Question, limit: int) -> list[Hit]:
        if kind == "occupations":
            return self._occupations(question, limit)
        if kind == "areas":
            return self._areas(question, limit)
        if kind == "skills":
            return [Hit(kind, c, self._known.skills[c]) for c in self.skills(question, limit)]
        if kind == "trainings":
            return _courses(self.trainings(question, limit))
        if kind == "indicators":
            return _indicators(question, limit)
        named = services().get(question.service)
        return [Hit(kind, question.service, named.name)] if named else []

    def _occupations(self, question: Question, limit: int) -> list[Hit]:
        isco = codes.codelist("isco08")
        least = SURE if question.kind in _NAMED else LIKELY
        evidence = {f.code: f.evidence for f in question.occupations if f.score >= least}
        codes_named = [*dict.fromkeys([*question.groups, *evidence])][:limit]
        hits = [Hit("occupations", c, isco[c], evidence.get(c, "")) for c in codes_named]
        wider = [c for c in lookups.occupations().find(question.rest) if len(c) < 4][:2]
        return hits + [Hit("occupations", c, isco[c]) for c in wider if question.rest]

    def _areas(self, question: Question, limit: int) -> list[Hit]:
        named = [question.area] if question.area else []
        if question.kind in (questions.AREAS, questions.WORDS):
            text = question.rest or question.text
            places = lookups.places()
            named += places.find(text) or ([] if named else places.like(text, limit))
        known = areas.areas()
        return [Hit("areas", c, known[c].name) for c in [*dict.fromkeys(named)][:limit]]

    def skills(self, question: Question, limit: int) -> list[str]:
        """The skills that the rest of a question names: by a label, then as the reader of skills
        reads it, then by what is spelt nearly so."""
        text = question.rest
        return (self._skills_read(question) or self._known.skill_words.like(text, limit))[:limit]

    def _skills_read(self, question: Question) -> list[str]:
        text, names = question.rest, self._known.skill_words
        if not text.strip():
            return []
        read = [code for phrase in understood(text) for code in phrase.codes]
        ranked: Iterable[str] = [names.named(text), *read, *names.find(text)]
        if question.activity:
            ranked = [*ranked, names.named(question.activity), *names.find(question.activity)]
        return [c for c in dict.fromkeys(ranked) if c in self._known.skills]

    def trainings(self, question: Question, limit: int) -> TrainingPage:
        """Trainings that answer a question; as `Trainings.search`."""
        return self._trainings.search(question, limit=limit)


def _courses(page: TrainingPage) -> list[Hit]:
    return [
        Hit("trainings", c["training"], {k: c["title"] for k in ("ar", "fr", "en")},
            c["provider"], c["synthetic"])
        for c in page.rows
    ]  # fmt: skip


def _indicators(question: Question, limit: int) -> list[Hit]:
    """The indicator asked for, then those of the same thing; without one those whose titles, then
    whose questions hold the words, the plainest first (by their order)."""
    every = declare.indicators()
    if question.indicator:
        subject = question.indicator.split("_")[0]
        chosen = [i for i in every if i.id == question.indicator]
        chosen += [i for i in every if i.id.split("_")[0] == subject and i not in chosen]
    else:
        text = question.rest or question.text
        titled, ranked = {*lookups.figure_titles().find(text)}, {*lookups.figures().find(text)}
        chosen = [i for i in every if i.id in titled]
        chosen += [i for i in every if i.id in ranked - titled]
    return [Hit("indicators", i.id, i.title) for i in chosen[:limit]]
