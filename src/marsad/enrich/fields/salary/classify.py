"""Pay offered: the least and most amount, its period, gross or net, and the same in dirhams a month.

An amount is pay when it stands in the pay field, or has a currency or a word for pay near it and no
word for other money (turnover, budget, price, bonus). What the ad does not say is not guessed: no
period is read into an amount that could be of several, and bonuses are never added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import convert

from marsad.base.text import fold
from marsad.enrich import wages
from marsad.enrich.fields import AdWords, Cell, Columns
from marsad.enrich.fields.salary import amounts
from marsad.enrich.fields.salary.amounts import Amount

_HINTS = (
    "dh", "mad", "dirham", "drh", "derham", "درهم", "دراهم", "smig", "salair", "salari", "remuner",
    "salary", "wage", " fixe ", "راتب", "رواتب", "اجر", "اجور", "euro", "ريال", "usd", "dollar",
    "khlas", "صالير", "gratification", "package", " pay ", "paye", "saler ", "salir ", "خلاص",
)  # fmt: skip
_PLAUSIBLE_MONTH = (1_000.0, 300_000.0)
_ONLY_MONTH = (1_500.0, 59_999.0)  # an amount in dirhams that can only be of a month


@dataclass(frozen=True, slots=True)
class Salary:
    """Pay offered. `low` or `high` is None when the ad names the other end only; `period` is ''
    when neither said nor certain; `month_mad` holds both ends in dirhams a month."""

    low: float | None
    high: float | None
    currency: str
    period: str
    basis: str
    month_mad: tuple[float | None, float | None]
    score: float
    evidence: str


def _month(amount: float | None, period: str, currency: str) -> float | None:
    if amount is None or currency != "MAD":
        return None
    monthly = wages.month_mad(amount, period)
    return monthly if monthly and _PLAUSIBLE_MONTH[0] <= monthly <= _PLAUSIBLE_MONTH[1] else None


def _period(amount: Amount, currency: str) -> str:
    ends = [end for end in (amount.low, amount.high) if end is not None]
    only_month = all(_ONLY_MONTH[0] <= end <= _ONLY_MONTH[1] for end in ends)
    return amount.period or ("month" if currency == "MAD" and only_month else "")


def _salary(amount: Amount, score: float, local: str) -> Salary:
    currency = amount.currency or local
    period = _period(amount, currency)
    return Salary(
        low=amount.low,
        high=amount.high,
        currency=currency,
        period=period,
        basis=amount.basis or "unknown",
        month_mad=(_month(amount.low, period, currency), _month(amount.high, period, currency)),
        score=score,
        evidence=amount.evidence,
    )


def _minimum_wage(form: str, on: dt.date | None) -> Amount | None:
    """«Salaire : SMIG», as the legal minimum of the day."""
    words = form.split()
    legal = wages.minimum_month_mad(on)
    if legal is None or "smig" not in words:
        return None
    at = words.index("smig")
    near = words[max(0, at - 4) : at + 1]
    about_pay = {"salaire", "remuneration", "paye", "salary", "fixe"} & set(near) or len(words) <= 6
    several = any(word in {"fois", "x", "superieur", "plus", "dessus"} for word in near)
    return (
        Amount(legal, legal, "MAD", "month", "gross", 1.0, "smig")
        if about_pay and not several
        else None
    )


def salary_of(
    field: str, title: str, text: str, on: dt.date | None = None, local: str = "MAD"
) -> Salary | None:
    """The pay in the pay field (0.95), else in title or text: 0.9 with currency and a word for pay,
    0.7 with one of them. `on` is the day of the ad (for «SMIG»), `local` the currency of bare amounts
    in its country ('' when unknown). None when no amount of pay is named."""
    if field and (amount := amounts.of_field(field)):
        return _salary(amount, 0.95, local)
    for words, form in ((field, fold(field)), (title, fold(title)), (text, fold(text))):
        if not any(hint in form for hint in _HINTS):
            continue
        if amount := amounts.of_text(words) or _minimum_wage(form, on):
            return _salary(amount, 0.9 if amount.weight >= 1 else 0.7, local)
    return None


_CURRENCY = {"MA": "MAD", "SA": "SAR", "FR": "EUR", "ES": "EUR", "BE": "EUR", "US": "USD"}
"""What bare amounts are of, by country."""


def _columns(pay: Salary | None) -> dict[str, Cell]:
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


def classify(ads: Sequence[AdWords]) -> Columns:
    """`salary_of` for a batch of ads."""
    rows = [
        _columns(
            salary_of(ad.raw_salary, ad.title, ad.text, ad.posted_on, _CURRENCY.get(ad.country, ""))
        )
        for ad in ads
    ]
    return {name: [row[name] for row in rows] for name in _columns(None)}


def salary_in(columns: Mapping[str, Cell]) -> Salary | None:
    """The pay that `classify` wrote into the columns of an ad; None where none is named."""
    low, high = columns["salary_min"], columns["salary_max"]
    if low is None and high is None:
        return None
    month = (columns["salary_month_min_mad"], columns["salary_month_max_mad"])
    return convert(
        {
            "low": low,
            "high": high,
            "currency": columns["salary_currency"],
            "period": columns["salary_period"],
            "basis": columns["salary_basis"],
            "month_mad": month,
            "score": columns["salary_score"],
            "evidence": columns["salary_evidence"],
        },
        Salary,
    )
