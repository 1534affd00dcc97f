"""One ad: what it says, how it was coded and why, and how many copies were folded into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from marsad.base.fields import CODE, Property, properties, public_name
from marsad.publish.read.reader import Ad, AdDetail, Coded
from marsad.web.excerpts import Quotes
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.pages.ad import checks, pay
from marsad.web.pages.ad.posting import posting
from marsad.web.request import PageRequest

PATH = "/ads/{key}"
TITLE = N_("Job ad")

_MOST_USUAL = 12

_JUDGED = N_("judged by a person")  # what the flow writes as evidence of a person's judgement


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    ad: AdDetail
    posting: dict[str, object] | None
    codes: list[dict[str, object]]
    flags: list[dict[str, object]]
    usual: list[str]
    skills: list[tuple[str, str]]


def context(request: PageRequest) -> View | Response:
    """The ad and its codes, or the way to the opening into which it was folded; NotFoundError for an unknown
    key."""
    ad = request.reader.ad(request.path["key"])
    if ad.key != request.path["key"]:
        return RedirectResponse(request.link(f"/ads/{quote(ad.key)}"), status_code=302)
    quotes = Quotes(ad.title, ad.text, ad.company, ad.place_text)
    return View(
        heading=ad.title or request._(TITLE),
        ad=ad,
        posting=posting(ad),
        codes=[
            {**row, "evidence": quotes.written(str(row["evidence"]))} for row in _codes(request, ad)
        ],
        flags=checks.listed(request, ad, quotes),
        usual=_usual(request, ad),
        skills=[
            (request.label("skill", skill.code), quotes.written(skill.evidence))
            for skill in ad.skills
        ],
    )


def _codes(site: Site, ad: Ad) -> Iterator[dict[str, object]]:
    """The rows of the table of codes: first those that every ad has, then what this one says."""
    rows = [(name, p) for name, p in properties().items() if p.row]
    for name, declared in rows:
        if declared.row == "always" and declared.type == CODE:
            yield _row(site, ad.codes[public_name(name)], declared)
        elif declared.row == "always":
            yield _experience(site, ad.experience_years, declared)
    for name, declared in rows:
        if declared.row == "known" and (code := ad.codes[public_name(name)]):
            yield _row(site, code, declared)
    if ad.pay:
        row = _plain(site._(N_("Pay")), pay.in_words(site, ad.pay))
        month, score = pay.a_month(site, ad.pay), site.format.share(ad.pay.score)
        yield {**row, "more": month, "score": score, "evidence": ad.pay.evidence}
    if ad.positions:
        title = site.text(properties()["positions"].title)
        yield _plain(title, site.format.number(ad.positions))
    yield from _esco(site, ad)


def _plain(title: str, value: str) -> dict[str, object]:
    """A row without code, score or words."""
    return {"title": title, "value": value, "code": "", "more": "", "score": "", "evidence": ""}


def _usual(locale: Locale, ad: AdDetail) -> list[str]:
    """Names of the skills usual in the ad's occupation that it does not say, where we have one."""
    named = {code: locale.label("skill", code) for code in ad.usual_skills}
    return sorted(name for code, name in named.items() if name != code)[:_MOST_USUAL]


def _esco(locale: Locale, ad: Ad) -> list[dict[str, object]]:
    """The ESCO occupation by name, where this installation has imported ESCO's labels."""
    name = locale.label("esco", ad.esco) if ad.esco else ""
    if name == ad.esco:
        return []
    return [_plain(locale._(N_("ESCO occupation")), name)]


def _row(locale: Locale, code: Coded | None, declared: Property) -> dict[str, object]:
    """One coded property: what was decided, how surely, on which words."""
    title = locale.text(declared.title)
    if code is None:
        return _plain(title, "")
    return {
        **_plain(title, locale.label(declared.codelist, code.code)),
        "code": f"{declared.system} {code.code}" if declared.system else "",
        **_basis(locale, code),
    }


def _basis(locale: Locale, code: Coded) -> dict[str, object]:
    """How sure a code is, and the words it rests on."""
    evidence = locale._(_JUDGED) if code.evidence == _JUDGED else code.evidence
    return {"score": locale.format.share(code.score), "evidence": evidence}


def _experience(locale: Locale, years: Coded | None, declared: Property) -> dict[str, object]:
    title = locale.text(declared.title)
    if years is None:
        return _plain(title, "")
    value = years.code
    if value.isdecimal():
        value = locale.ngettext("%(count)s year", "%(count)s years", int(value))
    return {**_plain(title, value), **_basis(locale, years)}
