"""For people on duty: what waits, the state of sources, the latest runs, and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from marsad.backoffice.ports import Person
from marsad.publish.read.model import SourceRow, SourceState
from marsad.web.authorisation import ROLE_NAMES, on_duty
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/admin"
TITLE = N_("People on duty")
POST = True
CACHEABLE = False


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    person: Person
    waiting: int
    role: str
    sources: tuple[SourceRow, ...]
    runs: list[dict[str, object]]
    trail: list[dict[str, object]]
    states: list[SourceState]


def context(request: PageRequest) -> View | Response:
    """The desk of the person, or the way to sign in."""
    person = on_duty(request)
    if isinstance(person, Response):
        return person
    if request.sent and request.form_value("do") == "leave":
        request.desk.people.sign_out(request.session)
        return RedirectResponse(request.link("/admin/login"), status_code=303)
    return View(
        person=person,
        waiting=len(request.desk.reports.open()),
        role=request._(ROLE_NAMES[person.role]),
        sources=request.reader.sources(),
        runs=request.desk.people.runs(),
        states=[s for s in request.desk.collection.states() if s.state != "by_hand"],
        trail=request.desk.people.trail()[:100] if person.may("accounts") else [],
    )
