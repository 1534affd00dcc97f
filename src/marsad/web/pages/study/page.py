"""One entry of the library: what was asked, how, what people said, and the figures beside it."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.library import Entry, Passage, Theme
from marsad.publish.read.reader import DataQuery, Value
from marsad.web.locale import N_
from marsad.web.localisation import Site
from marsad.web.request import PageRequest
from marsad.web.sentences import cell
from marsad.web.studies import KIND_NAMES

PATH = "/library/{study}"
TITLE = N_("Study")
FIGURES = True


BALANCE = "opinion_balance"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a survey with its answers and, where they are published, its newest balances."""

    words: str
    answers: list[str]
    balances: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class ShownTheme:
    """A theme of interviews: its name, what was said, by how many, of which actors and regions, in which words."""

    name: str
    text: str
    people: int
    parts: list[tuple[str, int]]
    excerpts: list[str]


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    entry: Entry
    kind: str
    languages_of: list[str]
    figures: list[dict[str, object]]
    query: str
    passages: tuple[Passage, ...]
    questions: list[AskedQuestion]
    balance: str
    themes: list[ShownTheme]


def context(request: PageRequest) -> View:
    """The entry; NotFoundError for one that does not exist."""
    study = request.reader.library.study(request.path["study"])
    return View(
        heading=request.text(study.title),
        entry=study.entry,
        kind=request._(KIND_NAMES[study.entry.kind]),
        languages_of=[request.label("language", code) for code in study.entry.languages],
        figures=[_figure(request, name) for name in study.entry.explains if name != BALANCE],
        query=request.get("q"),
        passages=request.reader.library.passages(study.id, request.get("q")),
        questions=_questions(request, study.entry),
        balance=request.text(request.reader.indicator(BALANCE).title),
        themes=[_theme(request, theme) for theme in study.entry.themes],
    )


def _theme(site: Site, theme: Theme) -> ShownTheme:
    names = [
        site.label("area", part.code) if part.dimension == "region" else part.code
        for part in theme.parts
    ]
    parts = list(zip(names, (part.people for part in theme.parts)))
    excerpts = [excerpt.text for excerpt in theme.excerpts]
    return ShownTheme(site.text(theme.name), site.text(theme.text), theme.people, parts, excerpts)


def _questions(site: Site, entry: Entry) -> list[AskedQuestion]:
    """The questions of a survey, each with its newest balances for the country: of all, and of each part."""
    codes = {code for q in entry.questions for code in (q.category, *q.parts) if code}
    newest: dict[str, Value] = {}
    if codes:
        query = DataQuery(BALANCE, {"area": ("MA",), "category": tuple(sorted(codes))}, latest=True)
        newest = {value.category: value for value in site.reader.data(query).rows}
    shown = []
    for question in entry.questions:
        named = {question.category: "", **{c: site.text(t) for c, t in question.parts.items()}}
        balances: list[dict[str, object]] = [
            {
                "name": name,
                "cell": cell(site, site.reader.indicator(BALANCE), newest[code]),
                "period": site.format.period(newest[code].period),
                "n": newest[code].n,
            }
            for code, name in named.items()
            if code in newest
        ]
        answers = [site.text(answer) for answer in question.answers]
        shown.append(AskedQuestion(site.text(question.labels), answers, balances))
    return shown


def _figure(site: Site, name: str) -> dict[str, object]:
    """The newest yearly figure of an indicator for the country, of its first survey that has one."""
    indicator = site.reader.indicator(name)
    values = site.reader.profiles.newest(["MA"], [name])
    keys = [(name, survey, "MA") for survey in indicator.surveys]
    newest = next((values[key] for key in keys if key in values), None)
    return {
        "title": site.text(indicator.title),
        "link": site.link(f"/indicators/{name}"),
        "cell": cell(site, indicator, newest),
        "period": site.format.period(newest.period) if newest else "",
        "survey": site.label("survey", newest.survey) if newest else "",
        "synthetic": bool(newest and newest.synthetic),
    }
