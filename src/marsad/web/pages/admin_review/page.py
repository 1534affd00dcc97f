"""The review queue, for people on duty: what to look at first, and why; each case leads to judging."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from marsad.publish.http.replies import shown_to_all
from marsad.publish.read.model import ReviewCase
from marsad.web.authorisation import on_duty
from marsad.web.cases import SCHEMES, in_words, waiting
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/admin/review"
TITLE = N_("Cases to review")
CACHEABLE = False
MOST = 50


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    groups: list[tuple[str, str, list[tuple[ReviewCase, str, str]]]]
    judging: bool
    recorded: str


def context(request: PageRequest) -> View | Response:
    """The first cases of each scheme, for people on duty, or for everyone where MARSAD_ADMIN is 1;
    judging is for people on duty alone."""
    person = None if shown_to_all() and not request.session else on_duty(request, "review")
    if isinstance(person, Response):
        return person
    groups = []
    for scheme, (name, _) in SCHEMES.items():
        rows = [
            (case, in_words(request, scheme, case.value), request.label("review_reason", case.reason))
            for case in waiting(request, scheme, MOST)
        ]  # fmt: skip
        groups.append((scheme, request._(name), rows))
    return View(groups=groups, judging=person is not None, recorded=request.get("kept"))
