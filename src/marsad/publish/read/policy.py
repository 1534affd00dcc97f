"""The policy desk over one release: measures, outlook, signs of shortage, early warnings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marsad.products.declare import DIMENSIONS
from marsad.products.declare import indicator as declared
from marsad.products.policy.measures import Measure, Result, measure, measures, result
from marsad.products.policy.signals import (
    UNKNOWN,
    Estimate,
    Shortage,
    expected_above,
    falls,
    rises,
    shortages,
)
from marsad.publish.read.model import Break, DataQuery, DataResult, SourceRow, Value

Codes = Mapping[str, str]
ADS = ("ADS", "ADS_SYNTHETIC")
_COUNTRY = {"freq": "Q", "area": "MA", "survey": "ENE"}
RISE, RISES = 0.3, 2
"""Points by which the adjusted rate must rise, and how many quarters in a row, for a warning."""
FALL, FALL_SPAN = 0.10, 3
"""Share by which the index of job ads must fall, and over how many months."""
GAP = 1.0
"""Points by which the rate of young people must rise more than that of all in a year."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measure with its result and the published values that it rests on, by period."""

    measure: Measure
    result: Result
    group: Mapping[str, Value]
    comparison: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Warning:
    """One early warning: its id, state (on, off, unknown), and the figures that it rests on with the
    indicator and codes under which they are explored."""

    id: str
    state: str
    values: tuple[Value, ...]
    indicator: str
    codes: Codes


class Policy:
    """Answers of the policy desk; every one from published values."""

    def __init__(
        self,
        data: Callable[[DataQuery], DataResult],
        breaks: Callable[[str, str], tuple[Break, ...]],
        sources: Callable[[], Sequence[SourceRow]],
    ) -> None:
        self._data = data
        self._breaks = breaks
        self._sources = sources

    def series(self, indicator: str, codes: Codes) -> dict[str, Value]:
        """The current values of one series by period; totals where a dimension is not named."""
        filters: dict[str, tuple[str, ...]] = {name: (code,) for name, code in codes.items()}
        for name in DIMENSIONS:
            if name in declared(indicator).dimensions and name not in filters and name != "freq":
                filters[name] = ("_T",) if name not in ("age", "adjustment") else ()
        rows = self._data(DataQuery(indicator, {k: v for k, v in filters.items() if v})).rows
        every = [r for r in rows if r.value is not None]
        if "age" not in codes:
            every = [r for r in every if r.age in ("_T", "Y_GE15")]
        return {row.period: row for row in every}

    def outcomes(self) -> list[Outcome]:
        """Every measure with what became of it, newest first."""
        return [self._outcome(policy_measure) for policy_measure in measures()]

    def outcome(self, name: str) -> Outcome:
        """One measure; NotFoundError when there is none of that name."""
        return self._outcome(measure(name))

    def _outcome(self, policy_measure: Measure) -> Outcome:
        declaration = policy_measure.declared
        group = self.series(declaration.indicator, declaration.group)
        comparison = self.series(declaration.indicator, declaration.comparison)
        broken = [
            b.period for b in self._breaks(declaration.indicator, declaration.group["survey"])
        ]
        outcome = result(policy_measure, _plain(group), _plain(comparison), broken)
        return Outcome(policy_measure, outcome, group, comparison)

    def scenarios(self) -> tuple[Value | None, list[Value]]:
        """The last published rate, and the outlook by quarter with its interval."""
        last = _last(self.series("unemployment_rate", _COUNTRY))
        ahead = self.series("unemployment_outlook", _COUNTRY)
        return last, [ahead[p] for p in sorted(ahead)]

    def warnings(self) -> list[Warning]:
        """Every early warning with its state now."""
        adjusted = self._sorted("unemployment_rate_adjusted", {**_COUNTRY, "adjustment": "S"})
        last, ahead = self.scenarios()
        outlook = _estimate(ahead[-1]) if ahead else None
        young = self._sorted("unemployment_rate", {**_COUNTRY, "freq": "A", "age": "Y15T24"})
        every = self._sorted("unemployment_rate", {**_COUNTRY, "freq": "A"})
        ads = self._index()
        return [
            Warning("rising", rises([v.value for v in adjusted], RISE, RISES),
                    tuple(adjusted[-RISES - 1 :]), "unemployment_rate_adjusted", {"adjustment": "S"}),
            Warning("outlook", expected_above(last.value if last else None, outlook),
                    tuple(filter(None, [last, *ahead[-1:]])), "unemployment_outlook", {}),
            Warning("young", _gap(young, every), (*young[-2:], *every[-2:]), "unemployment_rate",
                    {"age": "Y15T24", "freq": "A"}),
            Warning("ads", falls([v.value for v in ads], FALL, FALL_SPAN), tuple(ads[-FALL_SPAN - 1 :]),
                    "job_ad_index", {}),
            self._source_warning(),
        ]  # fmt: skip

    def _sorted(self, indicator: str, codes: Codes) -> list[Value]:
        series = self.series(indicator, codes)
        return [series[p] for p in sorted(series)]

    def _index(self) -> list[Value]:
        for survey in ADS:
            codes = {"freq": "M", "area": "MA", "survey": survey, "category": "stock"}
            if values := self._sorted("job_ad_index", codes):
                return values
        return []

    def _source_warning(self) -> Warning:
        states = [row.last_status for row in self._sources()]
        bad = any(state in ("failed", "warning", "blocked") for state in states)
        return Warning("sources", "on" if bad else "off" if states else UNKNOWN, (), "", {})

    def shortages(self) -> tuple[str, list[Shortage]]:
        """The survey of ads told of (real ads where there are any), and the signs by major group."""
        for survey in ADS:
            months = self._by_group("new_ads", "M", survey)
            if months:
                break
        periods = sorted({p for group in months.values() for p in group})
        recent, earlier = periods[-3:], periods[-6:-3]
        return survey, shortages(
            _sums(months, recent),
            _sums(months, earlier),
            _back(self._by_group("time_open", "A", survey), 0),
            _back(pay := self._by_group("wage_offered", "A", survey), 0),
            _back(pay, 1),
        )

    def _by_group(self, indicator: str, freq: str, survey: str) -> dict[str, dict[str, Value]]:
        filters = {"freq": (freq,), "area": ("MA",), "survey": (survey,)}
        groups: dict[str, dict[str, Value]] = {}
        for row in self._data(DataQuery(indicator, filters)).rows:
            if row.value is not None and len(row.occupation.strip("_")) == 1:
                groups.setdefault(row.occupation, {})[row.period] = row
        return groups


def _plain(rows: Mapping[str, Value]) -> dict[str, float]:
    return {period: row.value for period, row in rows.items() if row.value is not None}


def _last(rows: Mapping[str, Value]) -> Value | None:
    return rows[max(rows)] if rows else None


def _estimate(row: Value) -> Estimate:
    return Estimate(row.value or 0.0, row.lower, row.upper)


def _gap(young: Sequence[Value], every: Sequence[Value]) -> str:
    both = {v.period for v in young} & {v.period for v in every}
    gaps = [
        (y.value or 0.0) - next(e.value or 0.0 for e in every if e.period == y.period)
        for y in young
        if y.period in both
    ]
    return rises(gaps, GAP, 1)


def _sums(months: Mapping[str, Mapping[str, Value]], periods: Sequence[str]) -> dict[str, Estimate]:
    """Sums over months that are all published; half-widths join in quadrature, months being apart."""
    sums = {}
    for code, rows in months.items():
        known = [_estimate(rows[p]) for p in periods if p in rows]
        if len(known) == len(periods) and periods:
            total = sum(estimate.value for estimate in known)
            low = math.sqrt(sum((estimate.value - estimate.low) ** 2 for estimate in known))
            high = math.sqrt(sum((estimate.high - estimate.value) ** 2 for estimate in known))
            sums[code] = Estimate(total, total - low, total + high)
    return sums


def _back(groups: Mapping[str, Mapping[str, Value]], years: int) -> dict[str, Estimate]:
    """The values of the newest year (0), of the one before (1)..., by group."""
    known = sorted({p for rows in groups.values() for p in rows}, reverse=True)
    if len(known) <= years:
        return {}
    return {c: _estimate(rows[known[years]]) for c, rows in groups.items() if known[years] in rows}
