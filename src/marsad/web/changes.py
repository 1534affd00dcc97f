"""How a figure moved, in a sentence: up, down, not at all, or not to be told from chance."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.base.figures import rounded
from marsad.base.periods import frequency, start
from marsad.publish.read.reader import Value
from marsad.web.amounts import amount, decimals_in, distance
from marsad.web.chance import UNTOLD, WITHIN, chance
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.selection import Selection, earlier

_SEASONLESS = ("S", "Y", "T")
"""Adjustments after which a period may be compared with the one just before it."""


@dataclass(frozen=True, slots=True)
class _Change:
    """How a change over one span of time is told: up, down, none, or not at all for a break; and where
    chance explains it, or may."""

    more: str
    less: str
    same: str
    broken: str
    chance: str
    untold: str


_CHANGES = {
    "A": _Change(
        N_("That is %(change)s more than one year earlier (%(before)s)."),
        N_("That is %(change)s less than one year earlier (%(before)s)."),
        N_("It has not changed in one year."),
        N_("It is not compared with one year earlier, for the series breaks in between."),
        N_(
            "One year earlier it was %(before)s: chance alone may explain a difference of this size."
        ),
        N_(
            "One year earlier it was %(before)s; the producer publishes no sampling error here, so it is not known whether chance explains the difference."
        ),
    ),
    "Q": _Change(
        N_("That is %(change)s more than one quarter earlier (%(before)s)."),
        N_("That is %(change)s less than one quarter earlier (%(before)s)."),
        N_("It has not changed in one quarter."),
        N_("It is not compared with the quarter before, for the series breaks in between."),
        N_(
            "One quarter earlier it was %(before)s: chance alone may explain a difference of this size."
        ),
        N_(
            "One quarter earlier it was %(before)s; the producer publishes no sampling error here, so it is not known whether chance explains the difference."
        ),
    ),
    "M": _Change(
        N_("That is %(change)s more than one month earlier (%(before)s)."),
        N_("That is %(change)s less than one month earlier (%(before)s)."),
        N_("It has not changed in one month."),
        N_("It is not compared with the month before, for the series breaks in between."),
        N_(
            "One month earlier it was %(before)s: chance alone may explain a difference of this size."
        ),
        N_(
            "One month earlier it was %(before)s; the producer publishes no sampling error here, so it is not known whether chance explains the difference."
        ),
    ),
}
"""By the frequency that the span of the comparison has."""


def change(locale: Locale, selection: Selection, rows: list[Value]) -> str:
    """How the last value moved, as the two figures are printed, or why that is not said: in one
    year, or since the period before where the seasons are taken out."""
    last, indicator = rows[-1], selection.indicator
    if indicator.difference:
        return ""
    span = frequency(last.period) if last.adjustment in _SEASONLESS else "A"
    before = earlier(rows, span)
    if before is None or before.value is None or last.value is None or indicator.summary:
        return ""
    words = _CHANGES[span]
    breaks = locale.reader.breaks(indicator.id, last.survey)
    if any(start(before.period) < start(b.period) <= start(last.period) for b in breaks):
        return locale._(words.broken)
    decimals = decimals_in(indicator, last.unit)
    shown = (rounded(value, decimals) for value in (last.value, before.value))
    moved = rounded(next(shown) - next(shown), decimals)
    if moved == 0 or before.unit != last.unit:
        return locale._(words.same) if moved == 0 else ""
    cautious = {WITHIN: words.chance, UNTOLD: words.untold}.get(chance(last, before))
    return locale._(cautious or (words.more if moved > 0 else words.less)) % {
        "before": amount(locale, indicator, before.value, before.unit),
        "change": distance(locale, indicator, moved, last.unit),
    }
