"""Supply beside demand, for an occupation group and an area: every measure that a source tells, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from marsad.base.areas import COUNTRY, areas
from marsad.base.codes import TOTAL, codelist
from marsad.base.errors import NotFoundError
from marsad.base.refusals import refused
from marsad.publish.read.balance import Line, balance, occupation_of
from marsad.web.locale import N_
from marsad.web.localisation import Site
from marsad.web.person_form import places
from marsad.web.request import PageRequest
from marsad.web.sentences import cell, place

PATH = "/balance"
TITLE = N_("Supply and demand")
SIDES = {
    "demand": N_("Work that is offered"),
    "supply": N_("People who look for work"),
    "met": N_("People in work"),
    "tension": N_("One against the other"),
}
WHY = {
    "not_by_occupation": N_("no source tells it by occupation"),
    "no_figure": N_("no source tells it here"),
    "suppressed": N_("confidential: too few"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    occupations: list[tuple[str, list[tuple[str, str]]]]
    areas: list[tuple[str, list[tuple[str, str]]]]
    occupation: str
    area: str
    sides: list[tuple[str, str, list[tuple[str, str, list[dict[str, str]]]]]]
    sources: list[str]
    synthetic: bool
    known: int
    measures: int


def context(request: PageRequest) -> View:
    """The table; NotFoundError for an occupation or an area that does not exist."""
    occupation = request.get("occupation") or TOTAL
    area = request.get("area") or COUNTRY
    if occupation != TOTAL and occupation not in codelist("isco08"):
        raise NotFoundError(refused("no_occupation", code=occupation))
    if area not in areas():
        raise NotFoundError(refused("no_area", code=area))
    lines = balance(request.reader.data_many, occupation, area)
    groups = [c for c in codelist("isco08") if len(c) == 1]
    if occupation not in (TOTAL, *groups):
        groups.append(occupation)
    named = request.label("occupation", occupation) if occupation != TOTAL else ""
    values = [line.value for line in lines if line.value]
    return View(
        heading=request._(", ").join(filter(None, (named, place(request, area)))),
        occupations=[("", [(c, request.label("occupation", c)) for c in groups])],
        areas=places(request),
        occupation="" if occupation == TOTAL else occupation,
        area="" if area == COUNTRY else area,
        sides=[
            (side, request._(SIDES[side]), [_row(request, line, occupation) for line in part])
            for side, part in groupby(lines, key=lambda line: line.side)
        ],
        sources=sorted({request.label("survey", row.survey) for row in values}),
        synthetic=any(row.synthetic for row in values),
        known=len(values),
        measures=len(lines),
    )


def _row(site: Site, line: Line, occupation: str) -> tuple[str, str, list[dict[str, str]]]:
    """Name, address and cells of a measure: its newest value, that of a year before, its source."""
    name, declared, row = site.text(line.indicator.title), line.indicator, line.value
    if row is None:
        return name, "", [_none(site._(WHY[line.why])), _none()]
    held = occupation_of(declared)
    chosen = {"area": row.area, "survey": row.survey, "freq": row.freq}
    chosen |= {held: occupation} if held else {}
    newest = {**cell(site, declared, row), "persons": _of(site, row.period, row.survey), "few": ""}
    before = _none()
    if line.before:
        before = {
            **cell(site, declared, line.before),
            "persons": site.format.period(line.before.period),
            "few": "",
        }
    return name, site.link(f"/indicators/{declared.id}", chosen), [newest, before]


def _none(why: str = "") -> dict[str, str]:
    return {"text": "", "note": why, "interval": ""}


def _of(site: Site, period: str, survey: str) -> str:
    return site._(", ").join((site.format.period(period), site.label("survey", survey)))
