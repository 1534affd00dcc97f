"""«This is wrong»: what a visitor says of an ad's coding. No name is asked, nothing else is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace

from marsad.backoffice.ports import FIELDS, NOBODY
from marsad.base.errors import InputError
from marsad.base.refusals import refused
from marsad.publish.read.reader import Ad, AdDetail
from marsad.web.cases import REPORTED
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.request import PageRequest

PATH = "/ads/{key}/report"
TITLE = N_("Something is wrong with this ad")
POST = True

_CHOICES = 6
_PLAIN = ("duplicate", "closed", "fake", "excluding")
"""What needs no other word."""
_NOTE = 300


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    ad: AdDetail
    field: str
    names: Mapping[str, str]
    words: str
    note: str
    current: str
    takes: bool
    languages_known: list[tuple[str, str]]
    choices: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    number: int | None = None
    wrong: str = ""


def context(request: PageRequest) -> View:
    """The form, its second step for an occupation, or thanks; NotFoundError for an unknown ad."""
    ad = request.reader.ad(request.path["key"])
    chosen = request.form_value("field") if request.sent else request.get("field") or "occupation"
    if chosen not in FIELDS:
        raise InputError(refused("no_report", code=chosen))
    words, note = request.form_value("words"), request.form_value("note", _NOTE)
    code = request.form_value("code")
    view = View(
        request._(TITLE),
        ad,
        chosen,
        REPORTED,
        words,
        note,
        _current_label(request, ad, chosen),
        takes=request.desk is not NOBODY,
        languages_known=request.reader.code_names("language", request.language),
    )
    if not request.sent:
        return view
    if chosen == "occupation" and not code and words:
        groups = request.reader.finder.question(words).occupations[:_CHOICES]
        choices = [(f.code, request.label("occupation", f.code)) for f in groups]
        return replace(view, choices=choices)
    if chosen == "language":
        code = words
    value = code if chosen in ("occupation", "language") else words
    if not (value or note or chosen in _PLAIN):
        return replace(view, wrong=request._("Say what it should be, or add a note."))
    try:
        number = request.desk.reports.keep(ad.key, chosen, _code(ad, chosen), value, note)
    except InputError:
        wrong = request._(
            "This report cannot be taken now: too many wait to be read for this ad, or the answer is not in the list."
        )
        return replace(view, wrong=wrong)
    return replace(view, number=number)


def _code(ad: Ad, field: str) -> str:
    """What the ad's page shows for the field, as a code."""
    code = ad.codes.get("province" if field == "place" else field)
    return code.code if code else ""


def _current_label(locale: Locale, ad: Ad, field: str) -> str:
    code = _code(ad, field)
    return locale.label({"place": "area"}.get(field, field), code) if code else ""
