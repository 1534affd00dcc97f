"""The chart of a choice: lines over time, or bars where there is one period or too many series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from marsad.base.codes import TOTAL
from marsad.base.errors import InputError
from marsad.base.periods import frequency, start
from marsad.base.refusals import refused
from marsad.publish.read.reader import Break, Value
from marsad.web.amounts import unit_of
from marsad.web.charts.bars import Bar, BarChart
from marsad.web.charts.line import Line, LineChart, Mark, Point, legend_mark
from marsad.web.charts.multiples import small_multiples
from marsad.web.localisation import Locale
from marsad.web.selection import Selection, when
from marsad.web.sentences import cell, in_one_unit, subject

MOST_LINES = 6
MOST_BARS = 20
MOST_SMALL = 24
_STEP = {"A": 1.0, "Q": 0.25, "M": 1 / 12, "W": 1 / 52, "D": 1 / 365}


def named(locale: Locale, selection: Selection, code: str) -> str:
    """The name of one series."""
    if not selection.by:
        return subject(locale, selection)
    return locale.label(selection.by, code, selection.indicator.id)


def points(
    locale: Locale, selection: Selection, rows: Sequence[Value], breaks: Sequence[Break]
) -> tuple[Point, ...]:
    """The values of a series as points; a gap or a break between two starts a new part."""
    drawn: list[Point] = []
    part, before = 0, 0.0
    for row in rows:
        if row.value is None:
            continue
        at = when(row.period)
        gap = bool(drawn) and at - before > 1.5 * _STEP[frequency(row.period)]
        broken = any(before < when_break(b, row) <= at for b in breaks) and bool(drawn)
        part += gap or broken
        words = cell(locale, selection.indicator, row)
        texts = locale.format.period(row.period), words["text"]
        drawn.append(Point(at, row.value, *texts, part, row.lower, row.upper))
        before = at
    return tuple(drawn)


def when_break(series_break: Break, row: Value) -> float:
    """Where a break stands on the time axis of a series: before its first new period."""
    step = _STEP[frequency(row.period)]
    first = start(series_break.period)
    at = first.year + (first.month - 1) / 12
    return at - step / 2 if frequency(row.period) == "A" else at


def chart(
    locale: Locale,
    selection: Selection,
    series: Mapping[str, list[Value]],
    view: str = "",
) -> Markup:
    """The drawing of the chosen series, or an empty text when there are not two values to compare.

    `view` asks for lines, bars or small charts; what does not fit is drawn as fits best. InputError
    for another word.
    """
    if view not in ("", "line", "bar", "small"):
        raise InputError(refused("no_view", code=view, known="line, bar, small"))
    known = _drawn(series)
    if sum(map(len, known.values())) < 2:
        return Markup("")  # one value is told by the sentence
    draw = {"line": _lines, "bar": _bars, "small": _small}[_form(known, view)]
    return draw(locale, selection, known)


def legend(
    locale: Locale, selection: Selection, series: Mapping[str, list[Value]], view: str = ""
) -> list[tuple[Markup, str]]:
    """The mark and name of each line of the chart of these series; empty where it needs none."""
    known = _drawn(series)
    if len(known) < 2 or _form(known, view) != "line":
        return []
    return [(legend_mark(i), named(locale, selection, code)) for i, code in enumerate(known)]


def _drawn(series: Mapping[str, list[Value]]) -> dict[str, list[Value]]:
    """The series and values that are drawn: those that are known, in one unit."""
    known = {code: [r for r in rows if r.value is not None] for code, rows in series.items()}
    return in_one_unit({code: rows for code, rows in known.items() if rows})


def _form(known: Mapping[str, list[Value]], view: str) -> str:
    """How the drawn series are drawn: line, bar or small."""
    periods = {row.period for rows in known.values() for row in rows}
    if view == "small" and len(periods) > 1 and len(known) > 1:
        return "small"
    many = len(known) > MOST_LINES or (len(periods) == 1 and len(known) > 1)
    return "bar" if many or (view == "bar" and len(known) > 1) else "line"


def _lines(locale: Locale, selection: Selection, known: Mapping[str, list[Value]]) -> Markup:
    lines, marks = [], {}
    for code, rows in known.items():
        breaks = locale.reader.breaks(selection.indicator.id, rows[0].survey)
        lines.append(Line(named(locale, selection, code), points(locale, selection, rows, breaks)))
        for series_break in breaks:
            words = locale._("Break %(period)s") % {
                "period": locale.format.period(series_break.period)
            }
            marks[series_break.period] = Mark(when_break(series_break, rows[0]), words)
    unit = unit_of(selection.indicator, [row for rows in known.values() for row in rows])
    title = f"{locale.text(selection.indicator.title)}: {subject(locale, selection)}"
    return LineChart(
        "series",
        title,
        _description(locale, selection, known),
        lines,
        sorted(marks.values(), key=lambda m: m.at),
        lambda value, decimals: locale.format.value(value, unit, decimals),
        rtl=locale.language == "ar",
    ).draw()


def _small(locale: Locale, selection: Selection, known: Mapping[str, list[Value]]) -> Markup:
    lines = []
    for code, rows in [*known.items()][:MOST_SMALL]:
        breaks = locale.reader.breaks(selection.indicator.id, rows[0].survey)
        lines.append(Line(named(locale, selection, code), points(locale, selection, rows, breaks)))
    title = f"{locale.text(selection.indicator.title)}: {subject(locale, selection)}"
    return small_multiples("small", title, _description(locale, selection, known), lines)


def latest_common(known: Mapping[str, list[Value]]) -> str:
    """The latest period that most series have."""
    counts: dict[str, int] = {}
    for rows in known.values():
        for row in rows:
            counts[row.period] = counts.get(row.period, 0) + 1
    most = max(counts.values(), default=0)
    return max((p for p, n in counts.items() if n >= 0.8 * most), default="")


def _bars(locale: Locale, selection: Selection, known: Mapping[str, list[Value]]) -> Markup:
    period = latest_common(known)
    if {row.unit for rows in known.values() for row in rows} <= {"NB", "PS"} and len(known) > 2:
        known = {code: rows for code, rows in known.items() if code != TOTAL}  # parts, not the sum
    bars = [
        Bar(named(locale, selection, code), row.value, cell(locale, selection.indicator, row)["text"],
            row.lower, row.upper)
        for code, rows in known.items()
        for row in rows
        if row.period == period and row.value is not None
    ]  # fmt: skip
    if selection.by in ("area", "occupation", "category"):
        bars.sort(key=lambda bar: -bar.value)
    title = f"{locale.text(selection.indicator.title)}: {locale.format.period(period)}"
    description = _description(locale, selection, known)
    return BarChart("series", title, description, bars[:MOST_BARS], locale.language == "ar").draw()


def _description(locale: Locale, selection: Selection, known: Mapping[str, list[Value]]) -> str:
    """The chart in words: first and last value of each series."""
    parts = []
    for code, rows in list(known.items())[:MOST_BARS]:
        first, last = (
            cell(locale, selection.indicator, row)["text"] for row in (rows[0], rows[-1])
        )
        name = named(locale, selection, code)
        ends = f"{locale.format.period(rows[-1].period)} {last}"
        if len(rows) > 1:
            ends = f"{locale.format.period(rows[0].period)} {first} – {ends}"
        parts.append(f"{name}: {ends}")
    return "; ".join(parts) + "."
