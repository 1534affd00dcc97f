"""Trainings of a release by what a question asks: words of their title, the occupation they lead to, the
place. Where none is there the place is widened, and the answer says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marsad.base import areas
from marsad.base.records import Row
from marsad.base.text import match_form
from marsad.lake.mart import Mart
from marsad.publish.read.lookups import TRAINING, training_columns
from marsad.publish.read.model import Widened
from marsad.publish.read.questions.read import Question
from marsad.publish.read.questions.vocabulary import is_idle, spoken

_TITLED, _LEADS = 4, 2
_STEM, _FEWEST = 0.55, 4
"""Share of a word's letters that its family shares, and the fewest (plomberie, plombier)."""


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """One page of trainings (columns TRAINING), how many there are, what was asked and what widened."""

    rows: list[Row]
    total: int
    question: Question | None
    widened: tuple[Widened, ...] = ()


def widening(area: str) -> Iterator[str]:
    """An area, then those around it of levels that ads and trainings have; at last everywhere."""
    if area:
        yield from (code for code in (area, *areas.above(area)) if code != areas.COUNTRY)
    yield ""


class Trainings:
    """The trainings of one release."""

    def __init__(self, mart: Mart) -> None:
        self._mart = mart

    def search(
        self,
        question: Question | None,
        field: str = "",
        area: str = "",
        limit: int = 5,
        offset: int = 0,
    ) -> TrainingPage:
        """Trainings for a question (None: all), of a field of education (ISCED-F, any length), in an
        area that was chosen (never widened) or that the question names. None in a release of an
        earlier version. NotFoundError for an unknown area."""
        if not self._mart.holds("courses"):
            return TrainingPage([], 0, question)
        named = "" if area else _taught(question.area if question else "")
        place = _taught(areas.area(area).code if area else named)
        readings = _readings(question)
        places = tuple(widening(place)) if named else (place,)
        for reading, at in ((r, p) for r in readings for p in places):
            rows = self._page(reading, field, at, limit, offset)
            if rows:
                break
        total = rows[0]["whole"] if rows else 0
        loose = bool(total) and len(readings) > 1 and reading is readings[-1]
        other = _given_up(question, rows[0], loose) if question and total and reading[0] else None
        widened = [other] if other else []
        widened += [Widened("area", named, at)] if total and at != place else []
        listed = [{name: row[name] for name in TRAINING} for row in rows]
        return TrainingPage(listed, total, question, tuple(widened))

    def _page(self, reading: _Reading, field: str, area: str, limit: int, offset: int) -> list[Row]:
        rank, parameters = _rank(*reading)
        return self._mart.rows(
            f"select {training_columns(self._mart)}, {rank} as rank, count(*) over () as whole from courses"
            " where rank > 0 and starts_with(coalesce(isced_f, ''), ?) and (? in ('', region, province))"
            " order by rank desc, list_position(?::varchar[], isco08) nulls last, year desc nulls last,"
            " title, training limit ? offset ?",
            [*parameters, field, area, list(reading[1]), limit, offset],
        )


def _given_up(question: Question, first: Row, loose: bool) -> Widened | None:
    """That the best training does not hold the words in its title, and what it answers by instead."""
    if loose:
        return Widened("words", question.rest, "")
    if first["rank"] >= _TITLED:
        return None
    if first["rank"] >= _LEADS:
        return Widened("words", question.rest, str(first["isco08"]))
    return Widened("field", question.rest, str(first["isced_f"] or ""))


def _taught(area: str) -> str:
    """The province of a commune, for no training says its commune; other areas as they are."""
    level = areas.areas()[area].level if area else ""
    return next(areas.above(area)) if level == "commune" else area


_Reading = tuple[tuple[str, ...], tuple[str, ...]]
"""The beginnings of words that a training must hold, or the unit groups that it may lead to."""


def _readings(question: Question | None) -> list[_Reading]:
    """A question as its words or its first occupation, then as the words of its activity or another of
    its occupations, then as the families of its words."""
    typed = match_form(question.rest).split()[:12] if question else []
    terms = tuple(word for word in typed if not is_idle(spoken(word))) or tuple(typed)
    if not question or not terms:
        return [((), ())]
    readings = [(terms, question.groups[:1])]
    if question.activity:
        readings.append((tuple(match_form(question.activity).split()), question.groups))
    readings.append((terms, question.groups))
    families = (word[: max(_FEWEST, round(_STEM * len(word)))] for word in terms)
    return [*readings, (tuple(families), ())]


def _rank(terms: tuple[str, ...], groups: tuple[str, ...]) -> tuple[str, list[object]]:
    """How well a training answers, as SQL with its parameters: 4 for every word in its title, 2 for
    its occupation, 1 for every word in it, its provider or field; 0 not at all."""
    if not terms:
        return "1", []
    # `words` begins with the title, in nearly as many letters; the provider and the field follow.
    holds = " and ".join("contains(' ' || words, ?)" for _ in terms)
    titled = " and ".join("strpos(' ' || words, ?) between 1 and length(title)" for _ in terms)
    leads = "coalesce(isco08, '') in (select unnest(?::varchar[]))"
    begun = [f" {word}" for word in terms]
    parameters: list[object] = [*begun, list(groups), *begun]
    return f"(4 * ({titled})::int + 2 * ({leads})::int + ({holds})::int)", parameters
