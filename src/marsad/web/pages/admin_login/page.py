"""Signing in, for people on duty."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from marsad.base.errors import PlaceError, RefusedError
from marsad.base.refusals import in_language
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

    wrong: str


def context(request: PageRequest) -> View | Response:
    """The form; after a right name and password, the page that was wanted."""
    target = request.get("next")
    after = target if target.startswith("/admin") else "/admin"
    if not request.sent:
        return View(wrong="")
    try:
        token = request.desk.people.sign_in(
            request.form_value("name"),
            request.form_value("password"),
            request.address,
            request.form_value("code"),
        )
    except (RefusedError, PlaceError) as error:
        return View(wrong=in_language(error, request.language) or str(error))
    answer = RedirectResponse(request.link(after), status_code=303)
    secure = request.base.startswith("https:")
    answer.set_cookie(
        SESSION, token, httponly=True, samesite="strict", secure=secure, path=site_path("/")
    )
    return answer
