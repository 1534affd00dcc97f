"""The terms of an ad: pay, working time, place of work, sector, posts, deadline, level, flags.

One row of columns of `core_ads` from the words of an ad and what is known of its days.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from marsad.enrich.fields.deadline.classify import classify as deadline
from marsad.enrich.fields.diploma.classify import isced_level
from marsad.enrich.fields.isic.classify import classify as sector
from marsad.enrich.fields.positions.classify import classify as positions
from marsad.enrich.fields.remote.classify import classify as remote
from marsad.enrich.fields.salary.classify import Salary
from marsad.enrich.fields.salary.classify import classify as salary
from marsad.enrich.fields.working_time.classify import classify as working_time
from marsad.enrich.integrity import Facts, flags
from marsad.enrich.lexicon import Candidate

Row = dict[str, Any]
_CURRENCY = {"MA": "MAD", "SA": "SAR", "FR": "EUR", "ES": "EUR", "BE": "EUR", "US": "USD"}


def coded(name: str, found: Candidate | None) -> Row:
    """The three columns of a coded field: code, score, evidence."""
    return {
        name: found.code if found else "",
        f"{name}_score": found.score if found else None,
        f"{name}_evidence": found.evidence if found else "",
    }


def _pay(found: Salary | None) -> Row:
    return {
        "salary_min": found.low if found else None,
        "salary_max": found.high if found else None,
        "salary_currency": found.currency if found else "",
        "salary_period": found.period if found else "",
        "salary_basis": found.basis if found else "",
        "salary_month_min_mad": found.month_mad[0] if found else None,
        "salary_month_max_mad": found.month_mad[1] if found else None,
        "salary_score": found.score if found else None,
        "salary_evidence": found.evidence if found else "",
    }


def _last_day(title: str, text: str, life: Row) -> dt.date | None:
    given: dt.date | None = life["deadline_on"]
    if given is not None:
        return given
    found = deadline(title, text, life["posted_on"])
    return dt.date.fromisoformat(found.code) if found else None


def _posts(given: int | None, title: str, text: str) -> int | None:
    if given is not None:
        return given
    found = positions(title, text)
    return int(found.code) if found else None


def read_terms(raw: Row, title: str, text: str, life: Row, *, contract: str, diploma: str) -> Row:
    """The terms of an ad as columns: what the source gives stands, its words fill what is missing.

    `life` holds posted_on, deadline_on and last_seen_on; `contract` and `diploma` are codes.
    """
    pay = salary(
        raw["raw_salary"], title, text, life["posted_on"], _CURRENCY.get(raw["country"], "")
    )
    hours = working_time(raw["raw_contract"], title, text)
    last_day = _last_day(title, text, life)
    facts = Facts(
        title=title,
        text=text,
        company=raw["raw_company"],
        contract=contract,
        working_time=hours.code if hours else "",
        salary=pay if raw["country"] == "MA" else None,
        posted_on=life["posted_on"],
        deadline_on=last_day,
        last_seen_on=life["last_seen_on"],
    )
    raised = flags(facts)
    return {
        **_pay(pay),
        **coded("working_time", hours),
        **coded("remote", remote(raw["raw_contract"], title, text)),
        **coded("isic", sector(raw["raw_sector"], raw["raw_company"], title, text)),
        "positions": _posts(raw["positions"], title, text),
        "deadline_on": last_day,
        "isced_level": isced_level(diploma),
        "flags": " ".join(flag.flag for flag in raised),
        "flags_evidence": "; ".join(f"{flag.flag}: {flag.evidence}" for flag in raised),
    }
