"""Values with their units, as people read them."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.base.codes import label
from marsad.base.figures import rounded
from marsad.publish.read.reader import Indicator, Value
from marsad.web.localisation import Locale


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
