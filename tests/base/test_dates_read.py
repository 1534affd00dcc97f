"""One day, written in all the ways in which sources write it."""

from __future__ import annotations

import contextlib
import datetime as dt
from email.utils import format_datetime

import pytest
from hijridate import Gregorian
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.dates import impossible, parse_date
from marsad.base.errors import InputError
from marsad.base.periods import parse_period

TODAY = dt.date(2026, 3, 10)
DAY = dt.date(2026, 2, 4)
WRITTEN = (
    "2026-02-04", "2026/2/4", "2026-02-04T21:05:00Z", "2026-02-04T21:05:00.123+01:00", "2026-02-04 21:05",
    "20260204", "20260204T210500Z", "04/02/2026", "4/2/2026", "04.02.2026", "04-02-2026 09:15:00", "4.2.26",
    "Wed, 04 Feb 2026 21:05:00 +0000", "Wed, 4 Feb 26 21:05 EST", "4 Feb 2026 21:05:00 GMT", "Wed Feb  4 21:05:00 UTC 2026",
    "mer., 04 févr. 2026 21:05:00 +0100", "mercredi 4 février 2026", "4 février 2026 à 9h30", "le 4 FEVRIER 2026",
    "February 4, 2026", "Feb 4, 2026, 9:05 PM", "4th February 2026", "الأربعاء 4 فبراير 2026", "٤ فبراير ٢٠٢٦", "04/02/2026 الساعة 10:30",
    "٠٤/٠٢/٢٠٢٦", "4 شباط 2026", "4 فيفري 2026", "Publiée le 04/02/2026", 46057, "46057", 46057.75, 1770206400, "1770206400", 1770206400000,
    dt.date(2026, 2, 4), dt.datetime(2026, 2, 4, 23, 59),
)  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_one_day(written: object) -> None:
    assert parse_date(written, today=TODAY) == DAY


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("15/03/1447", "2025-09-07"),
        ("1447-03-15", "2025-09-07"),
        ("15 ربيع الأول 1447 هـ", "2025-09-07"),
        ("1er août 2026", "2026-08-01"),
        ("3 غشت 2026", "2026-08-03"),
        ("9 شتنبر 2026", "2026-09-09"),
        ("9 تشرين الأول 2026", "2026-10-09"),
        ("02/17/2026", "2026-02-17"),
        ("mar. 3 mars 2026", "2026-03-03"),
        ("mar 3 2026", "2026-03-03"),
        ("aujourd’hui", "2026-03-10"),
        ("hier à 18h", "2026-03-09"),
        ("avant-hier", "2026-03-08"),
        ("اليوم", "2026-03-10"),
        ("البارحة", "2026-03-09"),
        ("il y a 2 jours", "2026-03-08"),
        ("il y a une semaine", "2026-03-03"),
        ("il y a 5 h", "2026-03-10"),
        ("3 weeks ago", "2026-02-17"),
        ("1 month ago", "2026-02-10"),
        ("منذ يومين", "2026-03-08"),
        ("قبل أسبوعين", "2026-02-24"),
        ("منذ ٣ أيام", "2026-03-07"),
        ("12d", "2026-02-26"),
    ],
)
def test_other_days(written: str, day: str) -> None:
    assert parse_date(written, today=TODAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize("written", ["", "-", "N/A", "null", None, float("nan")])
def test_no_date_is_none(written: object) -> None:
    assert parse_date(written, today=TODAY) is None


@pytest.mark.parametrize(
    "written",
    ["bientôt", "2026", "02/2026", "4 février", "30/02/2026", "0000-00-00", "du 04/02/2026 au 06/02/2026", "30+ days ago",
     "il y a plus d’un mois", "plus de 3 jours", True, [], {}, 10**30, float("inf"), 7, "x" * 10_000, "9" * 5_000],
    ids=lambda w: str(w)[:20],
)  # fmt: skip
def test_what_says_no_day_is_refused(written: object) -> None:
    with pytest.raises(InputError):
        parse_date(written, today=TODAY)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2075, 1, 1)))
def test_every_day_in_every_calendar(day: dt.date) -> None:
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
    serial = (day - dt.date(1899, 12, 30)).days
    written = (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        format_datetime(moment),
        hijri.isoformat(),
        serial,
    )
    for text in written:
        assert parse_date(text, today=TODAY) == day


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.lists(st.none())))
def test_anything_is_a_day_or_refused(value: object) -> None:
    with contextlib.suppress(InputError):
        parse_date(value, today=TODAY)


def test_days_that_cannot_be() -> None:
    assert impossible(DAY, today=TODAY) == ""
    assert impossible(TODAY + dt.timedelta(1), today=TODAY) == ""
    assert "later than tomorrow" in impossible(TODAY + dt.timedelta(2), today=TODAY)
    assert "ten years ago" in impossible(dt.date(1970, 1, 1), today=TODAY)
    assert "first day of the source" in impossible(DAY, today=TODAY, earliest=dt.date(2026, 3, 1))
    assert impossible(dt.date(2010, 1, 1), today=TODAY, earliest=dt.date(2009, 1, 1)) == ""
    assert impossible(dt.date(2028, 12, 31), today=TODAY, ahead=True) == ""
    assert "three years ahead" in impossible(dt.date(2099, 1, 1), today=TODAY, ahead=True)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025", "2025"), ("année 2025", "2025"), ("٢٠٢٥", "2025"), ("T3 2025", "2025-Q3"), ("3T2025", "2025-Q3"),
        ("2025Q3", "2025-Q3"), ("2025-Q3", "2025-Q3"), ("Q3-25", "2025-Q3"), ("3e trimestre 2025", "2025-Q3"),
        ("الفصل الثالث من 2025", "2025-Q3"), ("third quarter 2025", "2025-Q3"), ("2025M07", "2025-07"), ("07/2025", "2025-07"),
        ("juillet 2025", "2025-07"), ("juil-25", "2025-07"), ("يوليوز 2025", "2025-07"),
    ],
)  # fmt: skip
def test_periods(text: str, period: str) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize(
    "text", ["", "12,3", "Région", "2025-13", "T5 2025", "1850", "2024 et 2025"]
)
def test_no_period(text: str) -> None:
    with pytest.raises(InputError):
        parse_period(text)
