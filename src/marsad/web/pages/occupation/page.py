"""One occupation, a group of ISCO-08: demand, place, pay, skills, trainings and what is near it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marsad.base.codes import codelist
from marsad.base.errors import NotFoundError
from marsad.base.labels import Text
from marsad.base.refusals import refused
from marsad.publish.read.profiles import Demand, Neighbour
from marsad.publish.read.reader import AdQuery
from marsad.web.demand import demand_of, link_if_installed, sentence, tension
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.request import PageRequest

PATH = "/occupations/{code}"
TITLE = N_("Occupation")
LEVELS = (N_("major group"), N_("sub-major group"), N_("minor group"), N_("unit group"))


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    code: str
    group: str
    esco: str
    level: str
    path: list[tuple[str, str]]
    below: list[tuple[str, str]]
    escos: list[tuple[str, str]]
    d: dict[str, object]
    essential: list[tuple[str, str]]
    tension: dict[str, object] | None
    career: str
    trainings: list[dict[str, object]]
    neighbours: list[dict[str, object]]
    sentence: str
    markup: dict[str, object]


def context(request: PageRequest) -> View:
    """Everything the page shows; NotFoundError for a code that ISCO-08 (or, where its labels are
    loaded, ESCO) does not have."""
    code = request.path["code"]
    group, _, rest = code.partition(".")
    if group not in codelist("isco08") or not group.isdecimal():
        raise NotFoundError(refused("no_occupation", code=code))
    esco, profiles = code if rest else "", request.reader.profiles
    named = profiles.esco(f"{group}.") if len(group) == 4 else {}
    if esco and esco not in named:
        raise NotFoundError(refused("no_esco_label", code=code))
    demand = profiles.demand(AdQuery(filters={"occupation": group}))
    name = request.text(named[esco]) if esco else request.label("occupation", group)
    below = [c for c in codelist("isco08") if len(c) == len(group) + 1 and c.startswith(group)]
    return View(
        heading=name,
        code=code,
        group=group,
        esco=esco,
        level=request._(LEVELS[len(group) - 1]),
        path=[(c, request.label("occupation", c)) for c in (group[:n] for n in range(1, len(group)))],
        below=[(c, request.label("occupation", c)) for c in below],
        escos=[] if esco else _direct(request, named),
        d=demand_of(request, demand),
        essential=_essential(request, esco or group),
        tension=tension(request, demand.synthetic),
        career=link_if_installed(request, "match", "/match", {"occupation": group}),
        trainings=profiles.trainings(group),
        neighbours=[_near(request, neighbour) for neighbour in profiles.neighbours(group)]
        if len(group) == 4
        else [],
        sentence=sentence(request, request.label("occupation", group), demand),
        markup=_markup(request, demand, name, code),
    )  # fmt: skip


def _direct(locale: Locale, named: Mapping[str, Text]) -> list[tuple[str, str]]:
    """Occupations of ESCO right below the group (2512.4); narrower ones (2512.4.1) are too many."""
    return [(code, locale.text(text)) for code, text in named.items() if code.count(".") == 1]


def _essential(locale: Locale, code: str) -> list[tuple[str, str]]:
    """Skills that ESCO holds essential there, the most widely needed first, with their names."""
    skills = [str(row["skill"]) for row in locale.reader.lookups.essential(code)]
    named = [(s, locale.label("skill", s)) for s in skills]
    return [(s, name) for s, name in named if name != s][:20]


def _near(locale: Locale, neighbour: Neighbour) -> dict[str, object]:
    return {
        "code": neighbour.code,
        "name": locale.label("occupation", neighbour.code),
        "shared": [locale.label("skill", s) for s in neighbour.shared],
    }


def _markup(locale: Locale, demand: Demand, name: str, code: str) -> dict[str, object]:
    """schema.org Occupation; pay only where it is real and told. Ads are counted for groups of
    ISCO-08, so an occupation of ESCO has neither their skills nor their pay."""
    esco = "." in code
    markup: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Occupation",
        "name": name,
        "occupationalCategory": f"{'ESCO' if esco else 'ISCO-08'} {code}",
        "occupationLocation": {"@type": "Country", "name": "MA"},
    }
    if demand.skills and not demand.synthetic and not esco:
        markup["skills"] = [locale.label("skill", part.code) for part in demand.skills]
    pay = demand.pay
    if pay.median is not None and not demand.synthetic and not esco:
        markup["estimatedSalary"] = {
            "@type": "MonetaryAmountDistribution",
            "currency": "MAD",
            "duration": "P1M",
            "median": pay.median,
        }
    return markup
