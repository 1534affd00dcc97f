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


def coded(name: str, candidate: Candidate | None) -> Row:
    """The three columns of a coded field: code, score, evidence."""
    return {
        name: candidate.code if candidate else "",
        f"{name}_score": candidate.score if candidate else None,
        f"{name}_evidence": candidate.evidence if candidate else "",
    }


def _pay(pay: Salary | None) -> Row:
    return {
        "salary_min": pay.low if pay else None,
        "salary_max": pay.high if pay else None,
        "salary_currency": pay.currency if pay else "",
        "salary_period": pay.period if pay else "",
        "salary_basis": pay.basis if pay else "",
        "salary_month_min_mad": pay.month_mad[0] if pay else None,
        "salary_month_max_mad": pay.month_mad[1] if pay else None,
        "salary_score": pay.score if pay else None,
        "salary_evidence": pay.evidence if pay else "",
    }


def _last_day(title: str, text: str, life: Row) -> dt.date | None:
    stated: dt.date | None = life["deadline_on"]
    if stated is not None:
        return stated
    candidate = deadline(title, text, life["posted_on"])
    return dt.date.fromisoformat(candidate.code) if candidate else None


def _posts(stated: int | None, title: str, text: str) -> int | None:
    if stated is not None:
        return stated
    candidate = positions(title, text)
    return int(candidate.code) if candidate else None


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
