"""What a question asks: its kind, indicator, occupation, place, part of the population, year.

Phrases of the vocabulary, titles of occupations, places and years are found in the words, the longest
first; what is left is `rest`. The kind follows from what is there (see `_kind`). Nothing is guessed: a
word that was not read stays in `unread`, and who answers says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from marsad.base import areas
from marsad.base.codes import codelist
from marsad.base.text import fold, match_form, words
from marsad.products import declare
from marsad.products.occupations.search import RankedGroup, occupations
from marsad.publish.read import lookups
from marsad.publish.read.questions.place import place
from marsad.publish.read.questions.spans import Span, spans_of
from marsad.publish.read.questions.vocabulary import (
    ACTIVITY,
    INDICATOR,
    OCCUPATION,
    SERVICE,
    SIGNAL,
    STATE,
    UNPUBLISHED,
    Meaning,
    activities,
    ad_filters,
    corrected,
    dimensions,
    indicators,
    is_idle,
    phrases,
    town,
)

FIGURE, PAY, ADS, TRAININGS, SERVICES = "figure", "pay", "ads", "trainings", "service"
OCCUPATIONS, SKILLS, AREAS, WORDS = "occupations", "skills", "areas", "words"
KINDS = (FIGURE, PAY, UNPUBLISHED, SERVICES, TRAININGS, ADS, OCCUPATIONS, SKILLS, AREAS, WORDS)
"""Kinds of question; WORDS where nothing says which."""
SURE, LIKELY = 0.75, 0.3
"""From which score an occupation is taken to be meant, so that ads coded so answer the words; and
from which it is shown."""
PAY_INDICATOR, OF_OCCUPATION = "wage_offered", "by_occupation"
MONTH = "month"
"""The period of who asks for this month, this week or today."""
REGION, OPEN_ADS, OUTLOOK = "region", "open_ads", "unemployment_outlook"
_TURNED = {
    "unemployment": {"why": "unemployment_decomposition", "time": "unemployment_duration"},
    "unemployed": {"why": "unemployment_decomposition", "time": "unemployment_duration"},
    "employment": {"why": "employment_decomposition"},
}
"""Subject of an indicator -> the indicator for who asks why it changed, or how long it lasts."""
UNSUPPORTED, RANK = Meaning(SIGNAL, "unsupported"), Meaning(SIGNAL, "rank")
"""What people ask of ads and no filter tells, and who comes first: they are named as not read."""
_ALIKE = 65
"""Likeness of spelling (per cent) from which a word is one by which a trade was named."""
BY_CATEGORY = {
    "employed": ("employment_by_sector", "status_in_employment"),
    "employment": ("employment_by_sector", "status_in_employment"),
    "unemployment": ("unemployment_structure",),
    "unemployed": ("unemployment_structure",),
}
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
"""Vowel signs and lengthening of Arabic, which would cut words."""
_QUARTER = re.compile(r"[tq]([1-4])")
_QUARTER_OF = re.compile(r"((?:19|20)\d\d)[tq]([1-4])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS = {INDICATOR, STATE, "sex", "age", "urbanisation", "education", "category", "survey"}
_USED = {
    FIGURE: _PARTS | {SERVICE},
    PAY: {INDICATOR, SERVICE},
    UNPUBLISHED: _PARTS | {UNPUBLISHED},
    SERVICES: {SERVICE, INDICATOR, UNPUBLISHED},
    TRAININGS: set(),
    ADS: {"contract", "working_time", "remote"},
}
"""Kind -> classes of phrases that it answers; those of others are words like any other."""


@dataclass(frozen=True, slots=True)
class Question:
    """What words ask.

    `kind` is of KINDS. `indicator` with `dimensions` (dimension -> code) for figures; `area` a code or
    empty; `period` a year, a quarter, MONTH or empty; `filters` of ads; `concept` the name of a service
    or of what is not published; `service` a service named beside. `rest` is what is left without those
    and the words that only ask; `occupations`, `activity` (a name of `vocabulary.activities`) and
    `unread` are of it.
    """

    text: str
    kind: str
    rest: str = ""
    indicator: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    area: str = ""
    period: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    concept: str = ""
    occupations: tuple[RankedGroup, ...] = ()
    activity: str = ""
    service: str = ""
    unread: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """The unit groups meant beyond doubt."""
        best = self.occupations[0].score if self.occupations else 0.0
        sure = [f.code for f in self.occupations[:3] if f.score >= max(SURE, 0.7 * best)]
        does = activities()[self.activity].groups.split() if self.activity else []
        return tuple(dict.fromkeys([*sure, *does]))


def _year(terms: Sequence[str]) -> tuple[str, int]:
    """The last year named and where; empty and -1 where none is."""
    for at in range(len(terms) - 1, -1, -1):
        if _YEAR.fullmatch(fold(terms[at])):
            return fold(terms[at]), at
    return "", -1


def _quarter(terms: Sequence[str], spans: Sequence[Span]) -> tuple[str, set[int]]:
    """The quarter named (T3, Q3, troisième trimestre, الفصل الثالث) and the words that name it."""
    for at, term in enumerate(terms):
        if match := _QUARTER.fullmatch(fold(term)):
            return match[1], {at}
    named = [
        (m.code[-1], s) for s in spans for m in s.of({SIGNAL}) if m.code.startswith("quarter_")
    ]
    return (named[0][0], set(range(named[0][1].start, named[0][1].end))) if named else ("", set())


def read(text: str, kind: str = "") -> Question:
    """What a question asks; see `Question`. `kind` (ADS or TRAININGS) where it is known beforehand."""
    terms = words(_MARKS.sub("", text))
    if whole := lookups.places().named(text):
        return Question(text, kind or AREAS, area=town(whole))
    forms = [corrected(match_form(term)) if match_form(term) else "" for term in terms]
    spans = spans_of(forms)
    period, year_at = _year(terms)
    firm = [s for s in spans if not s.of({SIGNAL, OCCUPATION, ACTIVITY})]
    taken = frozenset(i for s in firm for i in range(s.start, s.end)) | {year_at}
    area, first, last = place(terms, taken)
    spans = [s for s in spans if not (area and s.start < last and first < s.end)]
    if area and REGION in _signals(spans):
        area = areas.region_of(area) or area
    quarter, quarter_at = _quarter(terms, spans)
    for at, term in enumerate(terms):
        if match := _QUARTER_OF.fullmatch(fold(term)):
            period, quarter, quarter_at = match[1], match[2], {at}
    period = f"{period}-Q{quarter}" if period and quarter else period
    if MONTH in _signals(spans):
        period = MONTH
    titles = [s for s in spans if s.of({OCCUPATION})]
    inner = [
        Span(i, i + 1, phrases().get(forms[i], ())) for s in titles for i in range(s.start, s.end)
    ]
    question = _of_spans(spans, inner, Question(text, WORDS, area=area, period=period), kind)
    used = _USED.get(question.kind, set())
    gone = set(range(first, last)) | ({year_at} if year_at >= 0 else set())
    gone |= quarter_at if "-Q" in period else set()
    for span in spans:
        if span.of({*used, SIGNAL}):
            gone.update(range(span.start, span.end))
    counts = bool({"count", "how_much"} & _signals(spans))
    question = _with_rest(question, terms, forms, gone, counts=counts)
    if question.kind in (FIGURE, PAY, UNPUBLISHED, SERVICES):
        return _second(question, spans, terms)
    if not (question.rest or question.area or question.filters or question.unread):
        return replace(question, unread=" ".join(terms))
    question = _unused(question)
    extra = [s for s in spans if UNSUPPORTED in s.meanings]
    unread = " ".join(terms[i] for s in extra for i in range(s.start, s.end))
    return replace(question, unread=" ".join(filter(None, (question.unread, unread))))


def _signals(spans: Sequence[Span]) -> set[str]:
    return {m.code for s in spans for m in s.of({SIGNAL})}


def _of_spans(
    spans: Sequence[Span], inner: Sequence[Span], question: Question, forced: str
) -> Question:
    """The question with its kind and what its phrases say; `inner` phrases stand within a title."""

    def first(group: str) -> tuple[str, int]:
        lengths = [(m.code, s.end - s.start) for s in spans for m in s.of({group})]
        return max(lengths, key=lambda item: item[1], default=("", 0))

    signals = _signals(spans)
    filters = {m.group: m.code for s in [*spans, *inner] for m in s.of(set(ad_filters()))}
    groups = {m.group: m.code for s in reversed(spans) for m in s.of(set(dimensions()))}
    gap, figure, service = first(UNPUBLISHED), first(INDICATOR), first(SERVICE)
    state, asks = first(STATE), signals & {"count", "how_much", "share"}
    if state[1] > figure[1] or (state[1] and not figure[1]):
        persons = (
            indicators()[state[0]].persons if asks - {"share"} and "share" not in signals else ""
        )
        figure = (persons or state[0], state[1])
    if "working" in signals and asks and not figure[1]:
        figure = ("employment_rate" if "share" in asks else "employed_persons", 1)
    if asks and not figure[1] and groups.get("category") in codelist("broad_sector"):
        figure = ("employment_by_sector", 1)
    kind = forced or _kind(gap, figure, service, signals, filters)
    indicator = _counted(figure[0], signals) if kind in (FIGURE, PAY) else ""
    if kind == ADS and asks and not forced:
        kind, indicator = FIGURE, "employment_rate" if "share" in asks else OPEN_ADS
    if "future" in signals and indicator:
        kind, indicator, gap = _future(kind, indicator)
    indicator = _TURNED.get(indicator.split("_")[0], {}).get(
        min(signals & {"why", "time"}, default=""), indicator
    )
    if kind == FIGURE and "category" in groups:
        indicator = _by_category(indicator, groups["category"])
    concept = {UNPUBLISHED: gap[0], SERVICES: service[0]}.get(kind, "")
    return replace(
        question, kind=kind, indicator=indicator, concept=concept,
        dimensions=groups if kind == FIGURE else {}, filters=filters if kind == ADS else {},
        service=service[0],
    )  # fmt: skip


def _kind(
    gap: tuple[str, int],
    figure: tuple[str, int],
    service: tuple[str, int],
    signals: set[str],
    filters: dict[str, str],
) -> str:
    """The kind that the phrases say: the longest of what is not published, figures and services; then
    what is asked for by a word of its own (trainings, ads); WORDS where none is."""
    longest = max(gap[1], figure[1], service[1])
    if gap[1] and gap[1] == longest:
        return UNPUBLISHED
    if figure[1] and figure[1] == longest:
        return PAY if figure[0] == PAY_INDICATOR else FIGURE
    if service[1] and not (SKILLS in signals and service[1] == 1):
        return SERVICES
    if TRAININGS in signals:
        return TRAININGS
    if SKILLS in signals:
        return SKILLS
    return ADS if ADS in signals or filters else WORDS


def _future(kind: str, indicator: str) -> tuple[str, str, tuple[str, int]]:
    """What who asks for the future of an indicator is answered: the outlook of unemployment; of
    nothing else one is published."""
    if indicator in (OUTLOOK, "unemployment_rate"):
        return kind, OUTLOOK, ("", 0)
    return UNPUBLISHED, "", ("future_pay" if kind == PAY else "future_jobs", 1)


def _counted(indicator: str, signals: set[str]) -> str:
    """The indicator asked for: the persons behind a rate where a number is asked, the rate behind the
    persons where a share is."""
    declared = indicators().get(indicator)
    if "count" in signals and "share" not in signals and declared and declared.persons:
        return declared.persons
    if "share" in signals:
        rates = (name for name, wordings in indicators().items() if wordings.persons == indicator)
        return next(rates, indicator)
    return indicator


def _by_category(indicator: str, category: str) -> str:
    """The indicator that tells what was asked by a category: jobs by sector or by status, unemployment
    by its length; the one asked for where it does itself, or nothing does."""
    parts = BY_CATEGORY.get(indicator.split("_")[0], ())
    lists = {name: codelist(declare.indicator(name).category_list) for name in parts}
    own = declare.indicator(indicator).category_list
    if own and category in codelist(own):
        return indicator
    return next((name for name in parts if category in lists[name]), indicator)


def _second(question: Question, spans: Sequence[Span], terms: Sequence[str]) -> Question:
    """A question that names two codes of one dimension, or asks for a rank, is answered for the first
    code: the words of the other are not read."""
    other = [
        s for s in spans
        for m in s.of({*question.dimensions, SIGNAL})
        if m == RANK or (m.group != SIGNAL and not any(
            question.dimensions[x.group] == x.code for x in s.of(set(question.dimensions))))
    ]  # fmt: skip
    left = " ".join(terms[i] for s in dict.fromkeys(other) for i in range(s.start, s.end))
    return replace(question, unread=" ".join(filter(None, (question.unread, left))))


def _unused(question: Question) -> Question:
    """A question for a trade with the words beside its name that neither a filter nor the trade uses."""
    terms = [w for w in words(question.rest) if not is_idle(corrected(match_form(w) or w))]
    if question.unread or len(terms) < 2 or not question.groups or not question.occupations:
        return question
    activity = activities()[question.activity].all if question.activity else ()
    named = match_form(
        " ".join((question.occupations[0].evidence, question.activity, *activity))
    ).split()
    unused = [
        w for w in terms if max((fuzz.ratio(match_form(w), n) for n in named), default=0) < _ALIKE
    ]
    return replace(question, unread=" ".join(unused)) if len(unused) < len(terms) else question


def _with_rest(
    question: Question,
    terms: Sequence[str],
    forms: Sequence[str],
    gone: set[int],
    *,
    counts: bool,
) -> Question:
    """The question with what is left of its words, and what that names; `counts` where it asks how many."""
    left = [i for i in range(len(terms)) if i not in gone]
    while left and is_idle(forms[left[0]]):
        left = left[1:]
    while left and is_idle(forms[left[-1]]):
        left = left[:-1]
    rest = " ".join(terms[i] for i in left)
    ranked = tuple(occupations(rest)) if rest else ()
    spans = spans_of([forms[i] for i in left])
    within = [m.code for s in spans for m in s.of({ACTIVITY})]
    question = replace(question, rest=rest, occupations=ranked, activity=next(iter(within), ""))
    if question.kind != SKILLS and not (ranked and ranked[0].score >= SURE):
        question = _core(question, [terms[i] for i in left], [forms[i] for i in left], spans)
    if question.kind in (FIGURE, PAY, UNPUBLISHED, SERVICES) and not question.groups:
        unread = " ".join(terms[i] for i in left if not is_idle(forms[i]))
        return replace(question, unread=unread, occupations=(), activity="")
    if question.kind == WORDS:
        if question.groups and counts:
            return replace(question, kind=UNPUBLISHED, concept=OF_OCCUPATION)
        if question.groups:
            return replace(question, kind=OCCUPATIONS)
        if question.area and not rest:
            return replace(question, kind=AREAS)
    return question


def _core(
    question: Question, terms: Sequence[str], forms: Sequence[str], spans: Sequence[Span]
) -> Question:
    """A question whose words name no occupation as a whole, by the longest title or activity in them;
    the other words that say something are not read."""
    named = [s for s in spans if s.of({OCCUPATION, ACTIVITY})]
    if not named:
        return question
    core = max(named, key=lambda span: span.end - span.start)
    rest = " ".join(terms[core.start : core.end])
    outside = (i for i in range(len(terms)) if not core.start <= i < core.end)
    unread = " ".join(terms[i] for i in outside if not is_idle(forms[i]))
    activity = next((m.code for m in core.of({ACTIVITY})), "")
    return replace(
        question, rest=rest, occupations=tuple(occupations(rest)), activity=activity, unread=unread
    )
