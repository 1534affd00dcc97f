"""One measure: target, start, the indicator it is judged by, the comparison, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from marsad.base.figures import rounded
from marsad.publish.read.model import Value
from marsad.publish.read.policy import Declared, Measure, Outcome, Result
from marsad.publish.read.reader import Indicator
from marsad.web.amounts import distance
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.marks import legend
from marsad.web.request import PageRequest
from marsad.web.sentences import cell

PATH = "/policy/{measure}"
TITLE = N_("Measure")
FIGURES = True


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    declaration: Declared
    measure: Measure
    indicator: Indicator
    names: list[str]
    rows: list[tuple[str, str, list[dict[str, str]]]]
    verdict: list[str]
    fixed: str
    link: str
    other: str
    origin: Value | None
    marks: list[str]
    survey: str


def context(request: PageRequest) -> View:
    """The measure and its result; NotFoundError for one that is not in the register."""
    outcome = request.reader.policy.outcome(request.path["measure"])
    declaration = outcome.measure.declared
    indicator = request.reader.indicator(declaration.indicator)
    names = [_named(request, codes) for codes in (declaration.group, declaration.comparison)]
    rows = [
        (
            request.format.period(period),
            "",
            [
                cell(request, indicator, outcome.group.get(period)),
                cell(request, indicator, outcome.comparison.get(period)),
            ],
        )
        for period in outcome.result.periods
    ]
    shown = outcome.group.get(outcome.result.after)
    return View(
        heading=request.text(declaration.title),
        declaration=declaration,
        measure=outcome.measure,
        indicator=indicator,
        names=names,
        rows=rows,
        verdict=_verdict(request, outcome, names),
        fixed=request.format.date(dt.date.fromisoformat(declaration.fixed_on)),
        link=request.link(f"/indicators/{indicator.id}", declaration.group),
        other=request.link(f"/indicators/{indicator.id}", declaration.comparison),
        origin=shown,
        marks=legend(request, [shown] if shown else []),
        survey=request.label("survey", declaration.group["survey"]),
    )


def _named(locale: Locale, codes: dict[str, str]) -> str:
    parts = [
        locale.label(name, code)
        for name, code in codes.items()
        if name not in ("survey", "freq") and not (name == "area" and len(codes) > 3)
    ]
    return locale._(", ").join(parts)


def _verdict(locale: Locale, outcome: Outcome, names: list[str]) -> list[str]:
    """What became of it, in sentences made from the figures; none where the comparison was fixed when
    the measure had begun, for it could be chosen by its result."""
    if not outcome.measure.fixed_in_advance:
        return []
    result, indicator = outcome.result, locale.reader.indicator(outcome.measure.declared.indicator)
    period = locale.format.period
    if result.broken:
        return [locale._("Nothing is compared: the series breaks in %(period)s.") % {"period": period(result.broken)}]  # fmt: skip
    if result.group is None or result.comparison is None or result.difference is None:
        return [locale._("Nothing can be compared yet: there is no figure before and after.")]
    unit = indicator.unit
    moved = [
        _moved(values, result, indicator.decimals) for values in (outcome.group, outcome.comparison)
    ]
    difference = rounded(moved[0] - moved[1], indicator.decimals)
    moves = []
    for name, points in zip(names, moved):
        pattern = (
            locale._("%(name)s: up by %(points)s from %(before)s to %(after)s.")
            if points > 0
            else locale._("%(name)s: no change from %(before)s to %(after)s.")
            if points == 0
            else locale._("%(name)s: down by %(points)s from %(before)s to %(after)s.")
        )
        moves.append(
            pattern
            % {"name": name, "points": distance(locale, indicator, points, unit),
               "before": period(result.before), "after": period(result.after)}
        )  # fmt: skip
    size = distance(locale, indicator, difference, unit)
    better = (difference < 0) == (outcome.measure.declared.direction == "down")
    if difference == 0:
        moves.append(locale._("Both moved alike."))
    elif better:
        moves.append(locale._("The target group did better than the comparison by %(points)s.") % {"points": size})  # fmt: skip
    else:
        moves.append(locale._("The target group did worse than the comparison by %(points)s.") % {"points": size})  # fmt: skip
    return moves


def _moved(values: Mapping[str, Value], result: Result, decimals: int) -> float:
    """How far a series moved, as its two figures are printed, so that what is told adds up."""
    after, before = (
        rounded(values[p].value or 0.0, decimals) for p in (result.after, result.before)
    )
    return rounded(after - before, decimals)
