"""One alert, known by its secret address: confirm it, or stop it and have the address deleted."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.feeds.news import subject
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/alerts/{token}"
TITLE = N_("Your alert")
POST = True
CACHEABLE = False


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    state: str
    subject: str


def context(request: PageRequest) -> View:
    """The alert as it stands; NotFoundError for an unknown one. A mail program that stops it for its
    reader (RFC 8058) sends `List-Unsubscribe=One-Click`."""
    token, desk = request.path["token"], request.desk.alerts
    if request.sent and (
        request.form_value("do") == "leave" or request.form_value("List-Unsubscribe")
    ):
        desk.forget(token)
        return View(request._("The alert is stopped"), "gone", "")
    known = desk.known(token)
    if request.sent and request.form_value("do") == "confirm":
        desk.confirm(token)
        known = desk.known(token)
    named = subject(request.reader, str(known["kind"]), known["about"], request.language)
    state = "on" if known["confirmed_at"] else "waits"
    return View(request._(TITLE), state, named)
