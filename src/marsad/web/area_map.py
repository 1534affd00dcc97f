"""One level of areas as a map and a table: the last period that most areas have, and only that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from marsad.publish.read.reader import Value
from marsad.web.charts.map import LAYERS, MapArea, choropleth, outlined, shades, swatch
from marsad.web.charts.scale import decimals_of
from marsad.web.localisation import Locale
from marsad.web.selection import Selection
from marsad.web.sentences import cell


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The map of one level, its legend (colour, words) and its rows (name, link, cells)."""

    level: str
    heading: str
    period: str
    svg: Markup
    legend: list[tuple[Markup, str]]
    rows: list[tuple[str, str, list[dict[str, str]]]]


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
    row_by_area = {row.area: row for row in rows if row.period == period}
    heading = locale._("By region") if level == "region" else locale._("By province and prefecture")
    period_text = locale.format.period(period)
    drawn = {code: _area(locale, selection, row, link) for code, row in row_by_area.items()}
    painted = outlined(level)
    classes = shades(
        [r.value for c, r in row_by_area.items() if r.value is not None and c in painted]
    )
    title = locale._(", ").join((locale.text(selection.indicator.title), period_text, heading))
    legend = [
        (swatch(s.index, len(classes)), _range(locale, selection, s.low, s.high)) for s in classes
    ]
    # A group of regions has a value of its own: it is listed, never painted onto its regions.
    listed = row_by_area | (_groups(locale, selection, period) if level == "region" else {})
    table = [
        (
            locale.label("area", code),
            _area(locale, selection, row, link).link,
            [cell(locale, selection.indicator, row)],
        )
        for code, row in sorted(listed.items(), key=lambda item: -(item[1].value or -1e18))
    ]
    svg = choropleth(level, drawn, classes, title, only=bool(parent))
    return AreaMap(level, heading, period_text, svg, legend, table)


def _groups(locale: Locale, selection: Selection, period: str) -> dict[str, Value]:
    rows = locale.reader.data(selection.query(area="", level="region_group")).rows
    return {row.area: row for row in rows if row.period == period}


def _area(locale: Locale, selection: Selection, row: Value, link: Callable[[str], str]) -> MapArea:
    words = cell(locale, selection.indicator, row)
    text = f"{locale.label('area', row.area)}: {words['text'] or words['note']}"
    return MapArea(row.area, text, link(row.area), row.value)


def _range(locale: Locale, selection: Selection, low: float, high: float) -> str:
    unit, decimals = selection.indicator.unit, selection.indicator.decimals
    decimals = max(decimals, 0) if unit == "PT" else min(decimals, decimals_of([low, high]))
    write = locale.format.value
    if low == high:
        return write(low, unit, decimals)
    bounds = {"low": write(low, unit, decimals), "high": write(high, unit, decimals)}
    return locale._("%(low)s to %(high)s") % bounds
