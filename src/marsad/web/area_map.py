"""One level of areas as a map and a table: the last period that most areas have, and only that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import median

from markupsafe import Markup

from marsad.base.areas import COUNTRY, members
from marsad.publish.read.reader import Value
from marsad.publish.read.trust import is_firm, rests_on_few
from marsad.web.amounts import distance, unit_of
from marsad.web.charts.classes import Shade, shades, tone_of
from marsad.web.charts.map import LAYERS, MapArea, choropleth, outlined, pattern_swatch, swatch
from marsad.web.charts.scale import decimals_of
from marsad.web.localisation import Locale
from marsad.web.ranking import band, rank_spans, typical_move
from marsad.web.selection import Selection
from marsad.web.sentences import cell

FIRM, WEAK = 1.0, 2.0
"""The least width of a class, in points, where no interval is published: of figures of letter A or B,
and of weaker ones (half of the yearly moves of the provinces are wider than 1.3 points)."""


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The map of one level, its legend (colour, words), and its rows (name, link, cells) under
    `head`, with what is to be known of their order, and the values that are shown."""

    level: str
    heading: str
    period: str
    svg: Markup
    legend: list[tuple[Markup, str]]
    head: list[str]
    rows: list[tuple[str, str, list[dict[str, str]]]]
    order: str
    values: tuple[Value, ...]


def _period(rows: tuple[Value, ...]) -> str:
    """The latest period in which at least half of the areas of the fullest period have a value."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.period] = counts.get(row.period, 0) + (row.value is not None)
    most = max(counts.values(), default=0)
    return max((p for p, n in counts.items() if n and n >= most / 2), default="")


def area_map(
    locale: Locale,
    selection: Selection,
    level: str,
    link: Callable[[str], str],
    parent: str = "",
) -> AreaMap | None:
    """The chosen figures by area, or None when no area of this level has one; of the areas in
    `parent` only, where one is given. `link` gives the address that an area leads to."""
    if level not in LAYERS:
        return None
    rows = locale.reader.data(selection.query(area="", level=level, parent=parent)).rows
    period = _period(rows)
    if not period:
        return None
    grouped = _groups(locale, selection) if level == "region" and parent in ("", COUNTRY) else ()
    every = [*rows, *grouped]
    unit = unit_of(selection.indicator, every)
    drawing = _Drawing(locale, selection, level, link, _classes(selection, level, every), unit)
    now = [row for row in every if row.period == period]
    drawn = {row.area: drawing.area(row) for row in now if not members(row.area)}
    drawn |= drawing.in_groups([row for row in now if members(row.area)], drawn)
    heading = locale._("By region") if level == "region" else locale._("By province and prefecture")
    period_text = locale.format.period(period)
    title = locale._(", ").join((locale.text(selection.indicator.title), period_text, heading))
    head, table, order = _ranking(locale, selection, every, now, link)
    svg = choropleth(level, drawn, drawing.classes, title, only=bool(parent))
    legend = drawing.legend(drawn, bool(parent))
    return AreaMap(level, heading, period_text, svg, legend, head, table, order, tuple(now))


def _ranking(
    locale: Locale,
    selection: Selection,
    every: Sequence[Value],
    now: Sequence[Value],
    link: Callable[[str], str],
) -> tuple[list[str], list[tuple[str, str, list[dict[str, str]]]], str]:
    """The heads and rows of the areas of a period, highest first, with the ranks that each may hold;
    and in words how far apart they must be."""
    indicator = selection.indicator
    ranked = [r for r in now if r.value is not None and not rests_on_few(indicator, r)]
    move = typical_move(every, locale.reader.breaks(indicator.id, now[0].survey))
    apart = band(ranked, move)
    spans = rank_spans({row.area: row for row in ranked}, apart)
    rows = []
    for row in sorted(now, key=lambda row: (row.area not in spans, -(row.value or 0.0))):
        rank = {"text": _span(locale, spans.get(row.area), len(spans)), "interval": "", "note": ""}
        rows.append(
            (locale.label("area", row.area), link(row.area), [cell(locale, indicator, row), rank])
        )
    order = locale._("Rank: the ranks that an area may hold. Areas whose ranks meet are not to be told apart.")  # fmt: skip
    if apart and move is not None and any(row.lower is None for row in ranked):
        order += " " + locale._(
            "No interval is published: half of these areas move by %(move)s or more from one year to the next, so that two of them less than %(apart)s apart may stand in either order."
        ) % {
            "move": distance(locale, indicator, move, now[0].unit),
            "apart": distance(locale, indicator, apart, now[0].unit),
        }  # fmt: skip
    head = [locale._("Area"), locale.text(indicator.title), locale._("Rank")]
    return head, rows, order


def _span(locale: Locale, ranks: tuple[int, int] | None, of: int) -> str:
    """The ranks that an area may hold, of how many; empty for one that is not ranked."""
    if ranks is None:
        return ""
    first, last = map(locale.format.number, ranks)
    span = (
        first if first == last else locale._("%(low)s to %(high)s") % {"low": first, "high": last}
    )
    return locale._("%(rank)s of %(count)s") % {"rank": span, "count": locale.format.number(of)}


def _groups(locale: Locale, selection: Selection) -> tuple[Value, ...]:
    return locale.reader.data(selection.query(area="", level="region_group")).rows


def _classes(selection: Selection, level: str, rows: Sequence[Value]) -> list[Shade]:
    """Classes common to all periods of these areas, at least as wide as the values can tell apart:
    the middle half-width of their intervals, else what is stated for values without one."""
    painted = outlined(level)
    years: dict[str, list[float]] = {}
    halves = []
    for row in rows:
        if row.value is None or rests_on_few(selection.indicator, row):
            continue
        if row.area in painted or members(row.area):
            years.setdefault(row.period, []).append(row.value)
        if row.lower is not None and row.upper is not None:
            halves.append((row.upper - row.lower) / 2)
    weak = not all(map(is_firm, rows))
    stated = (WEAK if weak else FIRM) if rows[0].unit in ("PT", "PP") else 0.0
    return shades(list(years.values()), median(halves) if halves else stated)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The areas of a map as they are drawn, in the classes of their series."""

    locale: Locale
    selection: Selection
    level: str
    link: Callable[[str], str]
    classes: list[Shade]
    unit: str

    def area(self, row: Value) -> MapArea:
        """An area with its own figure; hatched where it has none or it rests on few."""
        words = cell(self.locale, self.selection.indicator, row)
        shown = self.locale._(", ").join(filter(None, (words["text"], words["note"])))
        text = f"{self.locale.label('area', row.area)}: {shown}"
        value = None if rests_on_few(self.selection.indicator, row) else row.value
        return MapArea(row.area, text, self.link(row.area), value)

    def in_groups(
        self, groups: Sequence[Value], drawn: Mapping[str, MapArea]
    ) -> dict[str, MapArea]:
        """The regions without a figure of their own, by the figure of the group that holds them."""
        painted = {}
        for row in groups:
            words = self._of_group(row)
            for code in members(row.area):
                if row.value is None or (code in drawn and drawn[code].value is not None):
                    continue
                text = f"{self.locale.label('area', code)}: {words}"
                painted[code] = MapArea(code, text, self.link(row.area), row.value, "group", words)
        return painted

    def _of_group(self, row: Value) -> str:
        shown = cell(self.locale, self.selection.indicator, row)["text"]
        return self.locale.ngettext(
            "published for %(count)s region together",
            "published for %(count)s regions together",
            len(members(row.area)),
        ) + self.locale._(": ") + shown  # fmt: skip

    def legend(self, drawn: Mapping[str, MapArea], only: bool) -> list[tuple[Markup, str]]:
        """Every class in words, then what the patterns on this map mean."""
        rows = [(swatch(s.tone), self._range(s)) for s in self.classes]
        for words, area in {a.group: a for a in drawn.values() if a.group}.items():
            tone = tone_of(area.value or 0.0, self.classes)
            rows.append((pattern_swatch("group", self.level, tone), words))
        lacking = {a.value is None for a in drawn.values()}
        if True in lacking or (not only and outlined(self.level) - set(drawn)):
            words = self.locale._("no published figure, or one that rests on few persons")
            rows.append((pattern_swatch("hatch", self.level), words))
        return rows

    def _range(self, shade: Shade) -> str:
        """A class in words; as a range to its last value where any value is below zero, for
        "−3 and more" is read as larger losses."""
        known = [bound for bound in (shade.low, shade.high) if bound is not None]
        decimals = min(self.selection.indicator.decimals, decimals_of(known))
        ends = shade.low, shade.high
        if known and self.classes[0].least < 0:  # outwards to as round a number as the bounds
            size = 10**decimals
            ends = (
                floor(shade.least * size) / size if shade.low is None else shade.low,
                ceil(shade.most * size) / size if shade.high is None else shade.high,
            )
        low, high = (
            self.locale.format.value(bound, self.unit, decimals) if bound is not None else ""
            for bound in ends
        )
        _ = self.locale._
        if low and high and self.classes[0].least < 0:
            return _("%(low)s to %(high)s") % {"low": low, "high": high}
        if low and high:
            return _("%(low)s to less than %(high)s") % {"low": low, "high": high}
        if high:
            return _("less than %(high)s") % {"high": high}
        return _("%(low)s and more") % {"low": low} if low else _("one class: all values")
