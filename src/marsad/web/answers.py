"""What a question was read as, the figures that answer it, and what was given up: as pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from marsad.base.areas import COUNTRY
from marsad.publish.read.answers import Answer
from marsad.publish.read.model import Value, Widened
from marsad.publish.read.questions.figures import Figure
from marsad.publish.read.questions.read import MONTH, Question
from marsad.publish.read.questions.vocabulary import services
from marsad.publish.read.trust import is_over
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.provenance import from_press, provenance
from marsad.web.selection import DIMENSIONS
from marsad.web.sentences import cell, credit

KINDS = {
    "figure": N_("a figure"),
    "pay": N_("pay"),
    "unpublished": N_("a figure"),
    "service": N_("a service of this site"),
    "trainings": N_("trainings"),
    "ads": N_("job ads"),
    "occupations": N_("an occupation"),
    "skills": N_("a skill"),
    "areas": N_("a place"),
}
_FIGURES_OWN = ("indicator", "period", "sex", "age", "education", "urbanisation", "category")
"""What the cards of the nearest figures tell themselves."""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure as a card: what it is of whom and where, its cell, period, survey, address; `lacks` names
    what of the question it does not answer."""

    title: str
    of: str
    cell: dict[str, str]
    period: str
    survey: str
    day: str
    link: str
    synthetic: bool
    read_in: Markup
    precision: str
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read in words, the words that were not, and what was given up, in sentences."""

    read: str
    unread: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """The answer to a question: its figures, or why there are none with the nearest; or a service."""

    understood: Understood
    figures: tuple[ShownFigure, ...] = ()
    reason: str = ""
    nearest: tuple[ShownFigure, ...] = ()
    service: tuple[str, str] | None = None


def understood(
    locale: Locale, question: Question | None, widened: Iterable[Widened] = ()
) -> Understood | None:
    """What a question was read as; None without words."""
    if question is None:
        return None
    read = locale._(", ").join(_parts(locale, question))
    return Understood(read, question.unread, notes_of(locale, widened))


def notes_of(locale: Locale, widened: Iterable[Widened]) -> tuple[str, ...]:
    """What was given up, in sentences; the cards of figures tell theirs themselves."""
    return tuple(_note(locale, each) for each in widened if each.dimension not in _FIGURES_OWN)


def _parts(locale: Locale, question: Question) -> list[str]:
    kind = KINDS.get(question.kind)
    parts = [locale._(kind)] if kind else []
    if question.indicator:
        parts.append(locale.text(locale.reader.indicator(question.indicator).title))
    indicator = question.indicator
    parts += [locale.label(n, c, indicator) for n, c in question.dimensions.items()]
    parts += [locale.label(name, code) for name, code in question.filters.items()]
    parts += [locale.label("occupation", code) for code in question.groups[:1]]
    if question.rest and not question.groups and question.rest != question.unread:
        parts.append(locale._("the words “%(words)s”") % {"words": question.rest})
    parts += [locale.label("area", question.area)] if question.area else []
    if question.period:
        parts.append(locale._("this month") if question.period == MONTH else question.period)
    return parts


def _note(locale: Locale, widened: Widened) -> str:
    """What was given up, in a sentence."""
    if widened.dimension == "words" and widened.used:
        job = locale.label("occupation", widened.used)
        return locale._("No title holds these words; these lead to: %(job)s.") % {"job": job}
    if widened.dimension == "field":
        field = locale.label("isced_f", widened.used)
        return locale._("No title holds these words; these are in the field: %(field)s.") % {
            "field": field
        }
    if widened.dimension == "words":
        return locale._("Nothing holds these words; this holds words of the same family.")
    given = locale.label(widened.dimension, widened.given)
    if widened.dimension == "area":
        used = locale.label("area", widened.used) if widened.used else locale._("the whole country")
        return locale._("Nothing in %(given)s: this is for %(used)s.") % {
            "given": given,
            "used": used,
        }
    if widened.used:
        used = locale.label(widened.dimension, widened.used)
        return locale._("The words ask for “%(given)s”; “%(used)s” was chosen.") % {
            "given": given,
            "used": used,
        }
    return locale._("Nothing with “%(given)s”: this is without it.") % {"given": given}


def shown(site: Site, answer: Answer) -> ShownAnswer:
    """An answer as pages show it."""
    read = understood(site, answer.question)
    assert read is not None
    named = services().get(answer.question.service) if answer.hits.get("services") else None
    return ShownAnswer(
        read,
        tuple(_figure(site, figure, answer) for figure in answer.figures),
        site.text(answer.reason) if answer.reason else "",
        tuple(_figure(site, figure, answer) for figure in answer.nearest),
        (site.text(named.name), site.link(named.path)) if named else None,
    )


def _figure(site: Site, figure: Figure, answer: Answer) -> ShownFigure:
    row, indicator = figure.value, site.reader.indicator(figure.value.indicator)
    groups = [site.label(name, code, row.indicator) for name, code in figure.qualifiers]
    return ShownFigure(
        site.text(indicator.title),
        site._(", ").join([*groups, _place(site, row.area)]),
        cell(site, indicator, row),
        site.format.period(row.period),
        credit(site, row),
        site.format.date_text(row.source_date),
        site.link(f"/indicators/{row.indicator}", _choice(row)),
        row.synthetic,
        provenance(row.source, site.language) if from_press(row.source) else Markup(),
        _caution(site, row),
        site._(", ").join(_lacks(site, figure, answer)),
    )


def _place(site: Site, code: str) -> str:
    """The name of a place, with its kind where it is a commune: a province often bears the same."""
    name = site.label("area", code)
    return f"{name} ({site.level(code)})" if code.count("-") > 2 else name


def _caution(site: Site, row: Value) -> str:
    """The precision of a value, or that it is a forecast of a period that is over."""
    if is_over(site.reader.indicator(row.indicator), row, dt.date.today()):
        return site._("It is an estimate of a period that is over; none to come is forecast.")
    return site.label("reliability", row.reliability) if row.reliability else ""


def _choice(row: Value) -> dict[str, str]:
    """The parameters of an indicator's page that show a value."""
    codes = {name: getattr(row, name) for name in DIMENSIONS if name != "freq"}
    return {n: c for n, c in codes.items() if c not in ("_T", "N")} | {"freq": row.freq}


def _lacks(site: Site, figure: Figure, answer: Answer) -> Iterable[str]:
    """What of the question a nearest figure does not answer."""
    question = answer.question
    for name in figure.without:
        if name == "area":
            yield site.label("area", question.area or COUNTRY)
        elif name == "period":
            yield site._("this month") if question.period == MONTH else question.period
        elif name == "occupation":
            yield from (site.label("occupation", code) for code in question.groups[:1])
        elif name in question.dimensions:
            yield site.label(name, question.dimensions[name], question.indicator)
        elif question.indicator:
            yield site.text(site.reader.indicator(question.indicator).title)
