"""The answer to a question in words: the page, the API, the light page and text messages give the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from marsad.base.areas import COUNTRY
from marsad.base.declare import load_declaration
from marsad.base.labels import Text
from marsad.publish.read.model import Widened
from marsad.publish.read.questions import read as questions
from marsad.publish.read.questions.figures import Data, Figure, figures, nearest_to
from marsad.publish.read.questions.read import Question
from marsad.publish.read.questions.vocabulary import UNPUBLISHED, unpublished
from marsad.publish.read.search import Finder, Hit, answering
from marsad.publish.read.trainings import TrainingPage


class _Reasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    combination: Text
    by_occupation: Text


_REASONS = load_declaration(Path(__file__).with_name("answers.yml"), _Reasons)


@dataclass(frozen=True, slots=True)
class Answer:
    """What answers a question: `hits` by kind and, where a figure is asked, the `figures`. Where none is
    published as asked, `reason` says why and `nearest` holds what is near, each with what it lacks.
    `trainings` are the page behind the trainings of `hits`."""

    question: Question
    hits: Mapping[str, list[Hit]]
    figures: tuple[Figure, ...] = ()
    nearest: tuple[Figure, ...] = ()
    reason: Text | None = None
    trainings: TrainingPage | None = None

    @property
    def widened(self) -> tuple[Widened, ...]:
        """What the nearest figure gives up of the question."""
        if not self.nearest:
            return ()
        near, question = self.nearest[0], self.question
        parts = {**question.dimensions, "area": question.area or COUNTRY,
                 "period": question.period, "indicator": question.indicator or question.concept,
                 "occupation": next(iter(question.groups), "")}  # fmt: skip
        return tuple(
            Widened(name, parts.get(name, ""), str(getattr(near.value, name)))
            for name in near.without
        )


class Answers:
    """Answers over one release."""

    def __init__(self, data: Data, finder: Finder) -> None:
        self._data, self._finder = data, finder

    def answer(self, text: str, limit: int = 5) -> Answer:
        """The answer to words in any language, with a few things of every kind that answers."""
        question = self._finder.question(text)
        taught = "trainings" in answering(question)
        courses = self._finder.trainings(question, limit) if taught else None
        hits = self._finder.answers(question, limit, courses)
        if question.kind == UNPUBLISHED:
            gap = unpublished().get(question.concept)
            reason = gap.reason if gap else _REASONS.by_occupation
            return Answer(question, hits, (), tuple(nearest_to(self._data, question)), reason)
        if question.kind in (questions.FIGURE, questions.PAY):
            exact, nearest = figures(self._data, question)
            reason_text = None if exact else _REASONS.combination
            return Answer(question, hits, tuple(exact), tuple(nearest), reason_text)
        return Answer(question, hits, trainings=courses)

    def about_place(self, area: str) -> list[Figure]:
        """The figures told of a place when nothing else is asked of it: unemployment."""
        question = Question("", questions.FIGURE, indicator="unemployment_rate", area=area)
        exact, nearest = figures(self._data, question)
        return exact or nearest
