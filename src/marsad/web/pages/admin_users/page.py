"""Who is on duty: an administrator puts people on duty, changes their role and takes them off."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from marsad.backoffice.ports import Person
from marsad.base.errors import InputError
from marsad.web.authorisation import ROLE_NAMES, on_duty
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/admin/users"
TITLE = N_("Who is on duty")
POST = True
CACHEABLE = False


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    people: list[Person]
    roles: list[tuple[str, str]]
    wrong: str


def context(request: PageRequest) -> View | Response:
    """The people, after what was asked; or the way to sign in."""
    person = on_duty(request, "accounts")
    if isinstance(person, Response):
        return person
    people, wrong = request.desk.people, ""
    try:
        if request.sent and request.form_value("do") == "add":
            people.add(
                request.form_value("name"),
                request.form_value("role"),
                request.form_value("password"),
                person.name,
            )
        elif request.sent and request.form_value("do") == "change":
            people.change(request.form_value("name"), request.form_value("role"), person.name)
        elif request.sent and request.form_value("do") == "remove":
            people.remove(request.form_value("name"), person.name)
    except InputError as error:
        wrong = str(error)
    roles = [(role, request._(name)) for role, name in ROLE_NAMES.items()]
    return View(people=people.everyone(), roles=roles, wrong=wrong)
