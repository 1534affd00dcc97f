"""The policy desk over one release: measures, outlook, signs of shortage, early warnings."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marsad.base.codes import TOTAL
from marsad.base.periods import end, start
from marsad.products.declare import DIMENSIONS
from marsad.products.declare import indicator as declared
from marsad.products.policy.measures import Declared, Measure, Result, measure, measures, result
from marsad.products.policy.signals import (
    UNKNOWN,
    Estimate,
    Shortage,
    expected_above,
    falls,
    quarter_to,
    rises,
    shortages,
)
from marsad.publish.read.model import Break, DataQuery, DataResult, SourceRow, Value
from marsad.publish.read.trust import fails_yardstick

__all__ = [
    "ADS",
    "CHANCE",
    "FALL",
    "GAP",
    "RISE",
    "RISES",
    "UNKNOWN",
    "Declared",
    "Measure",
    "Outcome",
    "Policy",
    "Result",
    "Warning",
]

Codes = Mapping[str, str]
ADS = ("ADS", "ADS_SYNTHETIC")
_COUNTRY = {"freq": "Q", "area": "MA", "survey": "ENE"}
_INDEX = {"freq": "M", "area": "MA", "category": "stock"}
RISE, RISES = 0.3, 2
"""Points by which the adjusted rate must rise, and how many quarters in a row, for a warning."""
FALL = 0.10
"""Share by which the index of job ads must lie below the same three months of the year before."""
CHANCE = 0.67
"""The chance that the outlook must give to a rise for a warning: two to one. Over 2012-2024 the total
rate would have been warned of once in 48 quarters (2018-Q3): the model seldom expects a turn."""
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
    indicator and codes under which they are explored; for the sources, how many of `of` are in trouble."""

    id: str
    state: str
    values: tuple[Value, ...]
    indicator: str
    codes: Codes
    troubled: int = 0
    of: int = 0


class Policy:
    """Answers of the policy desk; every one from published values."""

    def __init__(
        self,
        data_many: Callable[[Sequence[DataQuery]], list[DataResult]],
        breaks: Callable[[str, str], tuple[Break, ...]],
        sources: Callable[[], Sequence[SourceRow]],
        today: dt.date,
    ) -> None:
        """`today` is the reference day of the release: a forecast for what was over then is none."""
        self._data_many = data_many
        self._breaks = breaks
        self._sources = sources
        self._today = today

    def series(self, indicator: str, codes: Codes) -> dict[str, Value]:
        """The current values of one series by period; totals where a dimension is not named."""
        return self._series([(indicator, codes)])[0]

    def _series(self, keys: Sequence[tuple[str, Codes]]) -> list[dict[str, Value]]:
        """`series` of several indicators and codes, read at once."""
        results = self._data_many([_query(indicator, codes) for indicator, codes in keys])
        return [_by_period(result, codes) for result, (_, codes) in zip(results, keys)]

    def outcomes(self) -> list[Outcome]:
        """Every measure with what became of it, newest first."""
        return self._outcomes(measures())

    def outcome(self, name: str) -> Outcome:
        """One measure; NotFoundError when there is none of that name."""
        return self._outcomes([measure(name)])[0]

    def _outcomes(self, chosen: Sequence[Measure]) -> list[Outcome]:
        declared_measures = [m.declared for m in chosen]
        groups = self._series([(d.indicator, d.group) for d in declared_measures])
        comparisons = self._series([(d.indicator, d.comparison) for d in declared_measures])
        outcomes = []
        for m, group, comparison in zip(chosen, groups, comparisons):
            broken = [
                b.period for b in self._breaks(m.declared.indicator, m.declared.group["survey"])
            ]
            outcome = result(m, _plain(group), _plain(comparison), broken)
            outcomes.append(Outcome(m, outcome, group, comparison))
        return outcomes

    def scenarios(self) -> tuple[Value | None, list[Value]]:
        """The last published rate, and the outlook by quarter with its interval."""
        rates, ahead = self._outlook()
        return _last(rates), _sorted(ahead)

    def _outlook(self) -> tuple[dict[str, Value], dict[str, Value]]:
        """The published quarterly rates, and the outlook for quarters that are not over, by period."""
        rates, outlook = self._series(
            [("unemployment_rate", _COUNTRY), ("unemployment_outlook", _COUNTRY)]
        )
        return rates, {period: v for period, v in outlook.items() if end(period) >= self._today}

    def warnings(self) -> list[Warning]:
        """Every early warning with its state now."""
        yearly = {**_COUNTRY, "freq": "A"}
        rates, ahead = self._outlook()
        farthest = _last(ahead)
        before = rates.get(_year_before(farthest.period)) if farthest else None
        outlook = _estimate(farthest) if farthest else None
        compared = [value for value in (before, farthest) if value]
        index = [("job_ad_index", {**_INDEX, "survey": survey}) for survey in ADS]
        adjusted, young, every, *by_survey = map(
            _sorted,
            self._series(
                [
                    ("unemployment_rate_adjusted", {**_COUNTRY, "adjustment": "S"}),
                    ("unemployment_rate", {**yearly, "age": "Y15T24"}),
                    ("unemployment_rate", yearly),
                    *index,
                ]
            ),
        )
        ads = next((values for values in by_survey if values), [])
        months = {v.period: v.value for v in ads if v.value is not None}
        if any(map(fails_yardstick, adjusted[-1:])):
            rising = UNKNOWN
        else:
            rising = self._unbroken(
                adjusted[-RISES - 1 :], rises([v.value for v in adjusted], RISE, RISES)
            )
        expected = expected_above(before.value if before else None, outlook, CHANCE)
        return [
            Warning("rising", rising,
                    tuple(adjusted[-RISES - 1 :]), "unemployment_rate_adjusted", {"adjustment": "S"}),
            Warning("outlook", self._unbroken(compared, expected), tuple(compared),
                    "unemployment_outlook", {}),
            Warning("young", self._unbroken(young[-2:], _gap(young, every)), (*young[-2:], *every[-2:]), "unemployment_rate",
                    {"age": "Y15T24", "freq": "A"}),
            Warning("ads", falls(months, FALL), _compared(ads), "job_ad_index", {}),
            self._source_warning(),
        ]  # fmt: skip

    def _unbroken(self, values: Sequence[Value], state: str) -> str:
        """The state of a comparison of these values, unknown where their series breaks in between."""
        if not values:
            return state
        first, last = start(values[0].period), start(values[-1].period)
        broken = self._breaks(values[0].indicator, values[0].survey)
        return UNKNOWN if any(first < start(b.period) <= last for b in broken) else state

    def _source_warning(self) -> Warning:
        states = [row.last_status for row in self._sources()]
        bad = sum(state in ("failed", "warning", "blocked") for state in states)
        state = UNKNOWN if not states else "on" if bad else "off"
        return Warning("sources", state, (), "", {}, bad, len(states))

    def shortages(self) -> tuple[str, list[Shortage]]:
        """The survey of ads told of (real ads where there are any), and the signs by major group."""
        names = ("new_ads", "M"), ("time_open", "A"), ("wage_offered", "A")
        results = self._data_many([_by_occupation(*n, s) for s in ADS for n in names])
        groups = [_groups(answer) for answer in results]
        real, synthetic = groups[: len(names)], groups[len(names) :]
        survey = ADS[0] if real[0] else ADS[1]
        months, time_open, pay = real if real[0] else synthetic
        newest = max((p for group in months.values() for p in group), default="")
        recent, earlier = (quarter_to(newest, back) if newest else [] for back in (0, 1))
        return survey, shortages(
            _sums(months, recent),
            _sums(months, earlier),
            _back(time_open, 0),
            _back(pay, 0),
            _back(pay, 1),
        )


def _query(indicator: str, codes: Codes) -> DataQuery:
    """The question for one series: totals where a dimension is not named."""
    filters: dict[str, tuple[str, ...]] = {name: (code,) for name, code in codes.items()}
    for name in DIMENSIONS:
        if name in declared(indicator).dimensions and name not in filters and name != "freq":
            filters[name] = ("_T",) if name not in ("age", "adjustment") else ()
    return DataQuery(indicator, {k: v for k, v in filters.items() if v})


def _by_period(answer: DataResult, codes: Codes) -> dict[str, Value]:
    every = [r for r in answer.rows if r.value is not None]
    if "age" not in codes:
        every = [r for r in every if r.age in ("_T", "Y_GE15")]
    return {row.period: row for row in every}


def _sorted(series: Mapping[str, Value]) -> list[Value]:
    return [series[period] for period in sorted(series)]


def _by_occupation(indicator: str, freq: str, survey: str) -> DataQuery:
    return DataQuery(indicator, {"freq": (freq,), "area": ("MA",), "survey": (survey,)})


def _groups(answer: DataResult) -> dict[str, dict[str, Value]]:
    """Values by major group of occupations, and of all, then by period; not those of what has no code."""
    groups: dict[str, dict[str, Value]] = {}
    for row in answer.rows:
        if row.value is not None and (row.occupation == TOTAL or len(row.occupation) == 1):
            groups.setdefault(row.occupation, {})[row.period] = row
    return groups


def _plain(rows: Mapping[str, Value]) -> dict[str, float]:
    return {period: row.value for period, row in rows.items() if row.value is not None}


def _compared(ads: Sequence[Value]) -> tuple[Value, ...]:
    """The six months that the sign of falling demand rests on, as far as there are figures."""
    if not ads:
        return ()
    months = {*quarter_to(ads[-1].period, 0), *quarter_to(ads[-1].period, 1)}
    return tuple(value for value in ads if value.period in months)


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


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
