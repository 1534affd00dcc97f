"""Pay offered: the least and most amount, its period, gross or net, and the same in dirhams a month.

An amount is pay when it stands in the pay field, or has a currency or a word for pay near it and no
word for other money (turnover, budget, price, bonus). What the ad does not say is not guessed: no
period is read into an amount that could be of several, and bonuses are never added.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import convert

from marsad.base import money, wages
from marsad.base.text import fold
from marsad.enrich.fields import AdWords, Cell, Columns
from marsad.enrich.fields.salary import amounts
from marsad.enrich.fields.salary.amounts import Amount

_HINTS = (
    "dh", "mad", "dirham", "drh", "derham", "درهم", "دراهم", "smig", "salair", "salari", "remuner",
    "salary", "wage", " fixe ", "راتب", "رواتب", "اجر", "اجور", "euro", "ريال", "usd", "dollar",
    "khlas", "صالير", "gratification", "package", " pay ", "paye", "saler ", "salir ", "خلاص", "cfa",
    "خلص", "خلاص", "ryal", "ريال", "مانض", "dinar", "دينار", "riyal", "pound", "franc", "دولار", "جنيه", "يورو", "اورو", "pay", "stipend",
)  # fmt: skip
_SIGNS = re.compile(
    r"[€$£₹₺¥]|دج|د\.[إاجتكبع]|ر\.[سقع]|ouguiya|sterling|(?<![A-Z])(?:[A-Z]{3}|DT|DA)(?![A-Z])"
)
_PLAUSIBLE_MONTH = (1_000.0, 150_000.0)
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
    if amount.period == amounts.OTHER:
        return ""
    ends = [end for end in (amount.low, amount.high) if end is not None]
    only_month = all(_ONLY_MONTH[0] <= end <= _ONLY_MONTH[1] for end in ends)
    return amount.period or ("month" if currency == "MAD" and only_month else "")


def _salary(amount: Amount, score: float, local: str) -> Salary:
    currency = amount.currency if amount.named else local
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


_TIMES = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?) ?(?:x|×|\*|fois)? ?(?:le |du )?smig\b")
_NO_AMOUNT = frozenset({"fois", "superieur", "plus", "dessus", "minimum"})


def _minimum_wage(words: str, form: str, on: dt.date | None) -> Amount | None:
    """«Salaire : SMIG» and «2,5 SMIG», by the legal minimum of the day."""
    spoken = form.split()
    legal = wages.minimum_month_mad(on)
    if legal is None or "smig" not in spoken:
        return None
    at = spoken.index("smig")
    near = spoken[max(0, at - 4) : at + 1]
    about_pay = {"salaire", "remuneration", "paye", "salary", "fixe"} & set(near) or len(
        spoken
    ) <= 6
    times = _TIMES.search(money.plain(words))
    if not about_pay or (not times and _NO_AMOUNT & set(near)):
        return None
    factor = float(times[1].replace(",", ".")) if times else 1.0
    pay = round(legal * factor, 2)
    evidence = times.group() if times else "smig"
    return Amount(pay, pay, "MAD", True, "month", "gross", 1.0, evidence) if factor <= 20 else None


def salary_of(
    field: str, title: str, text: str, on: dt.date | None = None, country: str = ""
) -> Salary | None:
    """The pay in the pay field (0.95), else in title or text: 0.9 with currency and a word for pay,
    0.7 with one of them. `on` is the day of the ad (for «SMIG»); an amount that names no currency has
    that of the `country` ('' where it is unknown). None when no amount of pay is named."""
    local = money.local_currency(country)
    if field and (times := _TIMES.search(money.plain(field))):
        field = times.group()
    elif field and (amount := amounts.of_field(field, country)):
        return _salary(amount, 0.95, local)
    for words, form in ((field, fold(field)), (title, fold(title)), (text, fold(text))):
        if not (
            any(hint in form for hint in _HINTS)
            or _SIGNS.search(words)
            or amounts.may_be_unnamed(words)
        ):
            continue
        if amount := amounts.of_text(words, country) or _minimum_wage(words, form, on):
            return _salary(amount, 0.9 if amount.weight >= 1 else 0.7, local)
    return None


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
        _columns(salary_of(ad.raw_salary, ad.title, ad.text, ad.posted_on, ad.country))
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
