"""One skill: who asks for it, where, at what pay, and which skills go with it."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.reader import AdQuery
from marsad.web.demand import demand_of, link_if_installed, sentence, source
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/skills/{code}"
TITLE = N_("Skill")


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    d: dict[str, object]
    beside: list[tuple[str, str, list[dict[str, str]]]]
    essential: list[tuple[str, str]]
    sentence: str
    openings: str


def context(request: PageRequest) -> View:
    """Everything the page shows; NotFoundError for a skill that the release does not have."""
    code = request.path["code"]
    known = request.reader.lookups.skill(code)
    profiles = request.reader.profiles
    demand = profiles.demand(AdQuery(filters={"skill": code}))
    origin = source(request, demand)
    groups = sorted({str(esco)[:4] for esco in known["essential_for"]})
    return View(
        heading=request.text(known["name"]),
        d=demand_of(request, demand),
        beside=[
            (request.label("skill", c), request.link(f"/skills/{c}"), [counted(request, n, origin)])
            for c, n in profiles.beside(code)
        ],
        essential=[(g, request.label("occupation", g)) for g in groups],
        sentence=sentence(request, request.text(known["name"]), demand),
        openings=link_if_installed(request, "match", "/match", {"skills": code}),
    )
