"""One level of areas as a map and a table: the last period that most areas have, and only that."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from marsad.publish.read.reader import Value
from marsad.web.charts.map import LAYERS, MapArea, choropleth, outlined, shades, swatch
from marsad.web.charts.scale import decimals_of
from marsad.web.request import PageRequest
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
    request: PageRequest, selection: Selection, level: str, parent: str = "", places: bool = False
) -> AreaMap | None:
    """The chosen figures by area, or None when no area of this level has one; of the areas in
    `parent` only, where one is given. With `places`, areas link to their own pages, not to this one
    with the area chosen."""
    if level not in LAYERS:
        return None
    rows = request.reader.data(selection.query(area="", level=level, parent=parent)).rows
    period = _period(rows)
    if not period:
        return None
    row_by_area = {row.area: row for row in rows if row.period == period}
    heading = (
        request._("By region") if level == "region" else request._("By province and prefecture")
    )
    period_text = request.format.period(period)
    drawn = {code: _area(request, selection, row, places) for code, row in row_by_area.items()}
    painted = outlined(level)
    classes = shades(
        [r.value for c, r in row_by_area.items() if r.value is not None and c in painted]
    )
    title = request._(", ").join((request.text(selection.indicator.title), period_text, heading))
    legend = [
        (swatch(s.index, len(classes)), _range(request, selection, s.low, s.high)) for s in classes
    ]
    # A group of regions has a value of its own: it is listed, never painted onto its regions.
    listed = row_by_area | (_groups(request, selection, period) if level == "region" else {})
    table = [
        (
            request.label("area", code),
            _area(request, selection, row, places).link,
            [cell(request, selection.indicator, row)],
        )
        for code, row in sorted(listed.items(), key=lambda item: -(item[1].value or -1e18))
    ]
    svg = choropleth(level, drawn, classes, title, only=bool(parent))
    return AreaMap(level, heading, period_text, svg, legend, table)


def _groups(request: PageRequest, selection: Selection, period: str) -> dict[str, Value]:
    rows = request.reader.data(selection.query(area="", level="region_group")).rows
    return {row.area: row for row in rows if row.period == period}


def _area(request: PageRequest, selection: Selection, row: Value, places: bool) -> MapArea:
    words = cell(request, selection.indicator, row)
    text = f"{request.label('area', row.area)}: {words['text'] or words['note']}"
    link = request.link(f"/areas/{row.area}") if places else request.here(area=row.area, by="")
    return MapArea(row.area, text, link, row.value)


def _range(request: PageRequest, selection: Selection, low: float, high: float) -> str:
    unit, decimals = selection.indicator.unit, selection.indicator.decimals
    decimals = max(decimals, 0) if unit == "PT" else min(decimals, decimals_of([low, high]))
    write = request.format.value
    if low == high:
        return write(low, unit, decimals)
    bounds = {"low": write(low, unit, decimals), "high": write(high, unit, decimals)}
    return request._("%(low)s to %(high)s") % bounds
