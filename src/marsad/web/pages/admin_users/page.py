"""Who is on duty: an administrator puts people on duty and takes them off."""

from __future__ import annotations

from starlette.responses import Response

from marsad.base.errors import InputError
from marsad.publish.desk import ROLES
from marsad.web.duty import on_duty
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/admin/users"
TITLE = N_("Who is on duty")
POST = True
KEPT = False


def context(request: PageRequest) -> dict[str, object] | Response:
    """The people, after what was asked; or the way to sign in."""
    person = on_duty(request, "administrator")
    if isinstance(person, Response):
        return person
    people, wrong = request.desk.people, ""
    try:
        if request.sent and request.given("do") == "add":
            people.add(
                request.given("name"), request.given("role"), request.given("password"), person.name
            )
        elif request.sent and request.given("do") == "remove":
            people.remove(request.given("name"), person.name)
    except InputError as error:
        wrong = str(error)
    return {"people": people.everyone(), "roles": [("", [(r, r) for r in ROLES])], "wrong": wrong}
