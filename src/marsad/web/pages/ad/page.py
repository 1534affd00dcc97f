"""One ad: what it says, how it was coded and why, and how many copies were folded into it."""

from __future__ import annotations

from marsad.publish.query import Ad, Coded
from marsad.web.locale import N_
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

_JUDGED = N_("judged by a person")  # what the flow writes as evidence of a person's judgement


def context(request: PageRequest) -> dict[str, object]:
    """The ad and its codes; NotFoundError for an unknown key."""
    ad = request.reader.ad(request.path["key"])
    return {
        "heading": ad.title or request._(TITLE),
        "ad": ad,
        "codes": [*(_row(request, ad, *coded) for coded in _CODED), *_esco(request, ad)],
        "skills": [
            (request.label("skill", skill.code), skill.evidence, request.format.share(skill.score))
            for skill in ad.skills
        ],
    }


def _esco(request: PageRequest, ad: Ad) -> list[dict[str, object]]:
    """The ESCO occupation by name, where this installation has imported ESCO's labels."""
    name = request.label("esco", ad.esco) if ad.esco else ""
    if name == ad.esco:
        return []
    title = request._(N_("ESCO occupation"))
    return [{"title": title, "value": name, "code": "", "score": "", "evidence": ""}]


def _row(request: PageRequest, ad: Ad, name: str, title: str, dimension: str) -> dict[str, object]:
    """One coded property: what was decided, how surely, on which words."""
    found: Coded | None = getattr(ad, name)
    if found is None:
        return {"title": request._(title), "value": "", "code": "", "score": "", "evidence": ""}
    if dimension:
        value = request.label(dimension, found.code)
    elif found.code.isdecimal():
        value = request.ngettext("%(count)s year", "%(count)s years", int(found.code))
    else:
        value = found.code
    return {
        "title": request._(title),
        "value": value,
        "code": found.code if name == "occupation" else "",
        "score": request.format.share(found.score),
        "evidence": request._(_JUDGED) if found.evidence == _JUDGED else found.evidence,
    }
