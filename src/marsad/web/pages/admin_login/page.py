"""Signing in, for people on duty."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from marsad.base.errors import PlaceError, RefusedError
from marsad.base.settings import site_path
from marsad.web.locale import N_
from marsad.web.request import SESSION, PageRequest

PATH = "/admin/login"
TITLE = N_("Sign in")
POST = True
CACHEABLE = False


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    refused: bool


def context(request: PageRequest) -> View | Response:
    """The form; after a right name and password, the page that was wanted."""
    target = request.get("next")
    after = target if target.startswith("/admin") else "/admin"
    if not request.sent:
        return View(refused=False)
    try:
        token = request.desk.people.sign_in(
            request.form_value("name"), request.form_value("password")
        )
    except (RefusedError, PlaceError):
        return View(refused=True)
    answer = RedirectResponse(request.link(after), status_code=303)
    secure = request.base.startswith("https:")
    answer.set_cookie(
        SESSION, token, httponly=True, samesite="strict", secure=secure, path=site_path("/")
    )
    return answer
