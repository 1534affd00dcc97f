"""Who may see the pages of people on duty."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from marsad.backoffice.ports import NOBODY, Person
from marsad.base.errors import NotFoundError, RefusedError
from marsad.base.refusals import refused
from marsad.web.locale import N_
from marsad.web.request import PageRequest

ROLE_NAMES = {
    "reader": N_("reader"),
    "counsellor": N_("counsellor"),
    "analyst": N_("analyst"),
    "source_keeper": N_("source keeper"),
    "publisher": N_("publisher"),
    "administrator": N_("administrator"),
}


def on_duty(request: PageRequest, right: str = "see") -> Person | Response:
    """The person of the visit, or the way to sign in. RefusedError when their role does not reach,
    NotFoundError where the installation has nobody on duty."""
    if request.desk is NOBODY:
        raise NotFoundError(refused("nothing_here"))
    person = request.desk.people.who(request.session)
    if person is None:
        back = {"next": request.where}
        return RedirectResponse(request.link("/admin/login", back), status_code=303)
    if not person.may(right):
        raise RefusedError(refused("not_your_role"))
    return person
