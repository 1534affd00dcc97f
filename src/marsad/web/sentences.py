"""A figure in one sentence, written from the data, so that words and numbers cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from marsad.base.areas import areas
from marsad.base.codes import label
from marsad.base.periods import start
from marsad.publish.read.reader import Indicator, Value
from marsad.web.localisation import Locale
from marsad.web.selection import Selection, year_earlier

_MISSING = "M"
_OF_ADS = ("ADS", "ADS_SYNTHETIC")


def amount(locale: Locale, indicator: Indicator, value: float) -> str:
    """A value with its unit: 13.3%, 12,171,000 persons, 8 months."""
    text = locale.format.value(value, indicator.unit, indicator.decimals)
    if indicator.unit in ("PT", "NB"):
        return text
    return f"{text} {label('unit', indicator.unit, locale.language)}"


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
    parts = [
        locale._("%(title)s: %(value)s %(period)s (%(where)s). Source: %(survey)s.")
        % {
            "title": locale.text(indicator.title),
            "value": amount(locale, indicator, last.value or 0),
            "period": locale.format.in_period(last.period),
            "where": subject(locale, selection),
            "survey": locale.label("survey", last.survey),
        }
    ]
    if last.lower is not None and last.upper is not None:
        parts.append(
            locale._("The 95%% interval runs from %(lower)s to %(upper)s.")
            % {
                "lower": amount(locale, indicator, last.lower),
                "upper": amount(locale, indicator, last.upper),
            }
        )
    parts.extend(filter(None, [change(locale, selection, known)]))
    return parts


def highest(locale: Locale, selection: Selection, series: Mapping[str, list[Value]]) -> list[str]:
    """The largest of several parts that have no total, in the last period."""
    known = {c: [r for r in rows if r.value is not None] for c, rows in series.items()}
    last = max((rows[-1].period for rows in known.values() if rows), default="")
    now = {c: rows for c, rows in known.items() if rows and rows[-1].period == last}
    if not now:
        return sentences(locale, selection, [])
    code = max(now, key=lambda c: now[c][-1].value or 0.0)
    part = replace(selection, codes={**selection.codes, selection.by: code}, by="")
    shown = locale.ngettext(
        "It is the highest of %(count)s published value.",
        "It is the highest of %(count)s published values.",
        len(now),
    )
    return [*sentences(locale, part, now[code]), shown]


def change(locale: Locale, selection: Selection, rows: list[Value]) -> str:
    """How the last value moved in one year, or why that is not said."""
    before, last = year_earlier(rows), rows[-1]
    if before is None or before.value is None or last.value is None:
        return ""
    indicator = selection.indicator
    breaks = locale.reader.breaks(indicator.id, last.survey)
    if any(start(before.period) < start(b.period) <= start(last.period) for b in breaks):
        return locale._(
            "It is not compared with one year earlier, for the series breaks in between."
        )
    moved = round(last.value - before.value, indicator.decimals)
    then = {"before": amount(locale, indicator, before.value)}
    if moved == 0:
        return locale._("It has not changed in one year.")
    then["change"] = _moved(locale, indicator, abs(moved))
    if moved > 0:
        return locale._("That is %(change)s more than one year earlier (%(before)s).") % then
    return locale._("That is %(change)s less than one year earlier (%(before)s).") % then


def _moved(locale: Locale, indicator: Indicator, moved: float) -> str:
    if indicator.unit != "PT":
        return amount(locale, indicator, moved)
    count = int(moved) if moved >= 2 or moved == 1 else 0  # 0.3 points, 0,3 point
    text = locale.words.ngettext(
        "%(points)s percentage point", "%(points)s percentage points", count
    )
    return text % {"points": locale.format.number(moved, indicator.decimals)}


def status_words(locale: Locale, row: Value) -> str:
    """What is special about one value, in words; empty for a normal one."""
    return "" if row.obs_status == "A" else locale.label("obs_status", row.obs_status)


def cell(locale: Locale, indicator: Indicator, row: Value | None) -> dict[str, str]:
    """One published figure as pages show it (`parts.figure`, `parts.table`): `text` (`full` has the
    unit too, for a figure that stands alone), `interval`, `note`, and what goes with it wherever it stands: `value`, `unit`, `source`, `vintage` and
    `quality` (a letter of reliability, or `interval`)."""
    if row is None:
        return {"text": "", "interval": "", "note": ""}
    note = status_words(locale, row)
    few = row.survey in _OF_ADS and row.n is not None and row.n < indicator.disclosure.minimum
    if row.value is None:
        return {"text": "", "interval": "", "note": note or locale.label("obs_status", _MISSING)}
    write = locale.format.value
    interval = ""
    if row.lower is not None and row.upper is not None:
        bounds = [write(b, indicator.unit, indicator.decimals) for b in (row.lower, row.upper)]
        interval = locale._("%(low)s to %(high)s") % {"low": bounds[0], "high": bounds[1]}
    return {
        "text": write(row.value, indicator.unit, indicator.decimals),
        "full": amount(locale, indicator, row.value),
        "interval": interval,
        "note": locale._(", ").join(filter(None, (note, locale._("few ads") if few else ""))),
        "value": f"{row.value:.15g}",
        "unit": row.unit,
        "source": f"{row.source} ({row.survey})",
        "vintage": row.source_date or row.valid_from.date().isoformat(),
        "quality": row.reliability or ("interval" if interval else ""),
    }


def counted(locale: Locale, count: int, source: str = "") -> dict[str, str]:
    """A count of what Marsad itself lists (ads, trainings, skills), as a figure: exact, as of the
    release."""
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
    }
