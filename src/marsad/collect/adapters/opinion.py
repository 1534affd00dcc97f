"""Surveys of employers' opinion: the form (XLSForm) with the answers that ODK, Kobo or LimeSurvey export.

Of each question whose choices are a scale (`scales` of source.yml) come three counts: those who answered,
those on its positive side and those on its negative one, for the country, by region and by sector where
the form asks them. Free text and questions of several answers are not read, and no row of an answer is
stored, set aside or quoted. Where the answers stand:

    ODK         xml values, headings group-question, SubmissionDate, KEY
    Kobo        xml values or labels, headings group/question, _submission_time, _id, _validation_status
    LimeSurvey  codes or full answers, headings CODE, «CODE. Question» or the question, submitdate, id
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from marsad.base.areas import COUNTRY, aliases, at_level
from marsad.base.codes import TOTAL, UNKNOWN
from marsad.base.dates import impossible, parse_date
from marsad.base.errors import InputError
from marsad.base.periods import frequency, month_of, parse_period
from marsad.base.records import Broken, Observation
from marsad.base.tables import read_sheets
from marsad.base.text import fold
from marsad.base.workbook import OLE, ZIP, Cells, read_workbook
from marsad.collect.context import Context, Payload
from marsad.collect.register import Source
from marsad.collect.xlsform import Form, Question, category, is_form, read_form

ANSWERS, POSITIVE, NEGATIVE = "opinion_answers", "opinion_positive", "opinion_negative"
_DAYS = ("end", "_submission_time", "submissiondate", "submitdate", "today", "startdate", "start", "datestamp")  # fmt: skip
_KEYS = ("meta/instanceid", "meta-instanceid", "_uuid", "key", "_id", "id", "response id")
_REFUSED = {"_validation_status": ("notapproved",), "reviewstate": ("rejected",)}
_NEVER = dt.date(1980, 1, 1)  # LimeSurvey's day of an answer that it gives no day
_NOT_KEPT = "the row is of a respondent: it is not kept"
_SIDES = {"positive": 1, "neutral": 0, "negative": -1}


@dataclass(frozen=True)
class Column:
    """A question as a file answers it: its column, and what each answer means, folded: a side of the scale
    (None: no opinion), or a code."""

    question: Question
    place: int
    meaning: Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """A row of answers, of a file."""

    ctx: Context
    file: str
    row: int
    cells: Cells

    def code(self, column: Column | None) -> object:
        """What the answer to a question means: a code or side; `_U` where it is empty or unknown, '' where
        nothing was asked."""
        if column is None:
            return ""
        answer = _word(self.cells[column.place])
        if answer and answer not in column.meaning:
            rule = f"{column.question.name}: an answer is none of its choices: not counted"
            self.ctx.warn(rule, file=self.file, row=self.row)
        return column.meaning.get(answer, UNKNOWN)


def scale(question: Question, scales: Sequence[Mapping[str, list[str]]]) -> dict[str, int | None]:
    """Choice -> 1, 0 or -1, None for no opinion, by the first declared scale that holds every choice of the
    question by its name, else by its labels; empty where none does."""
    for declared in scales:
        side = {_word(w): _SIDES.get(name) for name, words in declared.items() for w in words}
        sides: dict[str, int | None] = {}
        for choice in question.choices:
            words = map(_word, (choice.name, *choice.labels.values()))
            known = [side[word] for word in words if word in side]
            if not known or any(other != known[0] for other in known):
                break
            sides[choice.name] = known[0]
        if len(sides) == len(question.choices) and {1, -1} <= set(sides.values()):
            return sides
    return {}


def _word(text: object) -> str:
    """An answer as it is compared: folded, but with the sign of a number, and signs alone as they are."""
    plain = str("" if text is None else text).strip()
    folded = fold(plain)
    return f"-{folded}" if plain[:1] in ("-", "\u2212") and folded.isdecimal() else folded or plain


@cache
def regions() -> Mapping[str, str]:
    """Name of a region, its code or that of the HCP, folded -> its code."""
    named: dict[str, str] = {}
    for area in at_level("region"):
        words = (area.code, area.hcp_code, *area.name.values(), *aliases().get(area.code, ()))
        named |= {fold(word): area.code for word in words}
    return named


def collect(ctx: Context) -> Iterator[Observation]:
    """The counts of every period. InputError: no form or two, no answers, no question with a scale."""
    forms: list[Payload] = []
    files: list[Payload] = []
    for payload in ctx.payloads:
        book = payload.data[:4] in (ZIP, OLE)
        (forms if book and is_form(read_workbook(payload.data)[0]) else files).append(payload)
    if len(forms) != 1 or not files:
        raise InputError(f"source {ctx.spec.id} reads a form (XLSForm) together with its answers")
    form = read_form(forms[0].data, next(iter(ctx.spec.languages), "fr"))
    scales = [q for q in form.questions if scale(q, ctx.spec.options["scales"])]
    if not scales:
        raise InputError("no question's choices are a scale of the source", file=forms[0].name)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    seen: set[str] = set()
    for payload in files:
        _count(ctx, form, scales, payload, counts, seen)
    names = f"{forms[0].name}, {len(seen):,} answers"
    for (indicator, period, area, code), n in sorted(counts.items()):
        yield Observation(
            indicator=indicator,
            freq=frequency(period),
            period=period,
            area=area,
            survey=str(ctx.spec.options["survey"]),
            age=TOTAL,
            category=code,
            source_id=ctx.spec.id,
            value=float(n),
            unit="NB",
            source=names,
            verification="one_source",
            synthetic=ctx.spec.synthetic,
        )


def _count(
    ctx: Context,
    form: Form,
    scales: Sequence[Question],
    payload: Payload,
    counts: Counter[tuple[str, str, str, str]],
    seen: set[str],
) -> None:
    """Add the answers of a file to the counts, by (measure, period, area, category)."""
    lines = read_sheets(payload.data).sheets[0].lines
    if not lines or isinstance(lines[0], Broken):
        raise InputError("the file has no heading", file=payload.name)
    heading = [str(cell or "").strip() for cell in lines[0]]
    columns = _columns(form, heading)
    every = ctx.spec.options["scales"]
    scaled = [_column(q, columns[q.name], scale(q, every)) for q in scales if q.name in columns]
    if not scaled:
        raise InputError("no column is a question of the form", file=payload.name)
    for question in scales:
        if question.name not in columns:
            ctx.warn(f"question {question.name!r} has no column", file=payload.name)
    region = _one(ctx, form, columns, "region")
    sector = _one(ctx, form, columns, "sector")
    place = {name.lower(): i for i, name in reversed(list(enumerate(heading)))}
    for number, cells in enumerate(lines[1:], 2):
        try:
            line = _whole(cells, len(heading))
            period, key = _when(ctx, place, line)
        except InputError as error:  # its row is of a respondent: only its number is told
            ctx.reject(InputError(error.rule, file=payload.name, row=number), _NOT_KEPT)
            continue
        key = key or f"{payload.sha256}:{number}"
        if key in seen:
            ctx.warn("an answer stands twice: counted once", file=payload.name, row=number)
            continue
        seen.add(key)
        of = Answer(ctx, payload.name, number, line)
        for place_of, side in _cells(of, scaled, region, sector):
            counts[ANSWERS, period, *place_of] += 1
            counts[POSITIVE, period, *place_of] += side == 1
            counts[NEGATIVE, period, *place_of] += side == -1


def _cells(
    answer: Answer, columns: Sequence[Column], region: Column | None, sector: Column | None
) -> Iterator[tuple[tuple[str, str], object]]:
    """The (area, category) in which an answer counts, with the side that it takes there."""
    area, part = answer.code(region), answer.code(sector)
    for column in columns:
        side, name = answer.code(column), column.question.name
        if side in (None, UNKNOWN):
            continue
        yield (COUNTRY, category(name)), side
        if area not in ("", UNKNOWN):
            yield (str(area), category(name)), side
        if part:
            yield (COUNTRY, category(name, str(part))), side


def _columns(form: Form, heading: Sequence[str]) -> dict[str, int]:
    """Question -> the column that holds its answers: by name, by groups and name, as «CODE. Question» or
    «CODE[...]», or by its label."""
    columns: dict[str, int] = {}
    for question in form.questions:
        paths = {sign.join(question.path).lower() for sign in "/-."} | {question.name.lower()}
        labels = {fold(label) for label in question.labels.values()}
        for i, name in enumerate(heading):
            head = name.lower()
            spelled = head in paths or head.startswith(
                (f"{question.name.lower()}. ", f"{question.name.lower()}: ")
            )
            if spelled or fold(name) in labels:
                columns.setdefault(question.name, i)
    return columns


def _column(question: Question, column: int, codes: Mapping[str, object]) -> Column:
    """A question with the meaning of each answer by its label and by its name, which goes before."""
    named = {_word(c.name): codes[c.name] for c in question.choices}
    labelled = {_word(w): codes[c.name] for c in question.choices for w in c.labels.values()}
    return Column(question, column, labelled | named)


def sector_question(spec: Source, form: Form) -> Question | None:
    """The question of a form by which its answers are told apart by sector; None where it asks none."""
    return _named(spec, form, "sector")


def _named(spec: Source, form: Form, what: str) -> Question | None:
    names = {fold(name) for name in spec.options[what]}
    return next((q for q in form.questions if fold(q.name) in names), None)


def _one(ctx: Context, form: Form, columns: Mapping[str, int], what: str) -> Column | None:
    """The question that asks the region or the sector, by the names that the source declares; None for a form
    that asks none."""
    names = {fold(name) for name in ctx.spec.options[what]}
    asking = [q for q in form.questions if fold(q.name) in names]
    question = next((q for q in asking if q.name in columns), None)
    if question is None:
        if asking:
            ctx.warn(f"question {asking[0].name!r} has no column: nothing is counted by {what}")
        return None
    if what == "sector":
        codes: dict[str, object] = {c.name: c.name for c in question.choices}
    else:
        codes = {c.name: _region(c.name, *c.labels.values()) for c in question.choices}
    return _column(question, columns[question.name], codes)


def _region(*words: str) -> str:
    return next((regions()[fold(word)] for word in words if fold(word) in regions()), UNKNOWN)


def _whole(line: Cells | Broken, width: int) -> Cells:
    if isinstance(line, Broken) or len(line) < width:
        raise InputError("the row does not fit the heading")
    return line


def _when(ctx: Context, place: Mapping[str, int], line: Cells) -> tuple[str, str]:
    """The period of an answer, and what names it, '' for nothing. InputError: not finished, not accepted, or of
    no day."""
    for name, words in _REFUSED.items():
        if name in place and any(w in _plain(line[place[name]]) for w in words):
            raise InputError("the answer was not accepted by who checks the survey")
    if "submitdate" in place and line[place["submitdate"]] in (None, ""):
        raise InputError("the answer was not finished")
    key = next((str(line[place[k]]) for k in _KEYS if k in place and line[place[k]]), "")
    if given := ctx.options.get("period"):
        return parse_period(str(given)), key
    for name in _DAYS:
        cell = line[place[name]] if name in place else None
        day = parse_date(cell, today=ctx.today)
        if day and day != _NEVER:
            if fault := impossible(day, today=ctx.today):
                raise InputError(f"the day of the answer cannot be: {fault}")
            return _period(day, str(ctx.spec.options["period"])), key
    raise InputError("the answer bears no day: say its period with --set period=2026-Q3")


def _plain(cell: object) -> str:
    return fold(str(cell or "")).replace(" ", "").replace("_", "")


def _period(day: dt.date, kind: str) -> str:
    month = month_of(day)
    return {"A": month[:4], "Q": f"{day.year:04d}-Q{(day.month + 2) // 3}"}.get(kind, month)
