"""A figure in one sentence, written from the data, so that words and numbers cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from marsad.base.areas import areas
from marsad.base.codes import label
from marsad.base.periods import start
from marsad.publish.read.reader import Indicator, Value
from marsad.web.request import PageRequest
from marsad.web.selection import Selection, year_earlier

_MISSING = "M"


def amount(visit: PageRequest, indicator: Indicator, value: float) -> str:
    """A value with its unit: 13.3%, 12,171,000 persons, 8 months."""
    text = visit.format.value(value, indicator.unit, indicator.decimals)
    if indicator.unit in ("PT", "NB"):
        return text
    return f"{text} {label('unit', indicator.unit, visit.language)}"


def place(visit: PageRequest, code: str) -> str:
    """The name of an area, by its own word for its kind where it is a region or province."""
    known = areas().get(code)
    if known is None:
        return visit.label("area", code)
    name = known.label(visit.language)
    if known.level == "region":
        return visit._("%(name)s region") % {"name": name}
    return name


def subject(visit: PageRequest, selection: Selection) -> str:
    """What and where: the area, then the groups chosen."""
    parts = [place(visit, selection.area)]
    parts += [visit.label(d, code, selection.indicator.id) for d, code in selection.qualifiers()]
    return visit._(", ").join(parts)


def sentences(visit: PageRequest, selection: Selection, rows: list[Value]) -> list[str]:
    """What the last figure is, how it moved in a year, and what must be known to read it."""
    known = [row for row in rows if row.value is not None]
    indicator = selection.indicator
    if not known:
        return [visit._("No figure is published for this choice.")]
    last = known[-1]
    said = [
        visit._("%(title)s: %(value)s %(period)s (%(where)s). Source: %(survey)s.")
        % {
            "title": visit.text(indicator.title),
            "value": amount(visit, indicator, last.value or 0),
            "period": visit.format.in_period(last.period),
            "where": subject(visit, selection),
            "survey": visit.label("survey", last.survey),
        }
    ]
    if last.lower is not None and last.upper is not None:
        said.append(
            visit._("The 95%% interval runs from %(lower)s to %(upper)s.")
            % {
                "lower": amount(visit, indicator, last.lower),
                "upper": amount(visit, indicator, last.upper),
            }
        )
    said.extend(filter(None, [change(visit, selection, known)]))
    return said


def highest(
    visit: PageRequest, selection: Selection, series: Mapping[str, list[Value]]
) -> list[str]:
    """The largest of several parts that have no total, in the last period."""
    known = {c: [r for r in rows if r.value is not None] for c, rows in series.items()}
    last = max((rows[-1].period for rows in known.values() if rows), default="")
    now = {c: rows for c, rows in known.items() if rows and rows[-1].period == last}
    if not now:
        return sentences(visit, selection, [])
    code = max(now, key=lambda c: now[c][-1].value or 0.0)
    one = replace(selection, codes={**selection.codes, selection.by: code}, by="")
    shown = visit.ngettext(
        "It is the highest of %(count)s published value.",
        "It is the highest of %(count)s published values.",
        len(now),
    )
    return [*sentences(visit, one, now[code]), shown]


def change(visit: PageRequest, selection: Selection, rows: list[Value]) -> str:
    """How the last value moved in one year, or why that is not said."""
    before, last = year_earlier(rows), rows[-1]
    if before is None or before.value is None or last.value is None:
        return ""
    indicator = selection.indicator
    breaks = visit.reader.breaks(indicator.id, last.survey)
    if any(start(before.period) < start(b.period) <= start(last.period) for b in breaks):
        return visit._(
            "It is not compared with one year earlier, for the series breaks in between."
        )
    moved = round(last.value - before.value, indicator.decimals)
    then = {"before": amount(visit, indicator, before.value)}
    if moved == 0:
        return visit._("It has not changed in one year.")
    then["change"] = _moved(visit, indicator, abs(moved))
    if moved > 0:
        return visit._("That is %(change)s more than one year earlier (%(before)s).") % then
    return visit._("That is %(change)s less than one year earlier (%(before)s).") % then


def _moved(visit: PageRequest, indicator: Indicator, moved: float) -> str:
    if indicator.unit != "PT":
        return amount(visit, indicator, moved)
    count = int(moved) if moved >= 2 or moved == 1 else 0  # 0.3 points, 0,3 point
    text = visit.words.ngettext(
        "%(points)s percentage point", "%(points)s percentage points", count
    )
    return text % {"points": visit.format.number(moved, indicator.decimals)}


def status_words(visit: PageRequest, row: Value) -> str:
    """What is special about one value, in words; empty for a normal one."""
    return "" if row.obs_status == "A" else visit.label("obs_status", row.obs_status)


def cell(visit: PageRequest, indicator: Indicator, row: Value | None) -> dict[str, str]:
    """One published figure as pages show it (`parts.figure`, `parts.table`): `text` (`full` has the
    unit too, for a figure that stands alone), `interval`, `note`, and what goes with it wherever it stands: `value`, `unit`, `source`, `vintage` and
    `quality` (a letter of reliability, or `interval`)."""
    if row is None:
        return {"text": "", "interval": "", "note": ""}
    note = status_words(visit, row)
    if row.value is None:
        return {"text": "", "interval": "", "note": note or visit.label("obs_status", _MISSING)}
    write = visit.format.value
    interval = ""
    if row.lower is not None and row.upper is not None:
        bounds = [write(b, indicator.unit, indicator.decimals) for b in (row.lower, row.upper)]
        interval = visit._("%(low)s to %(high)s") % {"low": bounds[0], "high": bounds[1]}
    return {
        "text": write(row.value, indicator.unit, indicator.decimals),
        "full": amount(visit, indicator, row.value),
        "interval": interval,
        "note": note,
        "value": f"{row.value:.15g}",
        "unit": row.unit,
        "source": f"{row.source} ({row.survey})",
        "vintage": row.source_date or row.valid_from.date().isoformat(),
        "quality": row.reliability or ("interval" if interval else ""),
    }


def counted(visit: PageRequest, count: int, source: str = "") -> dict[str, str]:
    """A count of what Marsad itself lists (ads, trainings, skills), as a figure: exact, as of the
    release."""
    return {
        "text": visit.format.number(count),
        "full": visit.format.number(count),
        "interval": "",
        "note": "",
        "value": str(count),
        "unit": "NB",
        "source": source or "Marsad",
        "vintage": visit.reader.release().reference_on.isoformat(),
        "quality": "exact",
    }
