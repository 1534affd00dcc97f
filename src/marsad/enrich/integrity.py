"""Integrity of an ad: what in it a reader or an inspector should look at twice, with its words.

A flag says «these words are in the ad», never «this is unlawful», and drops nothing. Inclusive words
(«H/F», «ذكور وإناث»), the grammatical gender of a title, and talk of equality are no condition of sex.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from marsad.base import wages
from marsad.base.text import match_form
from marsad.enrich import conditions, phrases
from marsad.enrich.conditions import Read
from marsad.enrich.fields.salary.classify import Salary
from marsad.enrich.lexicon import Match

_WORDS = Path(__file__).with_name("integrity_words.yml")
_STALE_DAYS = 180
_TOO_GOOD_MAD = 20_000.0  # a month, without experience or diploma
_NEVER_MAD = 150_000.0  # a month, for anyone
_NET_SHARE = 0.93  # of gross pay at the minimum wage: social contributions taken off
_NOT_FULL = frozenset({"internship", "apprenticeship", "freelance", "anapec"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an ad when it is flagged: its words, what was read from them, its days."""

    title: str
    text: str
    company: str = ""
    contract: str = ""
    working_time: str = ""
    salary: Salary | None = None
    posted_on: dt.date | None = None
    deadline_on: dt.date | None = None
    other_minimum: bool = False  # work in a home or on a farm, whose legal minimum is another


@dataclass(frozen=True, slots=True)
class Flag:
    """A code of the list `integrity_flag` and the words (or days, or amounts) it rests on."""

    flag: str
    evidence: str


def _below_minimum(ad: Facts) -> str:
    pay = ad.salary
    if (
        pay is None
        or ad.contract in _NOT_FULL
        or ad.working_time == "part_time"
        or ad.other_minimum
    ):
        return ""
    month = pay.month_mad[1] or pay.month_mad[0]
    legal = wages.minimum_month_mad(ad.posted_on)
    if not month or not legal or (pay.high is not None and not pay.month_mad[1]):
        return ""
    least = legal if pay.basis == "gross" else legal * _NET_SHARE
    return f"{pay.evidence} ({month:.0f} < {least:.0f} MAD)" if month < least - 1 else ""


def stale(
    posted_on: dt.date | None, deadline_on: dt.date | None, last_seen_on: dt.date | None
) -> Flag | None:
    """The flag of an ad that was seen after its last day to apply, or long after its posting."""
    if last_seen_on is None:
        return None
    if deadline_on and deadline_on < last_seen_on:
        return Flag("stale", f"{deadline_on} < {last_seen_on}")
    if posted_on and (last_seen_on - posted_on).days > _STALE_DAYS:
        return Flag("stale", f"{posted_on} .. {last_seen_on}")
    return None


def in_columns(raised: Sequence[Flag]) -> tuple[str, str]:
    """Flags as columns of an ad: their codes, and the words of each."""
    return (
        " ".join(flag.flag for flag in raised),
        "; ".join(f"{flag.flag}: {flag.evidence}" for flag in raised),
    )


def _too_good(ad: Facts, cues: dict[str, Match[str]]) -> str:
    if match := cues.get("too_good"):
        return match.phrase
    ends = ad.salary.month_mad if ad.salary else (None, None)
    month = ends[0] or ends[1] or 0.0
    if month > _NEVER_MAD or (month > _TOO_GOOD_MAD and "no_experience" in cues):
        return ad.salary.evidence if ad.salary else ""
    return ""


def _likely_fake(ad: Facts, reads: tuple[Read, Read], fee: str) -> str:
    """At least two signs, one of them grave: fees, pay too good, guaranteed visas, bank data."""
    cues: dict[str, Match[str]] = {}
    for read in reads:
        for match in read.matches:
            cues.setdefault(match.payload, match)
    grave = [fee, _too_good(ad, cues)]
    grave += [cues[name].phrase for name in ("abroad", "private_data") if name in cues]
    grave = [words for words in grave if words]
    if not grave:
        return ""
    light = (
        [cues["messaging"].phrase] if "messaging" in cues and "other_contact" not in cues else []
    )
    nameless = not ad.company or match_form(ad.company) in phrases.phrases(_WORDS)["no_employer"]
    signs = [*grave, *light, *(["no employer"] if nameless else [])]
    return " + ".join(signs) if len(signs) >= 2 else ""


def _raised(ad: Facts) -> Iterator[Flag]:
    reads = (conditions.read(ad.title), conditions.read(ad.text))
    first: dict[str, Callable[[Read], str]] = {
        "age_condition": conditions.age,
        "appearance_condition": conditions.appearance,
        "disability_condition": conditions.disability,
        "origin_condition": conditions.origin,
        "marital_condition": conditions.marital,
        "fee_asked": conditions.fee,
    }
    gender = conditions.gender_of_title(reads[0], ad.title) or conditions.gender(reads[1])
    yield Flag("gender_condition", gender)
    raised = {name: rule(reads[0]) or rule(reads[1]) for name, rule in first.items()}
    yield from (Flag(name, words) for name, words in raised.items())
    yield Flag("below_minimum_wage", _below_minimum(ad))
    yield Flag("likely_fake", _likely_fake(ad, reads, raised["fee_asked"]))


def flags(ad: Facts) -> list[Flag]:
    """The flags of an ad, in the order of their rules, each once; an empty list for most ads."""
    return [flag for flag in _raised(ad) if flag.evidence]
