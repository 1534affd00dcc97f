"""Days: two hundred days in some sixty written forms, in ar, fr and en and four ways of counting.

Right is the very day; for texts that say none, or several, that none is read.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Callable
from email.utils import format_datetime

from benchmarks.truth.line import Line
from hijridate import Gregorian

from marsad.base.dates import impossible, parse_date
from marsad.base.errors import InputError

TODAY = dt.date(2026, 11, 20)
_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_FR_SHORT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
_EN = (
    "January February March April May June July August September October November December".split()
)
_MA = "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر".split()
_EG = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()
_SHAM = ("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول")  # fmt: skip
_DZ = "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر".split()
_HIJRI = ("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة")  # fmt: skip
_FR_DAYS = "lun. mar. mer. jeu. ven. sam. dim.".split()
_AR_DAYS = "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد".split()
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
Form = Callable[[dt.date], object]


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12, 34, 56), dt.UTC)


def _hijri(day: dt.date) -> tuple[int, int, int]:
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    return hijri.year, hijri.month, hijri.day


def _worded(names: list[str] | tuple[str, ...], pattern: str) -> Form:
    return lambda d: pattern.format(day=d.day, month=names[d.month - 1], year=d.year)


def _french_rfc(day: dt.date) -> str:
    return f"{_FR_DAYS[day.weekday()]}, {day.day:02d} {_FR_SHORT[day.month - 1]} {day.year} 08:15:00 +0100"


def _hijri_worded(day: dt.date) -> str:
    year, month, number = _hijri(day)
    return f"{number} {_HIJRI[month - 1]} {year} هـ"


FORMS: dict[str, tuple[Form, ...]] = {
    "ISO 8601": tuple(
        (lambda d, p=p: _noon(d).strftime(p)) for p in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.250+01:00", "%Y-%m-%d %H:%M", "%Y%m%d", "%Y%m%dT%H%M%SZ", "%Y/%m/%d")
    ),
    "RFC 822 and 2822": (
        lambda d: format_datetime(_noon(d)), lambda d: format_datetime(_noon(d), usegmt=True),
        *((lambda d, p=p: _noon(d).strftime(p)) for p in ("%a, %d %b %y %H:%M:%S EST", "%d %b %Y %H:%M:%S GMT", "%a, %d %b %Y %H:%M +0000", "%a %b %d %H:%M:%S UTC %Y", "%d %b %y %H:%M Z")),
        _french_rfc,
    ),
    "local, in digits": (
        *((lambda d, p=p: _noon(d).strftime(p)) for p in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y %H:%M:%S", "%d/%m/%y", "%d/%m/%Y %H:%M")),
        lambda d: f"{d.day}/{d.month}/{d.year}", lambda d: f"{d:%d/%m/%Y}".translate(_EASTERN), lambda d: f"Publié le {d:%d/%m/%Y}",
    ),
    "local, in words": (
        _worded(_FR, "{day} {month} {year}"), _worded(_FR, "le {day} {month} {year} à 10h30"), _worded(_FR_SHORT, "{day} {month} {year}"),
        _worded(_EN, "{month} {day}, {year}"), _worded(_EN, "{day} {month} {year}"), _worded(_MA, "{day} {month} {year}"), _worded(_EG, "{day} {month} {year}"),
        _worded(_SHAM, "{day} {month} {year}"), _worded(_DZ, "{day} {month} {year}"), lambda d: f"{_AR_DAYS[d.weekday()]} {d.day} {_MA[d.month - 1]} {d.year}",
        lambda d: f"{d.day} {_MA[d.month - 1]} {d.year}".translate(_EASTERN),
    ),
    "serial numbers and epochs": (
        lambda d: (d - dt.date(1899, 12, 30)).days, lambda d: str((d - dt.date(1899, 12, 30)).days), lambda d: (d - dt.date(1899, 12, 30)).days + 0.75,
        lambda d: int(_noon(d).timestamp()), lambda d: int(_noon(d).timestamp() * 1000), lambda d: str(int(_noon(d).timestamp())),
    ),
    "Hijri": (
        lambda d: "{2:02d}/{1:02d}/{0}".format(*_hijri(d)), lambda d: "{}-{:02d}-{:02d}".format(*_hijri(d)), _hijri_worded,
        lambda d: "{2}/{1}/{0}".format(*_hijri(d)).translate(_EASTERN),
    ),
    "counted back from today": (
        lambda d: f"il y a {(TODAY - d).days} jours", lambda d: f"{(TODAY - d).days} days ago", lambda d: f"منذ {(TODAY - d).days} يوما",
        lambda d: f"Publiée il y a {(TODAY - d).days} j", lambda d: f"قبل {(TODAY - d).days} أيام",
    ),
}  # fmt: skip
NONE = (
    "urgent", "dès que possible", "2026", "mars 2026", "12 mars", "30/02/2026", "00/00/0000", "0000-00-00 00:00:00", "31 juin 2026", "Invalid Date",
    "du 01/03/2026 au 15/03/2026", "1/3/2026, 15/3/2026", "30+ days ago", "plus de 30 jours", "il y a longtemps", "قريبا", "في أقرب وقت", "99/99/9999",
    "12:30", "CDI", "2 postes", "[]", "true", "1e30", "-5", "1", "NaN?", "T1 2026", "2026-W12", "réf. 2026/114",
)  # fmt: skip


def _right(value: object, day: dt.date | None) -> bool:
    try:
        return parse_date(value, today=TODAY) == day
    except InputError:
        return day is None


def measure() -> list[Line]:
    """The share of days read as the very day, by kind of form; of texts without a day; of impossible days."""
    dice = random.Random(7)
    days = [dt.date(2016, 1, 1) + dt.timedelta(dice.randrange(3900)) for _ in range(200)]
    lines = []
    for kind, forms in FORMS.items():
        cases = [(form(day), day) for day in days for form in forms]
        right = sum(_right(value, day) for value, day in cases)
        lines.append(Line(f"days read, {kind}", ">= 99 %", f"{right / len(cases):.1%}", len(cases)))
    refused = sum(_right(text, None) for text in NONE)
    lines.append(
        Line(
            "texts without a day from which none is read",
            ">= 95 %",
            f"{refused / len(NONE):.1%}",
            len(NONE),
        )
    )
    odd = [
        dt.date(year, 6, 1)
        for year in (1, 1601, 1899, 1970, 2000, 2015, 2027, 2030, 2038, 2099, 9999)
    ]
    caught = sum(bool(impossible(day, today=TODAY)) for day in odd)
    lines.append(
        Line("impossible days of posting caught", "100 %", f"{caught / len(odd):.1%}", len(odd))
    )
    return lines


def _report() -> None:
    for kind, forms in FORMS.items():
        for form in forms:
            if not _right(form(dt.date(2026, 3, 4)), dt.date(2026, 3, 4)):
                sys.stdout.write(f"  {kind}: {form(dt.date(2026, 3, 4))!r}\n")
    for text in NONE:
        if not _right(text, None):
            sys.stdout.write(f"  none: {text!r} -> {parse_date(text, today=TODAY)}\n")
    for line in measure():
        sys.stdout.write(f"{line.what}: {line.value} (bar {line.bar}, n = {line.n})\n")


if __name__ == "__main__":
    _report()
