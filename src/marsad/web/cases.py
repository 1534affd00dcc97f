"""Cases to review, as people on duty read them: what waits, and what stands there now in words."""

from __future__ import annotations

from marsad.backoffice.ports import NOBODY
from marsad.publish.read.reader import ReviewCase
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.request import PageRequest

SCHEMES = {
    "isco08": (N_("Occupations"), "occupation"),
    "dedup": (N_("Pairs of ads"), ""),
    "language": (N_("Languages"), "language"),
}
"""Scheme -> its name, and the dimension whose labels name its values."""
BANDS = {
    "certain": N_("certain duplicate"),
    "probable": N_("probable duplicate"),
    "related": N_("similar, not a duplicate"),
    "same": N_("the same opening"),
    "different": N_("two openings"),
    "X": N_("no occupation"),
}
REPORTED = {
    "occupation": N_("The occupation"),
    "language": N_("The language"),
    "place": N_("The place"),
    "contract": N_("The contract"),
    "pay": N_("The pay"),
    "skills": N_("The skills"),
    "duplicate": N_("It is the same as another ad"),
    "closed": N_("It is closed: the post is filled"),
    "fake": N_("It is false, or asks for money"),
    "excluding": N_("It excludes people"),
}
"""What of an ad visitors report as wrong, in words."""


def waiting(request: PageRequest, scheme: str, most: int) -> list[ReviewCase]:
    """The first cases of a scheme (of every one without a name) that nobody judged since the
    release."""
    cases = request.reader.review(scheme, most)
    judged = set() if request.desk is NOBODY else request.desk.reviews.judged()
    return [case for case in cases if (case.scheme, case.subject) not in judged]


def in_words(locale: Locale, scheme: str, value: str) -> str:
    """A value of a scheme in words; empty for none."""
    dimension = SCHEMES[scheme][1]
    if not value or value in BANDS:
        return locale._(BANDS[value]) if value else ""
    return locale.label(dimension, value) if dimension else value
