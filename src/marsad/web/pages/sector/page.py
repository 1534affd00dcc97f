"""One sector of activity: who is sought in it, where, at what pay, with which skills."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.base.codes import codelist
from marsad.base.errors import NotFoundError
from marsad.base.refusals import refused
from marsad.publish.read.reader import AdQuery
from marsad.web.demand import demand_of, sentence
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/sectors/{code}"
TITLE = N_("Sector")


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    code: str
    d: dict[str, object]
    sentence: str


def context(request: PageRequest) -> View:
    """Everything the page shows; NotFoundError for a code that is no section of ISIC."""
    code = request.path["code"]
    if code not in codelist("isic") or code.startswith("_"):
        raise NotFoundError(refused("no_sector", code=code))
    demand = request.reader.profiles.demand(AdQuery(filters={"sector": code}))
    name = request.label("isic", code)
    return View(
        heading=name,
        code=code,
        d=demand_of(request, demand),
        sentence=sentence(request, name, demand),
    )
