"""Signing in, for people on duty."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from marsad.base.errors import PlaceError, RefusedError
from marsad.web.locale import N_
from marsad.web.request import SESSION, PageRequest

PATH = "/admin/login"
TITLE = N_("Sign in")
POST = True
KEPT = False


def context(request: PageRequest) -> dict[str, object] | Response:
    """The form; after a right name and password, the page that was wanted."""
    wanted = request.get("next")
    after = wanted if wanted.startswith("/admin") else "/admin"
    if not request.sent:
        return {"refused": False}
    try:
        token = request.desk.people.sign_in(request.given("name"), request.given("password"))
    except (RefusedError, PlaceError):
        return {"refused": True}
    answer = RedirectResponse(request.link(after), status_code=303)
    secure = request.base.startswith("https:")
    answer.set_cookie(SESSION, token, httponly=True, samesite="strict", secure=secure, path="/")
    return answer
