"""Trainings: found by words, field of education and place."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.base.areas import at_level
from marsad.base.codes import codelist
from marsad.base.errors import InputError
from marsad.base.refusals import refused
from marsad.web.answers import Understood, understood
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/trainings"
TITLE = N_("Trainings")
SIZE = 30


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    parameters: dict[str, str]
    rows: list[dict[str, object]]
    total: int
    fields: list[tuple[str, list[tuple[str, str]]]]
    regions: list[tuple[str, list[tuple[str, str]]]]
    number: int
    pages: int
    before: str
    after: str
    synthetic: bool
    read: Understood | None


def context(request: PageRequest) -> View:
    """One page of trainings that answer."""
    parameters = {name: request.get(name) for name in ("q", "field", "region")}
    number = request.get("page") or "1"
    if not number.isdecimal() or not 0 < int(number) < 10_000:
        raise InputError(refused("page_number"))
    if parameters["field"] and parameters["field"] not in codelist("isced_f"):
        raise InputError(refused("no_field", code=parameters["field"]))
    page = int(number)
    question = (
        request.reader.finder.question(parameters["q"], "trainings") if parameters["q"] else None
    )
    result = request.reader.trainings.search(
        question, parameters["field"], parameters["region"], SIZE, SIZE * (page - 1)
    )
    rows, total = result.rows, result.total
    fields = [c for c in codelist("isced_f") if len(c) == 2 and c.isdecimal()]
    pages = max(1, -(-total // SIZE))
    return View(
        parameters=parameters,
        rows=rows,
        total=total,
        fields=[("", [(c, request.label("isced_f", c)) for c in fields])],
        regions=[("", [(a.code, a.label(request.language)) for a in at_level("region")])],
        number=page,
        pages=pages,
        before=request.here(page=str(page - 1)) if page > 1 else "",
        after=request.here(page=str(page + 1)) if page < pages else "",
        synthetic=any(row["synthetic"] for row in rows),
        read=understood(request, result.question, result.widened),
    )
