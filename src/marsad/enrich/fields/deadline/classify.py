"""Deadline: the last day to apply as the ad's words give it, in the Gregorian or Hijri calendar.

A date counts only after words that say «last day»; words that also say other things («avant le»,
«قبل») need a word of applying near them. A date without a year is the next such day after posting.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from hijridate import Hijri

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.fields import AdWords, Columns
from marsad.enrich.lexicon import Candidate, Lexicon, Match

_WORDS = Path(__file__).with_name("words.yml")
_REACH = 10  # words after the cue in which its date stands
_NEAR = 12  # words around a weak cue in which a word of applying stands
_EARLIEST, _LATEST = dt.timedelta(days=60), dt.timedelta(days=400)  # before and after posting


@cache
def _lexicon() -> Lexicon[str]:
    forms_by_kind = phrases.phrases(_WORDS)
    return Lexicon((form, kind) for kind in ("strong", "weak") for form in forms_by_kind[kind])


@cache
def _months() -> dict[str, tuple[str, int]]:
    """Month in comparison form -> calendar («month» or «hijri») and number."""
    return {
        form: (code.split("_")[0], int(code.split("_")[1]))
        for code, forms in phrases.phrases(_WORDS).items()
        if "_" in code
        for form in forms
    }


@cache
def _dates() -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?P<y1>20\d\d|1[34]\d\d) (?P<m1>\d{{1,2}}) (?P<d1>\d{{1,2}})"
        rf"|(?P<d2>\d{{1,2}}) (?P<m2>\d{{1,2}})(?: (?P<y2>20\d\d|1[34]\d\d|\d\d))?"
        rf"|(?P<d3>\d{{1,2}})(?: ?(?:er|st|nd|rd|th))?(?: of| من)? (?P<n3>{month})(?: (?P<y3>\d{{4}}))?"
        rf"|(?P<n4>{month}) (?P<d4>\d{{1,2}})(?: ?(?:st|nd|rd|th))?(?: (?P<y4>\d{{4}}))?)\b"
    )


def _day(calendar: str, year: int, month: int, day: int) -> dt.date | None:
    try:
        if calendar == "hijri" or 1300 <= year < 1600:
            return dt.date(*Hijri(year, month, day).to_gregorian().datetuple())
        return dt.date(year + 2000 if year < 100 else year, month, day)
    except (ValueError, OverflowError):
        return None


def _next(calendar: str, month: int, day: int, posted_on: dt.date | None) -> dt.date | None:
    """The first such day at or after posting."""
    if posted_on is None or calendar == "hijri":
        return None
    days = (_day(calendar, posted_on.year + later, month, day) for later in (0, 1))
    return min((d for d in days if d is not None and d >= posted_on), default=None)


def _read(match: re.Match[str], posted_on: dt.date | None) -> dt.date | None:
    form = next(n for n in "1234" if match[f"d{n}"])
    name = match[f"n{form}"] if form in "34" else None
    calendar, month = _months()[name] if name else ("month", int(match[f"m{form}"]))
    day, year = int(match[f"d{form}"]), match[f"y{form}"]
    if year is None:
        last_day = _next(calendar, month, day, posted_on)
    else:
        last_day = _day(calendar, int(year), month, day)
    if last_day is None:
        return None
    if posted_on is None:
        return last_day if 2000 <= last_day.year < 2100 else None
    return last_day if posted_on - _EARLIEST <= last_day <= posted_on + _LATEST else None


def _counts(words: list[str], cue: Match[str]) -> bool:
    if cue.payload == "strong":
        return True
    near = {*phrases.before(words, cue, _NEAR), *phrases.after(words, cue, _NEAR)}
    return not near.isdisjoint(phrases.phrases(_WORDS)["apply"])


def last_day_of(title: str, text: str, posted_on: dt.date | None = None) -> Candidate | None:
    """The last day to apply as an ISO date in `code` (0.9 after «dernier délai» and the like, 0.75
    after weaker words), or None. A day more than 400 days after posting, or 60 before, is absurd."""
    for written in (title, text):
        form = match_form(written)
        cue_list = _lexicon().find(form)
        words = form.split() if cue_list else []
        for cue in cue_list:
            if not _counts(words, cue):
                continue
            span = " ".join(phrases.after(words, cue, _REACH))
            if (match := _dates().search(span)) and (day := _read(match, posted_on)):
                evidence = f"{cue.phrase} {span[: match.end()]}"
                return Candidate(
                    day.isoformat(), 0.9 if cue.payload == "strong" else 0.75, evidence
                )
    return None


def _stated(ad: AdWords) -> dt.date | None:
    """The last day to apply: what the source gives stands, the ad's words fill what is missing."""
    if ad.deadline_on is not None:
        return ad.deadline_on
    last_day = last_day_of(ad.title, ad.text, ad.posted_on)
    return dt.date.fromisoformat(last_day.code) if last_day else None


def classify(ads: Sequence[AdWords]) -> Columns:
    """The last day to apply for a batch of ads."""
    return {"deadline_on": [_stated(ad) for ad in ads]}
