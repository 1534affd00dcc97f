"""Reports of visitors that wait: accept or refuse each. An accepted occupation or language is gold."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from marsad.base.errors import NotFoundError
from marsad.web.authorisation import on_duty
from marsad.web.cases import REPORTED
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.request import PageRequest

PATH = "/admin/reports"
TITLE = N_("Reports that wait")
POST = True
CACHEABLE = False
_DIMENSION = {
    "occupation": "occupation",
    "language": "language",
    "place": "area",
    "contract": "contract",
}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    rows: list[dict[str, object]]


def context(request: PageRequest) -> View | Response:
    """The reports, after the one that was settled; or the way to sign in."""
    person = on_duty(request, "review")
    if isinstance(person, Response):
        return person
    number = request.form_value("number")
    if request.sent and number.isdecimal() and len(number) < 19:
        accept = request.form_value("do") == "accept"
        request.desk.reports.settle(int(number), accept, person.name)
        action = "accepted report" if accept else "refused report"
        request.desk.people.note(person.name, action, number)
    return View(rows=[_row(request, row) for row in request.desk.reports.open()])


def _row(locale: Locale, row: dict[str, object]) -> dict[str, object]:
    dimension = _DIMENSION.get(str(row["field"]), "")

    def named(code: str) -> str:
        name = locale.label(dimension, code) if dimension and code else code
        return f"{name} ({code})" if name != code else code

    try:
        title = locale.reader.ad(str(row["ad"])).title
    except NotFoundError:
        title = ""
    return {
        **row,
        "named": locale._(REPORTED.get(str(row["field"]), str(row["field"]))),
        "title": title,
        "said": named(str(row["shown"])),
        "value": named(str(row["value"])),
    }
