"""The review queue, for administrators: what a person should look at first, and why. Read only."""

from __future__ import annotations

from starlette.responses import Response

from marsad.publish.http import shown_to_all
from marsad.publish.query import ReviewCase
from marsad.web.duty import on_duty
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/admin/review"
TITLE = N_("Cases to review")
KEPT = False
MOST = 50

_SCHEMES = {
    "isco08": (N_("Occupations"), "occupation"),
    "dedup": (N_("Pairs of ads"), ""),
    "language": (N_("Languages"), "language"),
}
_BANDS = {
    "certain": N_("certain duplicate"),
    "probable": N_("probable duplicate"),
    "related": N_("similar, not a duplicate"),
}


def context(request: PageRequest) -> dict[str, object] | Response:
    """The first cases of each scheme, for people on duty, or for everyone where MARSAD_ADMIN is 1."""
    if not shown_to_all():
        person = on_duty(request)
        if isinstance(person, Response):
            return person
    groups = []
    for scheme, (name, dimension) in _SCHEMES.items():
        cases = request.reader.review(scheme, MOST)
        rows = [(case, _value(request, case, dimension), _reason(request, case)) for case in cases]
        groups.append((scheme, request._(name), rows))
    return {"groups": groups}


def _value(request: PageRequest, case: ReviewCase, dimension: str) -> str:
    """What was decided, in words."""
    if not case.value:
        return ""
    if dimension:
        return request.label(dimension, case.value)
    return request._(_BANDS.get(case.value, case.value))


def _reason(request: PageRequest, case: ReviewCase) -> str:
    return request.label("review_reason", case.reason)
