"""Alerts: choose what to follow, and how to be told: by mail, web hook, or a feed that needs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from marsad.backoffice.ports import NOBODY
from marsad.base.errors import InputError, NotFoundError
from marsad.base.refusals import refused
from marsad.publish.feeds.news import KINDS, subject
from marsad.publish.http.replies import may_be_told
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/alerts"
TITLE = N_("Alerts")
POST = True
NAMES = {
    "search": N_("new ads for words"),
    "indicator": N_("an indicator"),
    "area": N_("a place"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    kinds: list[tuple[str, list[tuple[str, str]]]]
    kind: str
    q: str
    about: str
    indicators: list[tuple[str, list[tuple[str, str]]]]
    takes: bool
    address: str
    subject: str = ""
    feed: str = ""
    wrong: str = ""
    done: bool = False


def context(request: PageRequest) -> View:
    """The form, what it leads to, or thanks."""
    kind = (request.form_value("kind") if request.sent else request.get("kind")) or "search"
    if kind not in KINDS:
        raise InputError(refused("no_alert_kind", code=kind, known=", ".join(KINDS)))
    words = request.form_value("q") if request.sent else request.get("q")
    about = _about(request, kind, words)
    view = View(
        [("", [(k, request._(NAMES[k])) for k in KINDS])],
        kind,
        words,
        about.get("about", ""),
        [("", [(i.id, request.text(i.title)) for i in request.reader.indicators()])],
        request.desk is not NOBODY,
        request.form_value("address"),
    )
    try:
        view = replace(view, subject=subject(request.reader, kind, about, request.language))
    except (InputError, NotFoundError):
        if request.sent or words:
            wrong = request._("Say what to follow: nothing is known by these words.")
            return replace(view, wrong=wrong)
        return view
    view = replace(view, feed=request.link("/feed", {"kind": kind, **about}))
    if request.sent and request.form_value("channel"):
        return _asked_for(request, view, about)
    return view


def _asked_for(request: PageRequest, view: View, about: Mapping[str, str]) -> View:
    """The page after an alert was asked for: thanks, or why it cannot be given."""
    if not may_be_told(request.base):
        wrong = request._(
            "This installation does not know its own address yet, so it sends no message (MARSAD_SITE)."
        )
        return replace(view, wrong=wrong)
    try:
        request.desk.alerts.ask(
            request.form_value("channel"), view.address, request.language, view.kind, about,
            request.base,
        )  # fmt: skip
    except InputError:
        wrong = request._("This address cannot be used, or it has too many alerts.")
        return replace(view, wrong=wrong)
    return replace(view, done=True)


def _about(request: PageRequest, kind: str, words: str) -> dict[str, str]:
    """What is followed, as it is kept; a place may be given by its name."""
    if kind == "search":
        return {"q": words}
    chosen = request.form_value("about") if request.sent else request.get("about")
    if kind == "area" and not chosen and words:
        hits = request.reader.finder.hits("areas", words, 1)
        chosen = hits[0].code if hits else ""
    return {"about": chosen}
