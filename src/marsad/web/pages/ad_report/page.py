"""«This is wrong»: what a visitor says of an ad's coding. No name is asked, nothing else is kept."""

from __future__ import annotations

from marsad.backoffice.ports import FIELDS, NOBODY
from marsad.base.errors import InputError
from marsad.publish.read.reader import Ad
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


def context(request: PageRequest) -> dict[str, object]:
    """The form, its second step for an occupation, or thanks; NotFoundError for an unknown ad."""
    ad = request.reader.ad(request.path["key"])
    field = request.form_value("field") if request.sent else request.get("field") or "occupation"
    if field not in FIELDS:
        raise InputError(f"{field!r} is not something that can be reported of an ad")
    words, note = request.form_value("words"), request.form_value("note", _NOTE)
    code = request.form_value("code")
    shown: dict[str, object] = {
        "heading": request._(TITLE),
        "ad": ad,
        "field": field,
        "names": REPORTED,
        "words": words,
        "note": note,
        "current": _current_label(request, ad, field),
        "choices": [],
        "number": None,
        "wrong": "",
        "takes": request.desk is not NOBODY,
        "languages_known": request.reader.code_names("language", request.language),
    }
    if not request.sent:
        return shown
    if field == "occupation" and not code and words:
        groups = request.reader.finder.meaning(words).occupations[:_CHOICES]
        shown["choices"] = [(f.code, request.label("occupation", f.code)) for f in groups]
        return shown
    if field == "language":
        code = words
    value = code if field in ("occupation", "language") else words
    if not (value or note or field in _PLAIN):
        shown["wrong"] = request._("Say what it should be, or add a note.")
        return shown
    try:
        shown["number"] = request.desk.reports.keep(ad.key, field, _code(ad, field), value, note)
    except InputError:
        shown["wrong"] = request._(
            "This report cannot be taken now: too many wait to be read for this ad, or the answer is not in the list."
        )
    return shown


def _code(ad: Ad, field: str) -> str:
    """What the ad's page shows for the field, as a code."""
    coded = getattr(ad, "province" if field == "place" else field, None)
    return str(getattr(coded, "code", "") or "")


def _current_label(locale: Locale, ad: Ad, field: str) -> str:
    code = _code(ad, field)
    return locale.label({"place": "area"}.get(field, field), code) if code else ""
