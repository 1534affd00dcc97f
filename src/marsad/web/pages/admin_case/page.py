"""One case to review: the ads in full, what the program decided and on what, and a person's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from marsad.backoffice.ports import CaseAd
from marsad.base.errors import InputError
from marsad.base.refusals import refused
from marsad.web.authorisation import on_duty
from marsad.web.cases import SCHEMES, in_words, waiting
from marsad.web.locale import N_
from marsad.web.localisation import Site
from marsad.web.request import PageRequest

PATH = "/admin/review/case"
TITLE = N_("A case to review")
POST = True
CACHEABLE = False
_QUEUE, _NOTE = 500, 300


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    scheme: str
    kind: str
    ads: tuple[CaseAd, ...]
    answers: list[tuple[str, str, str]]
    judged: list[tuple[str, str, str, str]]
    links: list[Mapping[str, object]]
    skip: str
    wrong: str


def context(request: PageRequest) -> View | Response:
    """The case; after a judgement the way to the next one, or to the queue when it was the last."""
    person = on_duty(request, "review")
    if isinstance(person, Response):
        return person
    scheme, subject = request.get("scheme"), request.get("subject")
    if scheme not in SCHEMES or not subject:
        raise InputError(refused("review_case", known="isco08, dedup, language"))
    wrong = ""
    if request.sent:
        value = request.form_value("other") or request.form_value("value")
        try:
            request.desk.reviews.judge(
                scheme, subject, value, judge=person.name, note=request.form_value("note", _NOTE),
                again=bool(request.form_value("again")),
            )  # fmt: skip
        except InputError as error:
            judged_already = (
                scheme,
                subject,
            ) in request.desk.reviews.judged() and not request.form_value("again")
            wrong = (
                request._("This case is judged already: tick “Judge anew” to judge it again.")
                if judged_already
                else str(error)
            )
        else:
            request.desk.people.note(person.name, f"judged {scheme} {value}", subject)
            after = _next(request, scheme, subject) or request.link("/admin/review", {"kept": "1"})
            return RedirectResponse(after, status_code=303)
    ads = request.desk.reviews.case(subject)
    return View(
        scheme=scheme,
        kind=request._(SCHEMES[scheme][0]),
        ads=ads,
        answers=_answers(request, scheme, ads[0]),
        judged=_judged(request, scheme, subject, ads[0]),
        links=[link for link in ads[0].links if {link["ad_a"], link["ad_b"]} == set(subject.split(" "))],
        skip=_next(request, scheme, subject) or request.link("/admin/review"),
        wrong=wrong,
    )  # fmt: skip


def _next(request: PageRequest, scheme: str, subject: str) -> str:
    """The address of the case after this one, or of the first that waits; empty when none does."""
    cases = [case.subject for case in request.reader.review(scheme, _QUEUE)]
    after = cases.index(subject) + 1 if subject in cases else 0
    left = {case.subject for case in waiting(request, scheme, _QUEUE)} - {subject}
    for other in (*cases[after:], *cases[:after]):
        if other in left:
            return request.link("/admin/review/case", {"scheme": scheme, "subject": other})
    return ""


def _answers(site: Site, scheme: str, ad: CaseAd) -> list[tuple[str, str, str]]:
    """(code, name, what speaks for it) of every answer, the one in force first."""
    if scheme == "dedup":
        return [(code, in_words(site, scheme, code), "") for code in ("same", "different")]
    now = site._("as it stands")
    if scheme == "language":
        listed = site.reader.code_names("language", site.language)
        return [(code, name, now if code == ad.language else "") for code, name in listed]
    reasons = {code: site.format.share(score) for code, score in ad.readings}
    if ad.isco08:
        reasons = {ad.isco08: now, **{c: s for c, s in reasons.items() if c != ad.isco08}}
    answers = [(code, site.label("occupation", code), why) for code, why in reasons.items()]
    return [*answers, ("X", site._("The ad names no occupation"), "" if ad.isco08 else now)]


def _judged(site: Site, scheme: str, subject: str, ad: CaseAd) -> list[tuple[str, str, str, str]]:
    """(answer, judge, day, note) of what people judged of this very case."""
    return [
        (in_words(site, scheme, row["value"]), row["judge"],
         site.format.date_text(row["judged_at"][:10]), row["note"])
        for row in ad.judged
        if (row["scheme"], row["subject"]) == (scheme, subject)
    ]  # fmt: skip
