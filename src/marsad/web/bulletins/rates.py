"""The rates of the labour-force survey in a bulletin: messages, charts and a table of a place.

Of a region that the survey tells only together with others, those of the group stand, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marsad.base.areas import at_level, members
from marsad.base.periods import end
from marsad.base.records import Row
from marsad.publish.read.reader import Value
from marsad.publish.read.trust import RECKONED, is_reckoned
from marsad.web.bulletins.typeset import Picture
from marsad.web.charts.line import Line, LineChart
from marsad.web.localisation import Locale
from marsad.web.marks import legend, precision
from marsad.web.selection import Selection, select
from marsad.web.sentences import cell, place, sentences
from marsad.web.series_chart import points

RATES = ("unemployment_rate", "activity_rate", "employment_rate")
CHARTS = (RATES[:1], RATES[1:])
"""What shares an axis: rates of one size."""
SURVEY = "ENE"
PERIODS, FEWEST = 9, 2


def part_of(heading: str, **contents: Any) -> Row:
    """A part of a bulletin as `bulletin.typ` reads it; what is not given is empty."""
    empty: Row = {
        "warning": "",
        "messages": [],
        "sentences": [],
        "pictures": [],
        "head": [],
        "rows": [],
        "source": "",
    }
    return {"heading": heading, **empty, **contents}


class Rates:
    """The series of the survey for a place: quarters where it has them, else years; `newest` those of
    either that end last."""

    def __init__(self, locale: Locale, code: str) -> None:
        self.locale = locale
        groups = (group.code for group in at_level("region_group") if code in members(group.code))
        self.area = next((a for a in (code, *groups) if self._chosen(RATES[0], a)), "")
        chosen = {name: self._chosen(name, self.area) for name in RATES} if self.area else {}
        self.chosen = {name: selection for name, selection in chosen.items() if selection}
        self.rows = {name: self._rows(selection) for name, selection in self.chosen.items()}
        self.newest = {name: self._newest(name) for name in self.chosen}
        self.grouped = self.area not in ("", code)

    def _chosen(self, name: str, area: str) -> Selection | None:
        return next((chosen for chosen, _ in self._series(name, area)), None)

    def _series(self, name: str, area: str) -> Iterator[tuple[Selection, list[Value]]]:
        """The series of quarters and of years that have at least FEWEST values."""
        reader = self.locale.reader
        if area not in reader.codes(name, "area"):
            return
        for freq in ("Q", "A"):
            if freq in reader.codes(name, "freq"):
                query = {"freq": freq, "area": area, "survey": SURVEY}
                chosen = select(reader, reader.indicator(name), query)
                if len(rows := self._rows(chosen)) >= FEWEST:
                    yield chosen, rows

    def _newest(self, name: str) -> tuple[Selection, list[Value]]:
        return max(self._series(name, self.area), key=lambda series: end(series[1][-1].period))

    def _rows(self, chosen: Selection) -> list[Value]:
        rows = self.locale.reader.data(chosen.query()).rows
        return sorted((r for r in rows if r.value is not None), key=lambda row: row.period)

    def messages(self) -> list[tuple[str, str]]:
        """What may be repeated: a sentence for each rate, how it moved, and how far it can be trusted."""
        return [
            (" ".join(sentences(self.locale, chosen, rows)), precision(self.locale, rows[-1]))
            for chosen, rows in self.newest.values()
        ]

    def _reckoned(self) -> list[str]:
        """How the intervals came about, where the producer publishes none."""
        series = [(chosen.indicator, row) for chosen, rows in self.newest.values() for row in rows]
        reckoned = any(is_reckoned(indicator, row) for indicator, row in series)
        return [self.locale.label("caveat", RECKONED)] if reckoned else []

    def note(self) -> list[str]:
        """That a group stands for the place."""
        if not self.grouped:
            return []
        words = self.locale._(
            "The survey publishes one figure for several regions together (%(name)s): it stands here."
        )
        return [words % {"name": place(self.locale, self.area)}]

    def pictures(self) -> list[Picture]:
        """A chart for the rates of each size."""
        drawn = (self._picture(names) for names in CHARTS)
        return [picture for picture in drawn if picture]

    def _picture(self, names: tuple[str, ...]) -> Picture | None:
        locale = self.locale
        lines = [
            Line(locale.text(chosen.indicator.title),
                 points(locale, chosen, self.rows[name], locale.reader.breaks(name, SURVEY)))
            for name, chosen in self.chosen.items() if name in names
        ]  # fmt: skip
        if not lines:
            return None
        ends = [
            f"{line.name}: {line.points[0].when} {line.points[0].text} – {line.points[-1].when}"
            f" {line.points[-1].text}"
            for line in lines
        ]
        strokes = (
            locale._("%(name)s (full line, circles)"),
            locale._("%(name)s (broken line, squares)"),
        )
        named = [stroke % {"name": line.name} for stroke, line in zip(strokes, lines)]
        title = locale._(", ").join([*(named if len(lines) > 1 else [lines[0].name]), "%"])
        title += locale._(": ") + place(locale, self.area)
        write = locale.format.value
        chart = LineChart(
            "-".join(names), title, "; ".join(ends), lines, [], lambda v, d: write(v, "PT", d),
            rtl=locale.language == "ar",
        )  # fmt: skip
        return Picture(title, f"{title}. {'; '.join(ends)}", str(chart.alone()))

    def table(self, pictures: int) -> Row:
        """The charts, and the rates of the last periods side by side."""
        locale = self.locale
        cells = {name: {row.period: row for row in rows} for name, rows in self.rows.items()}
        periods = sorted({p for rows in cells.values() for p in rows}, reverse=True)[:PERIODS]
        shown = [rows[p] for rows in cells.values() for p in periods if p in rows]
        titles = [locale.text(chosen.indicator.title) for chosen in self.chosen.values()]
        rows = [
            [locale.format.period(p),
             *(cell(locale, chosen.indicator, cells[name].get(p))["text"] or "–"
               for name, chosen in self.chosen.items())]
            for p in periods
        ]  # fmt: skip
        newest = locale.format.date_text(max((row.source_date for row in shown), default=""))
        read = locale._(", ").join(filter(None, [locale.label("survey", SURVEY), newest]))
        return part_of(
            locale._("Rates of the labour-force survey, %"),
            sentences=self.note(),
            pictures=list(range(pictures)),
            head=[locale._("Period"), *titles],
            rows=rows,
            source=" ".join([f"{read}.", *legend(locale, shown), *self._reckoned()]),
        )
