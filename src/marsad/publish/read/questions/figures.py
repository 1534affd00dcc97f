"""The published values that a question asks for; where there are none, those nearest to it.

A figure answers where its indicator, place, part of the population and year are those asked for. Where
none does, each of them is given up in turn (the year first, then the part of the population, then the
place for the one around it), and what was given up is told with the figure: it is never the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from marsad.base import areas
from marsad.base.areas import COUNTRY
from marsad.base.codes import TOTAL, codelist, names
from marsad.base.periods import end
from marsad.products import declare
from marsad.publish.read.model import DataQuery, DataResult, Value
from marsad.publish.read.questions.read import MONTH, OF_OCCUPATION, Question
from marsad.publish.read.questions.vocabulary import Nearest, indicators, unpublished

MOST, MOST_NEAREST = 6, 3
_GROUPS = ("sex", "age", "urbanisation", "education", "category", "adjustment", "occupation")
_ADULTS = (TOTAL, "Y_GE15")
_QUALIFYING = ("sex", "age", "urbanisation", "education", "occupation", "category")
_EVERYONE = (*_ADULTS, "N")
_FALLBACK = ("ILO_MODELLED", "RGPH2014")
"""Surveys that answer where a year is named, or no other does."""
_BY_OCCUPATION = tuple(map(Nearest, ("new_ads", "employment_by_sector", "employed_persons")))


class Data(Protocol):
    """What reads values: `Reader.data_many`."""

    def __call__(self, queries: Sequence[DataQuery]) -> list[DataResult]: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A published value; `without` names what of the question it does not answer (dimensions, `period`
    or `indicator`)."""

    value: Value
    without: tuple[str, ...] = ()

    @property
    def qualifiers(self) -> list[tuple[str, str]]:
        """(dimension, code) of the part of the population or of the values that is told: what is not of
        everyone, and what was given up."""
        codes = ((name, getattr(self.value, name)) for name in _QUALIFYING)
        return [(n, c) for n, c in codes if c not in _EVERYONE or n in self.without]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a question: an indicator with the codes asked for."""

    indicator: str
    area: str
    dimensions: dict[str, str]
    period: str = ""
    without: tuple[str, ...] = ()


def _query(reading: _Reading) -> DataQuery | None:
    """The question to the cube; None where the indicator is not told by what was asked."""
    declared = declare.indicator(reading.indicator)
    known = (*declared.dimensions, "survey")
    if reading.period == MONTH or any(name not in known for name in reading.dimensions):
        return None
    filters = {name: (code,) for name, code in reading.dimensions.items()}
    if category := reading.dimensions.get("category"):
        listed = [c for c in (category, f"sector_{category}") if c in _categories(declared)]
        if not listed:
            return None
        filters["category"] = (listed[0],)
    year = reading.period
    return DataQuery(
        reading.indicator, {**filters, "area": (reading.area,)}, start=year, end=year,
        latest=not year, limit=1000,
    )  # fmt: skip


def _categories(declared: declare.Indicator) -> Collection[str]:
    return codelist(declared.category_list) if declared.category_list in names() else ()


def _read(data: Data, readings: Sequence[_Reading]) -> list[list[Figure]]:
    """The figures of each reading, read at once; in their order."""
    queries = [_query(reading) for reading in readings]
    results = iter(data([query for query in queries if query is not None]))
    answers = []
    for reading, query in zip(readings, queries):
        rows = next(results).rows if query is not None else ()
        known = _plain([row for row in rows if row.value is not None], reading.dimensions)
        if "category" in reading.without and any(row.category != TOTAL for row in known):
            known = []  # one part is not nearer than another
        newest = _newest(known, reading.period)
        answers.append([Figure(row, reading.without) for row in newest[:MOST]])
    return answers


def _plain(rows: Sequence[Value], chosen: dict[str, str]) -> list[Value]:
    """Of the values, those of everyone in what was not asked for; every category where there is no
    total of them."""
    for name in _GROUPS:
        if name in chosen:
            continue
        codes = {getattr(row, name) for row in rows}
        if name == "adjustment" and len(codes) > 1 and (usual := _usual_adjustment(rows[0], codes)):
            rows = [row for row in rows if row.adjustment == usual]
            continue
        totals = [c for c in (_ADULTS if name == "age" else (TOTAL, "N")) if c in codes]
        if totals:
            rows = [row for row in rows if getattr(row, name) in totals]
        elif name in ("occupation", "education"):
            return []
    return [*rows]


def _usual_adjustment(row: Value, codes: Collection[str]) -> str:
    """The adjustment that an indicator shows by default, of those that occur."""
    default = declare.indicator(row.indicator).default.get("adjustment", "")
    return next((c for c in (default, "S", "N") if c in codes), "")


def _newest(rows: Sequence[Value], year: str) -> list[Value]:
    """The newest period of each survey, a year before a quarter that ends with it; surveys by how new
    they are, those that only fill in left out where others answer."""
    by_survey: dict[str, list[Value]] = {}
    for row in rows:
        by_survey.setdefault(row.survey, []).append(row)
    if not year and (first := [s for s in by_survey if s not in _FALLBACK]):
        by_survey = {survey: by_survey[survey] for survey in first}
    if "ADS" in by_survey:
        by_survey.pop("ADS_SYNTHETIC", None)
    chosen = []
    for of_survey in by_survey.values():
        last = max((end(row.period), -len(row.period), row.period) for row in of_survey)[2]
        newest = [row for row in of_survey if row.period == last]
        chosen.append(sorted(newest, key=lambda row: -(row.value or 0.0)))
    chosen.sort(key=lambda of: (of[0].survey in _FALLBACK, of[0].survey.startswith("RGPH")))
    return [row for of_survey in chosen for row in of_survey]


def _given_up(reading: _Reading) -> Iterator[_Reading]:
    """Readings of a question that give something up, the nearest first."""
    if reading.period:
        yield replace(reading, period="", without=("period",))
    latest = replace(reading, period="", without=("period",) if reading.period else ())
    for area in areas.above(reading.area):
        yield replace(latest, area=area, without=(*latest.without, "area"))
    wider = [*_wider_occupations(latest)]
    yield from wider
    for narrow in (latest, *wider):
        for name in narrow.dimensions:
            if name != "occupation":
                rest = {n: c for n, c in narrow.dimensions.items() if n != name}
                yield replace(narrow, dimensions=rest, without=(*narrow.without, name))
    for broad in wider:
        if broad.area != COUNTRY:
            yield replace(broad, area=COUNTRY, without=(*broad.without, "area"))
    others = {a: n.persons for a, n in indicators().items()}
    if rate := next((a for a, persons in others.items() if persons == reading.indicator), ""):
        yield replace(latest, indicator=rate, without=(*latest.without, "indicator"))
    if reading.dimensions:
        gone = (*latest.without, *reading.dimensions)
        for area in (reading.area, *areas.above(reading.area)):
            more = (*gone, "area") if area != reading.area else gone
            yield replace(latest, area=area, dimensions={}, without=more)


def _wider_occupations(reading: _Reading) -> Iterator[_Reading]:
    code = reading.dimensions.get("occupation", "")
    for digits in range(len(code) - 1, 1, -1):
        groups = {**reading.dimensions, "occupation": code[:digits]}
        yield replace(reading, dimensions=groups, without=(*reading.without, "occupation"))


def _of_question(question: Question) -> _Reading:
    groups = dict(question.dimensions)
    if groups.get("survey") == "RGPH2024" and question.period == "2014":
        groups["survey"] = "RGPH2014"
    if question.groups:
        groups["occupation"] = question.groups[0]
    return _Reading(question.indicator, question.area or COUNTRY, groups, question.period)


def figures(data: Data, question: Question) -> tuple[list[Figure], list[Figure]]:
    """The figures that answer a question about one indicator, and where there are none the
    MOST_NEAREST that are nearest to it, each with what it does not answer."""
    reading = _of_question(question)
    if answering := _read(data, [reading])[0]:
        return answering, []
    nearest: list[Figure] = []
    for some in _read(data, [*_given_up(reading)]):
        values = [figure.value for figure in nearest]
        nearest += [figure for figure in some[:1] if figure.value not in values]
    return [], nearest[:MOST_NEAREST]


def nearest_to(data: Data, question: Question) -> list[Figure]:
    """The figures nearest to what is not published, of the place asked for or the one around it."""
    gap = unpublished().get(question.concept)
    near = gap.nearest if gap else _BY_OCCUPATION if question.concept == OF_OCCUPATION else ()
    place = question.area or COUNTRY
    readings = []
    for each in near:
        groups = {n: c for n in ("sex", "age", "education", "category") if (c := getattr(each, n))}
        for area in (place, *areas.above(place)):
            without = ("indicator",) if area == place else ("indicator", "area")
            readings.append(_Reading(each.indicator, area, groups, without=without))
    chosen: dict[str, Figure] = {}
    for some in _read(data, readings):
        for figure in some[:1]:
            chosen.setdefault(figure.value.indicator, figure)
    return [*chosen.values()]
