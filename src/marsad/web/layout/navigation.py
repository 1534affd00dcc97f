"""The ways through the portal: the menu, the foot, and the doors for each actor.

An entry whose page is not installed is not shown, so a page can be taken away by its folder alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from marsad.web.locale import N_
from marsad.web.pages import pages


@dataclass(frozen=True, slots=True)
class Way:
    """One entry: the page it leads to, its address, its name, and the pages that lie behind it."""

    page: str
    path: str
    name: str
    inner: tuple[str, ...] = ()


MENU = (
    Way("indicators", "/indicators", N_("Figures"), ("indicator",)),
    Way("areas", "/areas", N_("Places"), ("area",)),
    Way("occupations", "/occupations", N_("Occupations"), ("occupation", "sector", "sectors", "skill", "skills")),
    Way("trainings", "/trainings", N_("Trainings"), ("training", "planner")),
    Way("ads", "/ads", N_("Job ads"), ("ad", "ad_report")),
    Way("match", "/match", N_("Find my way"), ("match_employer", "match_counsellor")),
    Way("policy", "/policy", N_("Policy desk"), ("measure",)),
    Way("library", "/library", N_("Library"), ("study",)),
)  # fmt: skip
FOOT = (
    Way("method", "/method", N_("How the figures are made"), ("indicator_method",)),
    Way("sources", "/sources", N_("Sources")),
    Way("data", "/data", N_("Download and reuse")),
    Way("bulletins", "/bulletins", N_("Bulletins")),
    Way("alerts", "/alerts", N_("Alerts"), ("alert",)),
    Way("light", "/light", N_("Light version")),
    Way("about", "/about", N_("Licences and credits")),
    Way("admin", "/admin", N_("People on duty"), ("admin_login",)),
)


def installed(ways: tuple[Way, ...]) -> list[Way]:
    """Those of `ways` whose page is there."""
    return [way for way in ways if way.page in pages()]
