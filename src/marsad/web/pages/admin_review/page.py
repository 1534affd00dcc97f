"""The review queue, for administrators: what a person should look at first, and why. Read only."""

from __future__ import annotations

from marsad.publish.http import for_administrators
from marsad.publish.query import ReviewCase
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/admin/review"
TITLE = N_("Cases to review")
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


def context(request: PageRequest) -> dict[str, object]:
    """The first cases of each scheme; NotFoundError unless MARSAD_ADMIN is 1."""
    for_administrators()
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
