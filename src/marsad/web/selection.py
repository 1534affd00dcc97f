"""Which figures a visitor asks for: one code per dimension, and perhaps a dimension to compare by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from marsad.base.areas import areas
from marsad.base.codes import TOTAL
from marsad.base.errors import InputError
from marsad.base.periods import following, frequency, start
from marsad.base.refusals import refused
from marsad.publish.read.reader import DataQuery, Indicator, Reader, Value
from marsad.web.locale import N_

DIMENSIONS = {
    "survey": N_("Survey"),
    "freq": N_("Frequency"),
    "area": N_("Area"),
    "sex": N_("Sex"),
    "age": N_("Age"),
    "urbanisation": N_("Urban or rural"),
    "education": N_("Education"),
    "occupation": N_("Occupation"),
    "category": N_("Category"),
    "adjustment": N_("Adjustment"),
}
"""Every dimension a visitor may choose, in the order of the form, with its name."""

_FIRST = ("survey", "freq", "area")
_LEVELS = ("country", "region_group", "region", "province")


@dataclass(frozen=True)
class Selection:
    """The choice: `codes` has one code per dimension that varies; `by` is compared, or empty."""

    indicator: Indicator
    codes: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]
    by: str = ""
    as_of: dt.date | None = None  # figures as they were known on that day

    @property
    def survey(self) -> str:
        return self.codes.get("survey", "")

    @property
    def area(self) -> str:
        return self.codes.get("area", "MA")

    def query(self, *, latest: bool = False, **changes: str) -> DataQuery:
        """The question to the read path; a change to an empty text lifts that filter."""
        codes = {**self.codes, **changes}
        filters = {d: (code,) for d, code in codes.items() if code and d in DIMENSIONS}
        level, parent = changes.get("level", ""), changes.get("parent", "")
        known = dt.datetime.combine(self.as_of, dt.time.max, dt.UTC) if self.as_of else None
        return DataQuery(
            self.indicator.id, filters, level=level, parent=parent, latest=latest, as_of=known
        )

    def compared(self) -> DataQuery:
        """The question for the chart: the compared dimension left open."""
        if self.by == "area":
            level = below(self.area)
            return self.query(area="", level=level, parent=self.area)
        changes: dict[str, str] = {self.by: ""} if self.by else {}
        return self.query(latest=False, **changes)

    def qualifiers(self) -> list[tuple[str, str]]:
        """The chosen (dimension, code) pairs that narrow the figure: area, totals and what is shown by
        default left out, but a category always told, for no title tells it."""
        return [
            (d, code)
            for d, code in self.codes.items()
            if d not in _FIRST
            and d != self.by
            and (
                (d == "category" and code != TOTAL)
                or code not in (TOTAL, default_code(self.indicator, d, self.options[d]))
            )
        ]

    @property
    def without_total(self) -> bool:
        """Whether the compared dimension has parts only, such as the languages of ads."""
        return bool(self.by) and self.by == parts_only(self.indicator, self.options)


def below(area: str) -> str:
    """The level of the areas compared within an area."""
    levels = {"country": "region", "region": "province", "province": "commune"}
    known = areas().get(area)
    return levels.get(known.level, "province") if known else "province"


def day(text: str) -> dt.date | None:
    """A day written 2026-11-25; None for an empty text; InputError for anything else."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(refused("no_day", text=text[:60], example="2026-11-25")) from None


def select(reader: Reader, indicator: Indicator, parameters: Mapping[str, str]) -> Selection:
    """Read the choice from parameters of an address; InputError for a code the indicator does not know."""
    options: dict[str, tuple[str, ...]] = {}
    codes: dict[str, str] = {}
    for dimension in DIMENSIONS:
        if dimension not in (*_FIRST, *indicator.dimensions):
            continue
        code = parameters.get(dimension, "")
        known = _known(reader, indicator, dimension, code)
        if code and code not in known:
            raise InputError(
                refused("no_code_published", code=code, name=dimension, indicator=indicator.id)
            )
        if known:
            options[dimension] = known
            codes[dimension] = code or default_code(indicator, dimension, known)
    if "freq" not in parameters and len(options.get("freq", ())) > 1:
        codes["freq"] = _with_figures(reader, indicator, codes, options["freq"])
    by = parameters.get("by", "")
    if by and by not in options:
        raise InputError(
            refused("no_dimension", name=by, indicator=indicator.id, known=", ".join(options))
        )
    parts = parts_only(indicator, options)
    if parts and not parameters.get(parts) and not by:
        by = parts
    return Selection(indicator, codes, options, by, day(parameters.get("as_of", "")))


def parts_only(indicator: Indicator, options: Mapping[str, tuple[str, ...]]) -> str:
    """ "category" where an indicator has categories and no total of them, else empty."""
    known = options.get("category", ())
    alone = len(known) > 1 and TOTAL not in known and "category" not in indicator.default
    return "category" if alone else ""


def _known(reader: Reader, indicator: Indicator, dimension: str, code: str) -> tuple[str, ...]:
    """The codes offered; communes are too many to list, so only the one asked for is among them."""
    known = reader.codes(indicator.id, dimension)
    if dimension != "area":
        return known
    levels = areas()
    return tuple(c for c in known if c in levels and (levels[c].level in _LEVELS or c == code))


def default_code(indicator: Indicator, dimension: str, known: tuple[str, ...]) -> str:
    """The code shown first: as declared, else the total, the country, or the first known."""
    for code in (indicator.default.get(dimension, ""), TOTAL, "MA", "A"):
        if code and code in known:
            return code
    return known[0]


def _with_figures(
    reader: Reader, indicator: Indicator, codes: Mapping[str, str], known: tuple[str, ...]
) -> str:
    """The frequency shown first: the default one, or another where that has no figure of the choice."""
    there = reader.choices(indicator.id, codes)["freq"]
    return next((code for code in (codes["freq"], *known) if code in there), codes["freq"])


def series_of(rows: tuple[Value, ...], dimension: str) -> dict[str, list[Value]]:
    """Rows by the code of a dimension ("" puts all in one), each by time.

    Two surveys never share a series: where several are present, the survey is part of the key.
    """
    series_by_code: dict[str, list[Value]] = {}
    for row in rows:
        series_by_code.setdefault(str(getattr(row, dimension)) if dimension else "", []).append(row)
    for series in series_by_code.values():
        if len({row.survey for row in series}) > 1:
            raise InputError(refused("two_surveys"))
        series.sort(key=lambda row: start(row.period))
    return series_by_code


def earlier(rows: list[Value], span: str = "A") -> Value | None:
    """The value one year before the last one (the same season), or for a `span` Q or M that of the
    quarter or month before."""
    last = rows[-1].period
    year, size = int(last[:4]) - 1, {"Q": 4, "M": 12}.get(span, 0)
    period = following(f"{year:04d}{last[4:]}", size)[-1] if size else f"{year:04d}{last[4:]}"
    return next((row for row in rows if row.period == period and row.value is not None), None)


def when(period: str) -> float:
    """The middle of a period as a time in years; a year stands on its own tick."""
    first, kind = start(period), frequency(period)
    if kind == "A":
        return float(first.year)
    middle = {"Q": 1.5, "M": 0.5, "W": (first.day + 2) / 30, "D": (first.day - 1) / 30}[kind]
    return first.year + (first.month - 1 + middle) / 12


def ordered(selection: Selection, series: dict[str, list[Value]]) -> dict[str, list[Value]]:
    """Series in the order of the code list, the total first."""
    order = {code: place for place, code in enumerate(selection.options.get(selection.by, ()))}
    return dict(sorted(series.items(), key=lambda item: order.get(item[0], len(order))))
