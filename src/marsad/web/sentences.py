"""A figure in one sentence, written from the data, so that words and numbers cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from marsad.base.areas import areas
from marsad.base.codes import label
from marsad.base.figures import rounded
from marsad.base.periods import frequency, start
from marsad.publish.read.cube import series_key
from marsad.publish.read.reader import Indicator, Value
from marsad.publish.read.trust import OF_ADS, fails_yardstick, of_persons, rests_on_few
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.marks import counted_persons, marks, persons, units
from marsad.web.ranking import rank_spans
from marsad.web.selection import Selection, earlier

_MISSING = "M"
_COMPUTED = ("E", "F")
_SEASONLESS = ("S", "Y", "T")
"""Adjustments after which a period may be compared with the one just before it."""


@dataclass(frozen=True, slots=True)
class _Change:
    """How a change over one span of time is told: up, down, none, or not at all for a break."""

    more: str
    less: str
    same: str
    broken: str


_CHANGES = {
    "A": _Change(
        N_("That is %(change)s more than one year earlier (%(before)s)."),
        N_("That is %(change)s less than one year earlier (%(before)s)."),
        N_("It has not changed in one year."),
        N_("It is not compared with one year earlier, for the series breaks in between."),
    ),
    "Q": _Change(
        N_("That is %(change)s more than one quarter earlier (%(before)s)."),
        N_("That is %(change)s less than one quarter earlier (%(before)s)."),
        N_("It has not changed in one quarter."),
        N_("It is not compared with the quarter before, for the series breaks in between."),
    ),
    "M": _Change(
        N_("That is %(change)s more than one month earlier (%(before)s)."),
        N_("That is %(change)s less than one month earlier (%(before)s)."),
        N_("It has not changed in one month."),
        N_("It is not compared with the month before, for the series breaks in between."),
    ),
}
"""By the frequency that the span of the comparison has."""


def amount(locale: Locale, indicator: Indicator, value: float, unit: str) -> str:
    """A value with its unit, which is its row's: 13.3%, 0.6 percentage points, 12,171,000 persons."""
    decimals = decimals_in(indicator, unit)
    if unit == "PP":
        return _points(locale, value, decimals)
    text = locale.format.value(value, unit, decimals)
    if unit in ("PT", "NB", "IX", "RA"):
        return text
    return _counted(locale, unit, rounded(value, decimals), text) or (
        f"{text} {label('unit', unit, locale.language)}"
    )


def decimals_in(indicator: Indicator, unit: str) -> int:
    """The decimals of a row's unit: those of the indicator are for its own unit, and what is in
    percent or points beside it has one at most, persons none."""
    if unit == indicator.unit or {unit, indicator.unit} == {"PT", "PP"}:
        return indicator.decimals
    most = {"PT": 1, "PP": 1, "PS": 0}.get(unit, indicator.decimals)
    return min(most, indicator.decimals)


def _counted(locale: Locale, unit: str, value: float, text: str) -> str:
    """A figure with a unit that is counted, in its right form: 1 month, 33 months."""
    size, words = abs(value), locale.words
    count = int(size) if size == int(size) else 100 if size > 2 else 0
    if unit == "MO":
        return words.ngettext("%(value)s month", "%(value)s months", count) % {"value": text}
    if unit == "DY":
        return words.ngettext("%(value)s day", "%(value)s days", count) % {"value": text}
    if unit == "PS":
        return words.ngettext("%(value)s person", "%(value)s persons", count) % {"value": text}
    return ""


def unit_of(indicator: Indicator, rows: Iterable[Value]) -> str:
    """The unit of a chart or table: that of the indicator, or the one that all its rows share."""
    units = {row.unit for row in rows if row.value is not None}
    return units.pop() if len(units) == 1 else indicator.unit


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


def sentences(locale: Locale, selection: Selection, rows: list[Value]) -> list[str]:
    """What the last figure is, how it moved in a year, and what must be known to read it."""
    known = [row for row in rows if row.value is not None]
    indicator = selection.indicator
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
    if last.lower is not None and last.upper is not None:
        parts.append(
            locale._("The 95%% interval runs from %(lower)s to %(upper)s.")
            % {
                "lower": amount(locale, indicator, last.lower, last.unit),
                "upper": amount(locale, indicator, last.upper, last.unit),
            }
        )
    parts.extend(filter(None, [verdict(locale, indicator, last), change(locale, selection, known)]))
    return parts


def credit(locale: Locale, row: Value) -> str:
    """Whose the figure is: the survey's, or Marsad's on the basis of the survey."""
    survey = locale.label("survey", row.survey)
    if row.obs_status not in _COMPUTED or not of_persons(row):
        return survey
    return locale._("%(survey)s, computed by Marsad") % {"survey": survey}


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
    return locale._(words.more if moved > 0 else words.less) % {
        "before": amount(locale, indicator, before.value, before.unit),
        "change": distance(locale, indicator, moved, last.unit),
    }


def distance(locale: Locale, indicator: Indicator, moved: float, unit: str) -> str:
    """How far two values of a unit are apart: percentages in points."""
    return amount(locale, indicator, abs(moved), "PP" if unit == "PT" else unit)


def _points(locale: Locale, points: float, decimals: int) -> str:
    size = abs(rounded(points, decimals))
    count = int(size) if size >= 2 or size == 1 else 0  # 0.3 points, 0,3 point
    text = locale.words.ngettext(
        "%(points)s percentage point", "%(points)s percentage points", count
    )
    return text % {"points": locale.format.number(points, decimals)}


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
