"""Pay in its field and in running text, in dirhams a month, and money that is not pay."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from marsad.base.text import fold
from marsad.base.wages import minimum, minimum_month_mad, month_mad, wages
from marsad.enrich.fields.salary.classify import Salary
from marsad.enrich.fields.salary.classify import salary_of as salary

ON = dt.date(2026, 3, 1)


def _pay(field: str, text: str = "") -> Salary:
    pay = salary(field, "", text, ON, "MA")
    assert pay is not None
    return pay


@pytest.mark.parametrize(
    ("field", "low", "high", "period", "basis"),
    [
        ("5000-7000 dh", 5000, 7000, "month", "unknown"),
        ("5.000,00 MAD/mois", 5000, 5000, "month", "unknown"),
        ("8k", 8000, 8000, "month", "unknown"),
        ("8-10k", 8000, 10000, "month", "unknown"),
        ("8 à 10 KDH", 8000, 10000, "month", "unknown"),
        ("5 à 7000 dh", 5000, 7000, "month", "unknown"),
        ("4000 درهم", 4000, 4000, "month", "unknown"),
        ("٤٠٠٠ درهم صافي", 4000, 4000, "month", "net"),
        ("من 3000 إلى 4000 درهم شهريا", 3000, 4000, "month", "unknown"),
        ("3000dh net", 3000, 3000, "month", "net"),
        ("De 8 000 à 12 000 DH brut", 8000, 12000, "month", "gross"),
        ("entre 4000 et 6000", 4000, 6000, "month", "unknown"),
        ("à partir de 5000", 5000, None, "month", "unknown"),
        ("jusqu'à 9000 dh", None, 9000, "month", "unknown"),
        ("5 000 DH + primes", 5000, 5000, "month", "unknown"),
        ("20 dh/h", 20, 20, "hour", "unknown"),
        ("150 dh par jour", 150, 150, "day", "unknown"),
        ("120 000 MAD par an", 120000, 120000, "year", "unknown"),
        ("9,000 MAD per month gross", 9000, 9000, "month", "gross"),
        ("entre 6000 dh net et 8000 dh net", 6000, 8000, "month", "net"),
    ],
)
def test_pay_in_its_field(
    field: str, low: float | None, high: float | None, period: str, basis: str
) -> None:
    pay = _pay(field)
    assert (pay.low, pay.high, pay.period, pay.basis) == (low, high, period, basis)
    assert (pay.currency, pay.score) == ("MAD", 0.95)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Salaire : 4000 dh net par mois + primes", 4000, 4000),
        ("Rémunération : entre 6000 dh et 7000 dh net", 6000, 7000),
        ("Contrat d’intérim, salaire 3400 net, transport assuré", 3400, 3400),
        ("الراتب: 3100 إلى 3600 درهم", 3100, 3600),
        ("أجرة شهرية تبدأ من 4000 درهم", 4000, None),
        ("saler 3500dh f chhar", 3500, 3500),
        ("khlas 120 dh f nhar", 120, 120),
        ("bghina nejjar, 160 lnhar w lmakla", 160, 160),
        ("kays9i jnan, 2300 f chhar", 2300, 2300),
        ("mol jnan, 700 f smana", 700, 700),
        ("الخلصة 4200 حتى 5100", 4200, 5100),
        ("عامل فالمزرعة، 95 لنهار", 95, 95),
        ("coiffeuse f sla, fixe 2600 + commission", 2600, 2600),
        ("مطلوب حارس، 2700 والسكن", 2700, 2700),
        ("chef de partie, 5500 - 6500, logé", 5500, 6500),
        ("Offre de 4200+prime", 4200, 4200),
        ("50 dh la séance", 50, 50),
        (r"Pay: 5,000.00DH \- 8,000.00DH", 5000, 8000),
        ("lkhlass 60 alf ryal f chhar", 3000, 3000),
        ("الخلصة 3 آلاف درهم", 3000, 3000),
        ("بالقطعة 12 درهم للقطعة", 12, 12),
        ("The pay is 9,000 MAD monthly", 9000, 9000),
        ("salaire de base 4000 dh + prime 1000 dh", 4000, 4000),
        ("Formation rémunérée à 1000 MAD, puis salaire mensuel de 3000 MAD", 3000, 3000),
    ],
)
def test_pay_in_running_text(text: str, low: float, high: float | None) -> None:
    pay = _pay("", text)
    assert (pay.low, pay.high) == (low, high)
    assert fold(pay.evidence) in fold(text)


@pytest.mark.parametrize(
    "text",
    [
        "Un chiffre d’affaires de 5000 MAD par client",
        "Gérer un budget de 200 000 dh",
        "Société au capital de 10 000 000 DH",
        "Produits vendus au prix de 3000 dh",
        "Une prime de 500 dh par vente",
        "Accompagner la recrue les premiers 90 jours",
        "Usine à Tanger, 2026. Nous rejoindre",
        "Traiter 80 appels / jour",
        "Une équipe de 2500 personnes",
        "1000 dh de prime",
        "Gestion de la paie de 3000 salariés",
        "Rémunération fixe + variable. 2026 sera une année de croissance",
        "Salaire motivant, tél. 0600000000",
        "Catégorie : lancer 4k",
        "رقم المعاملات 5000 درهم",
        "Salaire selon profil",
        "",
    ],
)
def test_money_that_is_not_pay(text: str) -> None:
    assert salary("", "Comptable", text, ON) is None


def test_pay_in_dirhams_a_month() -> None:
    assert _pay("20 dh/h").month_mad == (3820.0, 3820.0)
    assert _pay("150 dh par jour").month_mad == (3900.0, 3900.0)
    assert _pay("120 000 MAD par an").month_mad == (10000.0, 10000.0)
    assert _pay("35000 euros par an").month_mad == (None, None)
    assert _pay("5 000 000 dh par mois").month_mad == (None, None), "implausible"


def test_an_amount_without_currency_takes_the_one_of_its_country() -> None:
    pay = salary("5000.0", "", "", ON, "SA")
    assert pay is not None
    assert (pay.currency, pay.period, pay.month_mad) == ("SAR", "", (None, None))


def test_the_minimum_wage_as_pay() -> None:
    assert _pay("SMIG").low == minimum_month_mad(ON) == 3422.72
    assert _pay("", "Contrat d’intérim. Salaire : SMIG + primes").low == 3422.72
    assert salary("", "", "Deux fois le SMIG de la branche et au-dessus", ON) is None
    assert salary("SMIG", "", "", dt.date(2001, 1, 1)) is None, "no amount is known for that day"


def test_legal_minimum_by_day() -> None:
    assert minimum(dt.date(2020, 6, 30)) is None
    days = [dt.date(2022, 8, 31), dt.date(2022, 9, 1), dt.date(2023, 9, 1), dt.date(2025, 1, 1)]
    assert [step.mad_per_hour for step in map(minimum, days) if step] == [
        14.81,
        15.55,
        16.29,
        17.10,
    ]
    steps = wages().steps
    assert [s.since for s in steps] == sorted(s.since for s in steps)
    assert minimum(None) == steps[-1]
    rises = [late.mad_per_hour / early.mad_per_hour for early, late in itertools.pairwise(steps)]
    assert all(1.045 < rise < 1.055 for rise in rises), "each step of the agreements is 5 %"
    assert not any(step.verified for step in steps), "typed from memory until read in the gazette"
    assert month_mad(10, "hour") == 1910
    assert month_mad(10, "") is None


@pytest.mark.parametrize(
    ("words", "country", "currency"),
    [
        ("1 800 TND par mois", "", "TND"),
        ("1 800 DT par mois", "TN", "TND"),
        ("1 800 dinars par mois", "TN", "TND"),
        ("1 800 dinars par mois", "LY", "LYD"),
        ("45 000 DA / mois", "", "DZD"),
        ("45 000 دج شهريا", "DZ", "DZD"),
        ("راتب 300 دينار شهريا", "KW", "KWD"),
        ("350 000 FCFA/mois", "SN", "XOF"),
        ("350 000 F CFA par mois", "CM", "XAF"),
        ("£2,400 per month", "GB", "GBP"),
        ("2400 GBP MONTH", "", "GBP"),
        ("4000 د.إ شهريا", "", "AED"),
        ("4000 درهم شهريا", "AE", "AED"),
        ("4000 درهم شهريا", "MA", "MAD"),
        ("6000 ر.س", "", "SAR"),
        ("5000 ريال شهريا", "QA", "QAR"),
        ("$4,000 monthly", "CA", "CAD"),
        ("$4,000 monthly", "", "USD"),
        ("CHF 5'000 par mois", "", "CHF"),
        ("90,000 PKR monthly", "PK", "PKR"),
        ("3 000 € brut/mois", "MA", "EUR"),
        ("4 000 dh", "", "MAD"),
    ],
)
def test_the_named_currency_always(words: str, country: str, currency: str) -> None:
    for field, text in ((words, ""), ("", f"Salaire : {words}")):
        pay = salary(field, "", text, ON, country)
        assert pay is not None
        assert pay.currency == currency
        assert pay.month_mad == (None, None) or currency == "MAD"


@pytest.mark.parametrize(
    ("country", "currency"), [("MA", "MAD"), ("TN", "TND"), ("FR", "EUR"), ("", "")]
)
def test_a_bare_amount_is_of_its_country_or_unknown(country: str, currency: str) -> None:
    pay = salary("4000-5000", "", "", ON, country)
    assert pay is not None
    assert pay.currency == currency
    assert (pay.month_mad == (4000, 5000)) == (country == "MA")


def test_a_currency_that_cannot_be_told_is_not_the_local_one() -> None:
    pay = salary("1200 dinars par mois", "", "", ON, "MA")
    assert pay is not None
    assert (pay.currency, pay.month_mad) == ("", (None, None))


@pytest.mark.parametrize(
    ("words", "low", "high", "period"),
    [
        ("25 MAD HOUR", 25, 25, "hour"),
        ("96000 MAD ANNUAL", 96000, 96000, "year"),
        ("from 8 000 MAD Mois", 8000, None, "month"),
        ("up to 10000 MAD MONTH", None, 10000, "month"),
        ("0-9000 MAD MONTH", None, 9000, "month"),
        ("12000-8000 MAD MONTH", 8000, 12000, "month"),
        ("10000 à 8000 DH", 8000, 10000, "month"),
        ("2 600,50 MAD / quinzaine", 2600.5, 2600.5, "fortnight"),
        ("1500 dh par quinzaine", 1500, 1500, "fortnight"),
        ("2,5 SMIG", 8556.8, 8556.8, "month"),
        ("3 SMIG", 10268.16, 10268.16, "month"),
        ("salaire 1.5 x SMIG", 5134.08, 5134.08, "month"),
        ("٥٬٠٠٠ درهم", 5000, 5000, "month"),
        ("٥٬٠٠٠ - ٧٬٠٠٠ درهم", 5000, 7000, "month"),
        ("120 dh/jour", 120, 120, "day"),
        ("8-10 KDH", 8000, 10000, "month"),
        ("4500.-DH", 4500, 4500, "month"),
        ("5 000 درهم", 5000, 5000, "month"),
    ],
)  # fmt: skip
def test_shapes_of_pay(words: str, low: float | None, high: float | None, period: str) -> None:
    pay = _pay(words)
    assert (pay.low, pay.high, pay.period, pay.currency) == (low, high, period, "MAD")


def test_two_fortnights_are_a_month() -> None:
    assert _pay("2 000 MAD / quinzaine").month_mad == (4000, 4000)


@pytest.mark.parametrize("words", ["0 DH", "0 - 0 MAD MONTH", "selon profil, CA de 5 000 000 DH"])
def test_nothing_is_no_pay(words: str) -> None:
    assert salary(words, "", "", ON, "MA") is None


@pytest.mark.parametrize(
    ("words", "period", "month"),
    [
        ("4000dh/15j", "fortnight", 8000),
        ("1200 DH / 6 jours", "week", None),
        ("3000 DH/10 jours", "", None),
        ("5000 DH / 30 jours", "month", 5000),
        ("60/70 DH/h", "hour", None),
    ],
)
def test_a_number_between_a_slash_and_a_unit_counts_units(
    words: str, period: str, month: float | None
) -> None:
    for pay in (_pay(words), _pay("", f"Salaire : {words}")):
        assert pay.period == period
        assert month is None or pay.month_mad[0] == month


@pytest.mark.parametrize(
    "words", ["Chiffre d'affaires 2 000 000 DH", "Budget géré : 300000 DH", "Capital de 100 000 DH"]
)
def test_money_of_the_firm_in_the_pay_field_is_no_pay(words: str) -> None:
    assert salary(words, "", "") is None


def test_an_implausible_month_is_in_no_column_of_months() -> None:
    assert _pay("200000 DH / mois").month_mad == (None, None)
