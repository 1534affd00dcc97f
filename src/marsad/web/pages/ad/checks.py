"""What to check in an ad: each integrity flag in plain words, with the words that show it."""

from __future__ import annotations

import datetime as dt
import re

from marsad.publish.read.reader import Ad, Flag
from marsad.web.excerpts import Quotes
from marsad.web.locale import N_
from marsad.web.localisation import Locale

_TITLES = {
    "gender_condition": N_("Asks for a man or a woman"),
    "age_condition": N_("Sets a condition of age"),
    "appearance_condition": N_("Asks for a photo or a certain look"),
    "disability_condition": N_("Asks that candidates have no handicap"),
    "origin_condition": N_("Sets a condition of origin, colour or religion"),
    "marital_condition": N_("Sets a condition of family situation"),
    "below_minimum_wage": N_("Pay below the legal minimum"),
    "fee_asked": N_("Asks candidates for money"),
    "likely_fake": N_("May not be a real job"),
    "stale": N_("Seems out of date"),
}
_LOW_PAY = re.compile(r"(.*) \((\d+) < (\d+) MAD\)", re.DOTALL)
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d) (<|\.\.) (\d{4}-\d\d-\d\d)")
_AFTER = {
    "<": N_("last day to apply %(first)s, still online on %(last)s"),
    "..": N_("posted on %(first)s, still online on %(last)s"),
}
_NO_EMPLOYER = "no employer"  # what enrich writes as a sign beside the words of the ad


def listed(locale: Locale, ad: Ad, quotes: Quotes) -> list[dict[str, object]]:
    """Every flag of the ad: `title`, `words` quoted from the ad, and `note` in our own words."""
    return [_flag(locale, flag, quotes) for flag in ad.flags]


def _flag(locale: Locale, flag: Flag, quotes: Quotes) -> dict[str, object]:
    title = _TITLES.get(flag.code, "")
    words, note = [flag.evidence], ""
    if flag.code == "below_minimum_wage" and (low := _LOW_PAY.fullmatch(flag.evidence)):
        words, note = [low[1]], _low_pay(locale, int(low[2]), int(low[3]))
    elif flag.code == "stale" and (days := _DAYS.fullmatch(flag.evidence)):
        words, note = [], _days(locale, days[1], days[2], days[3])
    elif flag.code == "likely_fake":
        signs = flag.evidence.split(" + ")
        words = [sign for sign in signs if sign != _NO_EMPLOYER]
        note = locale._(N_("no employer is named")) if _NO_EMPLOYER in signs else ""
    return {
        "title": locale._(title) if title else locale.label("integrity_flag", flag.code),
        "words": [quotes.written(text) for text in words if text],
        "note": note,
    }


def _low_pay(locale: Locale, month: int, least: int) -> str:
    return locale._(
        N_("about %(pay)s dirhams a month for full time; the legal minimum is about %(least)s")
    ) % {"pay": locale.format.number(month), "least": locale.format.number(least)}


def _days(locale: Locale, first: str, sign: str, last: str) -> str:
    written = {
        "first": locale.format.date(dt.date.fromisoformat(first)),
        "last": locale.format.date(dt.date.fromisoformat(last)),
    }
    return locale._(_AFTER[sign]) % written
