"""A figure in one sentence, written from the data, so that words and numbers cannot disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from marsad.base.areas import areas
from marsad.base.periods import end
from marsad.publish.read.cube import series_key
from marsad.publish.read.reader import Indicator, Value
from marsad.publish.read.trust import (
    OF_ADS,
    fails_yardstick,
    is_computed,
    is_over,
    is_reckoned,
    of_persons,
    rests_on_few,
)
from marsad.web.amounts import amount
from marsad.web.changes import change
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.marks import counted_persons, marks, persons, units
from marsad.web.provenance import from_press
from marsad.web.ranking import rank_spans
from marsad.web.selection import Selection

_MISSING = "M"
_FORECAST = "F"
BOUNDS = "bounds"
"""Caveat of an indicator whose bounds are the least and the most that the data allow, and no interval."""
_OLD = 3
"""Years after which a newest figure is said to be old."""


def place(locale: Locale, code: str) -> str:
    """The name of an area, by its own word for its kind where it is a region or province."""
    known = areas().get(code)
    if known is None:
        return locale.label("area", code)
    name = known.label(locale.language)
    if known.level == "region":
        return locale._("%(name)s region") % {"name": name}
    return name


def subject(locale: Locale, selection: Selection) -> str:
    """What and where: the area, then the groups chosen."""
    parts = [place(locale, selection.area)]
    parts += [locale.label(d, code, selection.indicator.id) for d, code in selection.qualifiers()]
    return locale._(", ").join(parts)


def interval(locale: Locale, indicator: Indicator, row: Value) -> str:
    """The bounds of a value in words, and who reckoned them where its producer publishes none; empty without."""
    if row.lower is None or row.upper is None:
        return ""
    if BOUNDS in indicator.caveats:
        words = locale._("At least %(lower)s, at most %(upper)s.")
    elif is_reckoned(indicator, row):
        words = locale._("The 95%% interval, reckoned by Marsad, runs from %(lower)s to %(upper)s.")
    else:
        words = locale._("The 95%% interval runs from %(lower)s to %(upper)s.")
    bounds = {"lower": row.lower, "upper": row.upper}
    return words % {name: amount(locale, indicator, v, row.unit) for name, v in bounds.items()}


def sentences(locale: Locale, selection: Selection, rows: list[Value]) -> list[str]:
    """What the last figure is, how it moved in a year, and what must be known to read it."""
    indicator, today = selection.indicator, locale.reader.release().reference_on
    known = [row for row in rows if row.value is not None and not forecast_over(row, today)]
    if not known and any(row.value is not None for row in rows):
        return [locale._("The periods that were forecast are over, and none to come is forecast.")]
    if not known:
        return [locale._("No figure is published for this choice.")]
    last = known[-1]
    if fails_yardstick(last):
        return [_no_headline(locale, selection)]
    if last.survey not in OF_ADS and rests_on_few(indicator, last):
        return [_too_few(locale, selection, last)]
    pattern = (
        locale._("%(title)s: %(value)s (%(where)s). It sums up a series up to its last period, %(period)s. Source: %(survey)s.")
        if indicator.summary
        else locale._("%(title)s: %(value)s %(period)s (%(where)s). Source: %(survey)s.")
    )  # fmt: skip
    period = locale.format.period if indicator.summary else locale.format.in_period
    parts = [
        pattern
        % {
            "title": locale.text(indicator.title),
            "value": in_words(locale, indicator, last)
            or amount(locale, indicator, last.value or 0, last.unit),
            "period": period(last.period),
            "where": subject(locale, selection),
            "survey": credit(locale, last),
        }
    ]
    if rests := "" if indicator.summary else persons(locale, last):
        parts.append(f"{rests[:1].upper()}{rests[1:]}.")
    more = interval(locale, indicator, last), verdict(locale, indicator, last)
    parts.extend(filter(None, [*more, change(locale, selection, known)]))
    return [*parts, *_age(locale, indicator, last, today)]


def forecast_over(row: Value, today: dt.date) -> bool:
    """Whether a value is a forecast for a period that is over: nobody should read it as one to come."""
    return row.obs_status == _FORECAST and end(row.period) < today


def _age(locale: Locale, indicator: Indicator, row: Value, today: dt.date) -> list[str]:
    """That a newest figure is old, or that a forecast has ended."""
    past = end(row.period)
    if is_over(indicator, row, today):
        return [locale._("It is an estimate of a period that is over; none to come is forecast.")]
    years = today.year - past.year
    if years < _OLD or row.survey in OF_ADS or indicator.summary:
        return []
    return [
        locale.ngettext(
            "It is the newest figure published for this choice, %(count)s year old.",
            "It is the newest figure published for this choice, %(count)s years old.",
            years,
        )
    ]


def credit(locale: Locale, row: Value) -> str:
    """Whose the figure is: the survey's, or Marsad's on the basis of the survey."""
    survey = locale.label("survey", row.survey)
    if not is_computed(locale.reader.indicator(row.indicator), row):
        if from_press(row.source):
            return locale._("%(survey)s, as the press reports it") % {"survey": survey}
        return survey
    return locale._("computed by Marsad, from: %(survey)s") % {"survey": survey}


def _no_headline(locale: Locale, selection: Selection) -> str:
    return locale._(
        "%(title)s (%(where)s): the seasonal adjustment of this series fails its own tests, so no adjusted figure heads this page. Use the figures as published; the adjusted ones stand below, marked."
    ) % {
        "title": locale.text(selection.indicator.title),
        "where": subject(locale, selection),
    }  # fmt: skip


def _too_few(locale: Locale, selection: Selection, row: Value) -> str:
    return locale._(
        "%(title)s (%(where)s): the figure of %(period)s %(rests)s, too few to head a page. It stands in the table. Source: %(survey)s."
    ) % {
        "title": locale.text(selection.indicator.title),
        "where": subject(locale, selection),
        "period": locale.format.period(row.period),
        "rests": units(locale, row),
        "survey": locale.label("survey", row.survey),
    }  # fmt: skip


def in_words(locale: Locale, indicator: Indicator, row: Value) -> str:
    """A verdict in words; empty for a value that is told by its number."""
    limit = indicator.limits.get(row.category)
    if limit is None or not limit.verdict or row.value is None:
        return ""
    return locale._("passes its tests") if limit.passes(row.value) else locale._("fails its tests")


def verdict(locale: Locale, indicator: Indicator, row: Value) -> str:
    """Whether a measure of quality passes, with its limit; empty for what is none."""
    limit = indicator.limits.get(row.category)
    if limit is None or limit.verdict or row.value is None:
        return ""
    bound = limit.above if limit.below is None else limit.below
    shown = {"limit": locale.format.number(bound or 0.0, 0 if (bound or 0) >= 1 else 2)}
    if limit.below is None:
        passed, failed = (
            N_("It passes: it must be above %(limit)s."),
            N_("It fails: it must be above %(limit)s."),
        )
    else:
        passed, failed = (
            N_("It passes: it must be below %(limit)s."),
            N_("It fails: it must be below %(limit)s."),
        )
    return locale._(passed if limit.passes(row.value) else failed) % shown


def in_one_unit(series: Mapping[str, list[Value]]) -> dict[str, list[Value]]:
    """The series that may be compared: those in the unit of the most of them, by code."""
    units = [row.unit for rows in series.values() for row in rows[-1:]]
    most = max(units, key=units.count, default="")
    return {code: rows for code, rows in series.items() if all(row.unit == most for row in rows)}


def highest(locale: Locale, selection: Selection, series: Mapping[str, list[Value]]) -> list[str]:
    """The largest of several parts that have no total, in the last period; and how many others the
    intervals do not tell from it. What rests on few heads nothing."""
    indicator = selection.indicator
    known = {
        code: [r for r in rows if r.value is not None and not rests_on_few(indicator, r)]
        for code, rows in in_one_unit(series).items()
    }
    last = max((rows[-1].period for rows in known.values() if rows), default="")
    now = {c: rows[-1] for c, rows in known.items() if rows and rows[-1].period == last}
    if not now:
        return sentences(locale, selection, [])
    code = max(now, key=lambda c: now[c].value or 0.0)
    part = replace(selection, codes={**selection.codes, selection.by: code}, by="")
    shown = locale.ngettext(
        "It is the highest of %(count)s published value.",
        "It is the highest of %(count)s published values.",
        len(now),
    )
    alike = rank_spans(now, 0.0)[code][1] - 1
    if alike:
        shown += " " + locale.ngettext(
            "%(count)s other may be as high: their intervals meet.",
            "%(count)s others may be as high: their intervals meet.",
            alike,
        )
    return [*sentences(locale, part, known[code]), shown]


def status_words(locale: Locale, row: Value) -> str:
    """What is special about one value, in words; empty for a normal one."""
    status = "" if row.obs_status == "A" else locale.label("obs_status", row.obs_status)
    failed = locale._("its seasonal adjustment fails its tests") if fails_yardstick(row) else ""
    return locale._(", ").join(filter(None, (status, failed)))


def cell(locale: Locale, indicator: Indicator, row: Value | None) -> dict[str, str]:
    """One published figure as pages show it (`parts.figure`, `parts.table`): `text` (`full` has the
    unit too, for a figure that stands alone), `interval`, `note`, and what goes with it wherever it stands: `value`, `unit`, `source`, `vintage` and
    `quality` (a letter of reliability, or `interval`), the marks (`marks.marks`), and `few`."""
    if row is None:
        return {"text": "", "interval": "", "note": ""}
    note = status_words(locale, row)
    limit = indicator.limits.get(row.category)
    if limit and not limit.verdict and row.value is not None and not limit.passes(row.value):
        note = locale._(", ").join(filter(None, (note, locale._("fails"))))
    few = rests_on_few(indicator, row)
    if row.value is None:
        return {"text": "", "interval": "", "note": note or locale.label("obs_status", _MISSING)}
    verdict_words = in_words(locale, indicator, row)
    own = row.unit != indicator.unit  # told beside the figure, for no heading tells it

    def write(value: float) -> str:
        if verdict_words:
            return verdict_words
        if own:
            return amount(locale, indicator, value, row.unit)
        return locale.format.value(value, row.unit, indicator.decimals)

    interval = ""
    if row.lower is not None and row.upper is not None:
        bounds = [write(bound) for bound in (row.lower, row.upper)]
        interval = locale._("%(low)s to %(high)s") % {"low": bounds[0], "high": bounds[1]}
    return {
        "text": write(row.value),
        "full": verdict_words or amount(locale, indicator, row.value, row.unit),
        "interval": interval,
        "note": locale._(", ").join(filter(None, (note, _few(locale, row) if few else ""))),
        "value": f"{row.value:.15g}",
        "key": series_key(row),
        "unit": row.unit,
        "source": f"{row.source} ({row.survey})",
        "vintage": row.source_date or row.valid_from.date().isoformat(),
        "quality": row.reliability or ("interval" if interval else ""),
        **({} if indicator.summary else marks(locale, row)),
        "few": "few" if few else "",
        "persons": "" if indicator.summary else counted_persons(locale, row, few=few),
    }


def _few(locale: Locale, row: Value) -> str:
    """What a figure that rests on few ads or establishments says; persons are told beside it."""
    if row.survey in OF_ADS:
        return locale._("few ads")
    return "" if of_persons(row) else units(locale, row)


def counted(locale: Locale, count: int, source: str = "", api: str = "") -> dict[str, str]:
    """A count of what Marsad itself lists (ads, trainings, skills), as a figure: exact, as of the
    release; `api` is the question to the API whose total it is."""
    return {
        "text": locale.format.number(count),
        "full": locale.format.number(count),
        "interval": "",
        "note": "",
        "value": str(count),
        "unit": "NB",
        "source": source or "Marsad",
        "vintage": locale.reader.release().reference_on.isoformat(),
        "quality": "exact",
        "api": api,
    }
