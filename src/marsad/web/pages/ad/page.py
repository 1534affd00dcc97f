"""One ad: what it says, how it was coded and why, and how many copies were folded into it."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.publish.read.reader import Ad, AdDetail, Coded
from marsad.web.excerpts import Quotes
from marsad.web.locale import N_
from marsad.web.pages.ad import checks, pay
from marsad.web.pages.ad.posting import posting
from marsad.web.request import PageRequest

PATH = "/ads/{key}"
TITLE = N_("Job ad")

_CODED = (
    ("occupation", N_("Occupation"), "occupation"),
    ("region", N_("Region"), "area"),
    ("province", N_("Province or prefecture"), "area"),
    ("commune", N_("Commune"), "area"),
    ("contract", N_("Contract"), "contract"),
    ("diploma", N_("Diploma asked for"), "diploma"),
    ("experience_years", N_("Experience asked for"), ""),
    ("language", N_("Language of the ad"), "language"),
)

# Shown only where the ad says them.
_TERMS = (
    ("isic", N_("Sector of activity")),
    ("working_time", N_("Working time")),
    ("remote", N_("Remote work")),
    ("work_kind", N_("Kind of work")),
    ("isced_level", N_("Level of education")),
)
_SYSTEMS = {"occupation": "ISCO", "isic": "ISIC", "isced_level": "ISCED"}
_MOST_USUAL = 12

_JUDGED = N_("judged by a person")  # what the flow writes as evidence of a person's judgement


def context(request: PageRequest) -> dict[str, object]:
    """The ad and its codes; NotFoundError for an unknown key."""
    ad = request.reader.ad(request.path["key"])
    quotes = Quotes(ad.title, ad.text, ad.company, ad.place_text)
    return {
        "heading": ad.title or request._(TITLE),
        "ad": ad,
        "posting": posting(ad),
        "codes": [
            {**row, "evidence": quotes.written(str(row["evidence"]))} for row in _codes(request, ad)
        ],
        "flags": checks.listed(request, ad, quotes),
        "usual": _usual(request, ad),
        "skills": [
            (request.label("skill", skill.code), quotes.written(skill.evidence))
            for skill in ad.skills
        ],
    }


def _codes(request: PageRequest, ad: Ad) -> Iterator[dict[str, object]]:
    """The rows of the table of codes, in its order."""
    yield from (_row(request, ad, *coded) for coded in _CODED)
    for name, title in _TERMS:
        if getattr(ad, name):
            yield _row(request, ad, name, title, name)
    if ad.pay:
        row = _plain_row(request, N_("Pay"), pay.in_words(request, ad.pay))
        month, score = pay.a_month(request, ad.pay), request.format.share(ad.pay.score)
        yield {**row, "more": month, "score": score, "evidence": ad.pay.evidence}
    if ad.positions:
        yield _plain_row(request, N_("Number of posts"), request.format.number(ad.positions))
    yield from _esco(request, ad)


def _plain_row(request: PageRequest, title: str, value: str) -> dict[str, object]:
    """A row without code, score or words."""
    row = {"title": request._(title), "value": value}
    return {**row, "code": "", "more": "", "score": "", "evidence": ""}


def _usual(request: PageRequest, ad: AdDetail) -> list[str]:
    """Names of the skills usual in the ad's occupation that it does not say, where we have one."""
    named = {code: request.label("skill", code) for code in ad.usual_skills}
    return sorted(name for code, name in named.items() if name != code)[:_MOST_USUAL]


def _esco(request: PageRequest, ad: Ad) -> list[dict[str, object]]:
    """The ESCO occupation by name, where this installation has imported ESCO's labels."""
    name = request.label("esco", ad.esco) if ad.esco else ""
    if name == ad.esco:
        return []
    return [_plain_row(request, N_("ESCO occupation"), name)]


def _row(request: PageRequest, ad: Ad, name: str, title: str, dimension: str) -> dict[str, object]:
    """One coded property: what was decided, how surely, on which words."""
    coded: Coded | None = getattr(ad, name)
    if coded is None:
        return _plain_row(request, title, "")
    if dimension:
        value = request.label(dimension, coded.code)
    elif coded.code.isdecimal():
        value = request.ngettext("%(count)s year", "%(count)s years", int(coded.code))
    else:
        value = coded.code
    return {
        **_plain_row(request, title, value),
        "code": f"{_SYSTEMS[name]} {coded.code}" if name in _SYSTEMS else "",
        "score": request.format.share(coded.score),
        "evidence": request._(_JUDGED) if coded.evidence == _JUDGED else coded.evidence,
    }
