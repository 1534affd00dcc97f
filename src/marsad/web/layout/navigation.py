"""The ways through the portal: the menu, the foot, and the doors for each actor.

An entry whose page is not installed is not shown, so a page can be taken away by its folder alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from marsad.web.locale import N_
from marsad.web.pages import pages


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry: the page it leads to, its address, its name, and the pages that lie behind it."""

    page: str
    path: str
    name: str
    inner: tuple[str, ...] = ()


MENU = (
    MenuEntry("indicators", "/indicators", N_("Figures"), ("indicator",)),
    MenuEntry("areas", "/areas", N_("Places"), ("area",)),
    MenuEntry("occupations", "/occupations", N_("Occupations"), ("occupation", "sector", "sectors", "skill", "skills")),
    MenuEntry("trainings", "/trainings", N_("Trainings"), ("training", "planner")),
    MenuEntry("ads", "/ads", N_("Job ads"), ("ad", "ad_report")),
    MenuEntry("match", "/match", N_("Find my way"), ("match_employer", "match_counsellor")),
    MenuEntry("policy", "/policy", N_("Policy desk"), ("measure",)),
    MenuEntry("library", "/library", N_("Library"), ("study",)),
)  # fmt: skip
FOOT = (
    MenuEntry("method", "/method", N_("How the figures are made"), ("indicator_method",)),
    MenuEntry("sources", "/sources", N_("Sources")),
    MenuEntry("data", "/data", N_("Download and reuse")),
    MenuEntry("balance", "/balance", N_("Supply and demand")),
    MenuEntry("bulletins", "/bulletins", N_("Bulletins")),
    MenuEntry("alerts", "/alerts", N_("Alerts"), ("alert",)),
    MenuEntry("light", "/light", N_("Light version")),
    MenuEntry("about", "/about", N_("Licences and credits")),
    MenuEntry("admin", "/admin", N_("People on duty"), ("admin_login",)),
)


def installed(entries: tuple[MenuEntry, ...]) -> list[MenuEntry]:
    """Those of `entries` whose page is there."""
    return [entry for entry in entries if entry.page in pages()]
