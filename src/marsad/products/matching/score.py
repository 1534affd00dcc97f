"""How well an ad fits what a person says: a score from 0 to 1 and the reasons for it.

The score weighs three things, and only those that the person names; their weights then add up to 1.

- **Occupation, weight 50.** 1 when the ad is in the group named (ISCO-08, 1 to 4 digits); 0.6 when
  it shares three digits with it (same minor group), 0.4 two digits, 0.2 one digit (same major
  group); else 0.
- **Skills, weight 35.** The share of the skills that the ad names which the person has. 0 when the ad
  names none: what is not said cannot be weighed.
- **Place, weight 15.** 1 in the area named; 0.5 elsewhere in its region; else 0.

What is against an ad is told too and never lowers the score beyond the three parts: the skills it asks
that were not named, another place, another occupation.

Nothing else counts: not sex, age, name or nationality, nor who asked before. Every part of the score
is told as a reason, and every skill that the ad names and the person does not is told as missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from marsad.base.areas import region_of
from marsad.base.declare import load_declaration
from marsad.base.labels import Text

WEIGHTS = {"occupation": 50, "skills": 35, "place": 15}
_NEAR = {3: 0.6, 2: 0.4, 1: 0.2}
_GROUPS = {
    4: "same_unit_group",
    3: "same_minor_group",
    2: "same_sub_major_group",
    1: "same_major_group",
}
_ELSEWHERE_IN_REGION = 0.5
REASONS = load_declaration(Path(__file__).with_name("score.yml"), dict[str, Text])
"""Reason -> its words. The codes of a reason are ISCO-08, skill or area codes."""
AGAINST = frozenset({"skills_missing", "other_area", "other_occupation"})
"""Reasons that speak against an ad; the others speak for it."""
WIDENED = load_declaration(Path(__file__).with_name("widened.yml"), dict[str, Text])
"""What may be given up so that there are openings -> its words, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Seeker:
    """What a person says; what is empty does not count. `area` is a region, province or commune."""

    occupation: str = ""  # ISCO-08, 1 to 4 digits
    skills: frozenset[str] = field(default_factory=frozenset)
    area: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known of an ad; `areas` are its region, province and commune as far as known."""

    occupation: str
    skills: frozenset[str]
    areas: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code in REASONS, and the codes that it is about."""

    code: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """How well an ad fits, 0 (nothing in common) to 1, and why."""

    score: float
    reasons: tuple[Reason, ...]


Part = tuple[float, tuple[Reason, ...]]


def occupation(sought: str, offered: str) -> Part:
    """The part of the occupation, 0 to 1, and its reason."""
    same = 0
    while same < min(len(sought), len(offered)) and sought[same] == offered[same]:
        same += 1
    if not same:
        return 0.0, (Reason("other_occupation", (offered,)),) if offered else ()
    reason = Reason(_GROUPS[same], (offered[:same],))
    return (1.0 if same == len(sought) else _NEAR[same]), (reason,)


def _skills(sought: frozenset[str], offered: frozenset[str]) -> Part:
    shared, lacking = sought & offered, offered - sought
    codes_by_reason = (("skills_shared", shared), ("skills_missing", lacking))
    reasons = tuple(Reason(code, tuple(sorted(codes))) for code, codes in codes_by_reason if codes)
    return (len(shared) / len(offered) if offered else 0.0), reasons


def place(sought: str, offered: frozenset[str]) -> Part:
    """The part of the place, 0 to 1, and its reason."""
    if sought in offered:
        return 1.0, (Reason("same_area", (sought,)),)
    region = region_of(sought)
    if region and region in offered:
        return _ELSEWHERE_IN_REGION, (Reason("same_region", (region,)),)
    where = min(offered, key=len, default="")
    return 0.0, (Reason("other_area", (where,)),) if where else ()


def match(seeker: Seeker, offer: Offer) -> Match:
    """The score of an ad for a person and the reasons; 0 and none when the person says nothing."""
    parts: dict[str, Part] = {}
    if seeker.occupation:
        parts["occupation"] = occupation(seeker.occupation, offer.occupation)
    if seeker.skills:
        parts["skills"] = _skills(seeker.skills, offer.skills)
    if seeker.area:
        parts["place"] = place(seeker.area, offer.areas)
    whole = sum(WEIGHTS[name] for name in parts)
    score = sum(WEIGHTS[name] * part for name, (part, _) in parts.items()) / (whole or 1)
    return Match(score, tuple(reason for _, reasons in parts.values() for reason in reasons))
