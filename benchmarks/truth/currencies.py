"""Pay: every currency by code, word and sign, in a pay field and in running text, for ads of its country,
of Morocco and of none; shapes of ranges, periods and minimum wages."""

from __future__ import annotations

import datetime as dt
from itertools import product

from marsad.base.money import codes
from marsad.enrich.fields.salary.classify import salary_of

from .line import Line

ON = dt.date(2026, 3, 1)
_FRAMES = (
    "Salaire : {} par mois",
    "Rémunération mensuelle de {} net",
    "Salary: {} per month",
    "الراتب {} شهريا",
    "{} / mois",
)
_WORDS = (
    ("5 000 DH", "MAD"), ("5000 dirhams", "MAD"), ("٥٠٠٠ درهم", "MAD"), ("1 800 DT", "TND"), ("1800 دينار تونسي", "TND"), ("45 000 DA", "DZD"),
    ("45000 دج", "DZD"), ("350 000 FCFA", "XOF"), ("350 000 F CFA", "XOF"), ("2 400 €", "EUR"), ("€2,400", "EUR"), ("2400 euros", "EUR"),
    ("£2,100", "GBP"), ("2 100 livres sterling", "GBP"), ("$3,000", "USD"), ("3000 دولار", "USD"), ("US$ 3000", "USD"), ("6000 ر.س", "SAR"),
    ("6000 ريال سعودي", "SAR"), ("4000 د.إ", "AED"), ("4000 درهم إماراتي", "AED"), ("5000 ريال قطري", "QAR"), ("450 ريال عماني", "OMR"),
    ("400 دينار كويتي", "KWD"), ("5 000 francs suisses", "CHF"), ("9000 جنيه مصري", "EGP"), ("30 000 ₺", "TRY"), ("40,000 ₹", "INR"), ("12 000 ouguiyas", "MRU"),
)  # fmt: skip
_BY_COUNTRY = (
    ("1 800 dinars", "TN", "TND"), ("45 000 dinars", "DZ", "DZD"), ("900 dinars", "JO", "JOD"), ("1 200 dinars", "MA", ""), ("1 200 dinars", "", ""),
    ("5000 درهم", "AE", "AED"), ("5000 درهم", "MA", "MAD"), ("5000 ريال", "QA", "QAR"), ("350 000 CFA", "CM", "XAF"), ("$4,000", "CA", "CAD"),
    ("4500", "MA", "MAD"), ("4500", "FR", "EUR"), ("4500", "SA", "SAR"), ("4500", "", ""), ("4500", "PS", ""),
)  # fmt: skip
_SHAPES = (
    ("25 MAD HOUR", 25, 25, "hour"), ("8000-12000 MAD MONTH", 8000, 12000, "month"), ("12000-8000 MAD MONTH", 8000, 12000, "month"),
    ("up to 10000 MAD MONTH", None, 10000, "month"), ("from 6000 MAD MONTH", 6000, None, "month"), ("0-9000 MAD MONTH", None, 9000, "month"),
    ("96000 MAD YEAR", 96000, 96000, "year"), ("300 MAD DAY", 300, 300, "day"), ("1500 MAD WEEK", 1500, 1500, "week"), ("2 600,50 MAD / quinzaine", 2600.5, 2600.5, "fortnight"),
    ("de 10 000 à 8 000 DH", 8000, 10000, "month"), ("8k-10k MAD", 8000, 10000, "month"), ("8-10 KDH", 8000, 10000, "month"), ("jusqu'à 12 000 DH", None, 12000, "month"),
    ("à partir de 4 000 DH", 4000, None, "month"), ("5.000,00 DH", 5000, 5000, "month"), ("8,000.50 MAD", 8000.5, 8000.5, "month"), ("٥٬٠٠٠ درهم", 5000, 5000, "month"),
    ("من ٤٠٠٠ إلى ٦٠٠٠ درهم", 4000, 6000, "month"), ("2,5 SMIG", 8556.8, 8556.8, "month"), ("3 SMIG", 10268.16, 10268.16, "month"), ("SMIG", 3422.72, 3422.72, "month"),
    ("20 dh/h", 20, 20, "hour"), ("120 dh par jour", 120, 120, "day"), ("3500 درهم للشهر", 3500, 3500, "month"), ("4500.-DH", 4500, 4500, "month"),
)  # fmt: skip


def _read(words: str, country: str, *, field: bool) -> str | None:
    pay = salary_of(words if field else "", "", "" if field else words, ON, country)
    return pay.currency if pay else None


def _line(what: str, bar: str, right: list[bool]) -> Line:
    return Line(what, bar, f"{100 * sum(right) / len(right):.1f} %", len(right))


def measure() -> list[Line]:
    """Shares right: the named currency, words shared by countries, shapes; dirhams never by default."""
    iso = [
        _read(f"{amount} {code} MONTH", country, field=True) == code
        for code, amount, country in product(sorted(codes()), ("45000",), ("", "MA", "FR"))
    ]
    named = [
        _read(frame.format(words), country, field=field) == code
        for (words, code), frame, country, field in product(
            _WORDS, _FRAMES, ("", "MA"), (True, False)
        )
    ]
    shared = [_read(f"{w} par mois", c, field=True) == code for w, c, code in _BY_COUNTRY]
    shapes = []
    for words, low, high, period in _SHAPES:
        pay = salary_of(words, "", "", ON, "MA")
        shapes.append(pay is not None and (pay.low, pay.high, pay.period) == (low, high, period))
    dirhams = [
        _read(f"{n} par mois", "", field=True) != "MAD"
        for n in ("4500", "8000-9000", "1 200 dinars", "3000 francs")
    ]
    return [
        _line("pay: ISO 4217 codes in a pay field", "100 %", iso),
        _line("pay: the named currency, by word or sign", ">= 99 %", named),
        _line("pay: words that countries share, bare amounts", "100 %", shared),
        _line("pay: ranges, periods, minimum wages", "100 %", shapes),
        _line("pay: no dirhams by default", "100 %", dirhams),
    ]
