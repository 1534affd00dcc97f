"""Seasonal adjustment of a monthly or quarterly series by X-13ARIMA-SEATS (X-11 filters).

Once a year `fix_model` chooses the transformation, the ARIMA model, the outliers and the calendar
regressors; at each release `adjust` keeps that choice and estimates the parameters again (partial
concurrent adjustment, *ESS guidelines on seasonal adjustment*, 2024 edition, 4.2). A series in
which no season can be identified is declined, with the reason: it is published as it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marsad.products.statistics.calendar import TESTED, following, regressors
from marsad.products.statistics.x13 import Output, Series, Spec, run

Array = NDArray[np.float64]
# X-11 needs three full years; a seasonal difference leaves a quarterly ARIMA model 8 of 12 values,
# so four years are asked of quarters. A holiday that moves by 11 days a year leaves a month in three
# years and a quarter in eight: before that it cannot be told from the season.
SHORTEST = {12: 36, 4: 16}
HOLIDAYS_FROM = {12: 60, 4: 40}
MOST_MISSING = 0.1
MOST_UNSTABLE = 15.0
"""% of sliding-span factors or changes that may be unstable (Findley and others 1990, JASA 85: 15
% for factors, 25 for the worst; X-13 manual, table 7.19)."""
EITHER_SIDE = 8
"""Periods on each side of a level shift that is put into a model by decision."""
SPANS_FROM = {12: 96, 4: 40}
# AICC that each holiday must gain beyond its cost: about |t| > 2.4, 5 % in all over three holidays.
_GAIN = 3.7


@dataclass(frozen=True)
class Declined:
    """Why no adjusted series is given."""

    reason: str


@dataclass(frozen=True)
class Model:
    """What was fixed: variables in X-13's words, holidays by name."""

    log: bool
    arima: str
    variables: tuple[str, ...] = ()
    holidays: tuple[str, ...] = ()
    lag: int = 1  # days after Umm al-Qura
    aicc: float = float("nan")

    @property
    def words(self) -> str:
        """The model in one line."""
        kind = "multiplicative (logs)" if self.log else "additive"
        regressors = ", ".join((*self.variables, *self.holidays)) or "no regressor"
        return f"ARIMA {self.arima}, {kind}; {regressors}"


@dataclass(frozen=True)
class Diagnostics:
    """The programme's own figures; a p-value is a probability, M and Q are good below 1."""

    m: Mapping[str, float]  # M1-M11 (M8-M11 NaN when the series is short)
    q: float
    q2: float  # Q without M2
    qs_original: tuple[float, float]  # statistic, p-value
    qs_adjusted: tuple[float, float]
    residual_f: tuple[float, float]  # F test of seasonality left in the adjusted series, p
    residual_f_3y: tuple[float, float]  # the same in the last three years
    identifiable: bool  # combined test of M7, F and Kruskal-Wallis
    unstable: float | None  # % of sliding-span seasonal factors that differ by over 3 %
    unstable_changes: float | None  # % of month-to-month changes that do
    aicc: float
    effects: Mapping[str, tuple[float, float]]  # regressors and ARMA terms: estimate, s.e.

    @property
    def acceptable(self) -> bool:
        """Q below 1, no season left (QS and F at 1 %), as the ESS guidelines ask, and sliding spans
        stable where they were made."""
        return not self.failures

    @property
    def failures(self) -> tuple[str, ...]:
        """What the adjustment fails, each in words with its figure."""
        left = min(self.qs_adjusted[1], self.residual_f[1], self.residual_f_3y[1])
        unstable = self.unstable if self.unstable is not None else 0.0
        failed = {
            f"Q {self.q:.2f} is not below 1": self.q >= 1,
            f"season left (p {left:.3f})": left <= 0.01,
            f"{unstable:.0f} % of sliding spans unstable": unstable > MOST_UNSTABLE,
        }
        return tuple(words for words, fails in failed.items() if fails)


@dataclass(frozen=True)
class Adjusted:
    """Arrays as long as the series, in its unit; factors are ratios (log) or amounts (additive).

    `adjusted` is NaN where the series is: a missing value is bridged to estimate the season,
    never published.
    """

    adjusted: Array
    trend: Array
    seasonal: Array
    irregular: Array
    calendar: Array
    multiplicative: bool
    diagnostics: Diagnostics
    words: str
    engine: str


def fix_model(
    series: Series,
    *,
    trading_days: bool = True,
    tests: tuple[str, ...] = (),
    lag: int = 1,
    shifts: Sequence[str] = (),
) -> Model | Declined:
    """Choose transformation, ARIMA model, outliers and calendar regressors, as once a year.

    `tests` adds X-13's own regressors kept by AICC (for example easter). Set `trading_days` False
    for rates and stocks. `shifts` are periods from which the level is known to be another (a new
    survey, the pandemic): level shifts by decision, not left to detection. Declined when the series is short, gappy, or the programme fails.
    """
    reason = _unfit(series)
    if reason:
        return Declined(reason)
    holidays = TESTED if len(series.values) >= HOLIDAYS_FROM[series.size] else ()
    users, values = _users(series, holidays, lag)
    known = _log(series) if np.isnan(series.values).any() else None
    decided = _level_shifts(series, shifts)
    (first,) = run(
        [
            Spec(
                series,
                log=known,
                variables=decided,
                tests=(("td",) if trading_days else ()) + tests,
                users=users,
                user_values=values,
                outliers=True,
            )
        ]
    )
    if first.error:
        return Declined(f"X-13: {first.error}")
    log = first.values.get("finmode") == "multiplicative" if known is None else known
    variables = (*decided, *(name for name in _variables(first) if name not in decided))
    return _with_holidays(series, Model(log, first.values["arimamdl"], variables, holidays, lag))


def _level_shifts(series: Series, periods: Sequence[str]) -> tuple[str, ...]:
    """Level shifts of the periods that have enough of the series on both sides, in X-13's words."""
    n = len(series.values)
    place = {period: i for i, period in enumerate(following(series.first, n))}
    within = [p for p in periods if EITHER_SIDE <= place.get(p, -1) <= n - EITHER_SIDE]
    return tuple(f"LS{p[:4]}.{p.rsplit('-', 1)[1].lstrip('Q').lstrip('0')}" for p in within)


def _log(series: Series) -> bool:
    """X-13's choice for the series with its gaps bridged: its own test reads its code for a
    missing value as a value, and then takes no logs."""
    filled, size = series.values.copy(), series.size
    for i in np.flatnonzero(np.isnan(filled)):
        near = series.values[[j for j in (i - size, i + size) if 0 <= j < len(filled)]]
        filled[i] = np.nanmean(near) if np.isfinite(near).any() else np.nanmedian(filled)
    (output,) = run([Spec(Series(filled, series.first))])
    return output.values.get("finmode") == "multiplicative"


def adjust_all(
    pairs: Sequence[tuple[Series, Model]], *, spans: bool = False
) -> list[Adjusted | Declined]:
    """`adjust` of many series in one run of the programme, answers in the same order."""
    unfit = [_unfit(series) for series, _ in pairs]
    fit = [pair for pair, reason in zip(pairs, unfit) if not reason]
    done = iter(run([_fixed(series, model, spans) for series, model in fit]) if fit else [])
    return [
        Declined(reason) if reason else _answer(series, model, next(done))
        for (series, model), reason in zip(pairs, unfit)
    ]


def _unfit(series: Series) -> str:
    n, size = len(series.values), series.size
    if n < SHORTEST[size]:
        return f"{n} periods; X-11 needs {SHORTEST[size] // size} full years"
    missing = int(np.isnan(series.values).sum())
    if missing > MOST_MISSING * n or np.isnan(series.values[[0, -1]]).any():
        return f"{missing} of {n} periods are missing (one in ten at most, none at the ends)"
    if np.nanstd(series.values) == 0:
        return "the series is constant"
    return ""


def _users(series: Series, names: tuple[str, ...], lag: int) -> tuple[tuple[str, ...], Array]:
    n = len(series.values) + series.size  # the programme forecasts one year
    return names, regressors(series.first, n, names, lag)


def _fixed(series: Series, model: Model, spans: bool = False) -> Spec:
    users, values = _users(series, model.holidays, model.lag)
    spans = spans and len(series.values) >= SPANS_FROM[series.size]
    return Spec(
        series,
        log=model.log,
        arima=model.arima,
        variables=model.variables,
        users=users,
        user_values=values,
        spans=spans,
    )


def _variables(output: Output) -> Iterator[str]:
    """The regressors an automatic run ended with, in X-13's words."""
    td = output.values.get("aictest.td", "no")
    if td != "no":
        yield td
    if output.values.get("aictest.e", "no") == "yes":
        yield f"easter[{int(output.number('aictest.e.window'))}]"
    for name in output.effects():
        group, _, term = name.partition("$")
        if group == "AutoOutlier":
            yield term
        elif group == "Constant":
            yield "const"


def _with_holidays(series: Series, model: Model) -> Model | Declined:
    """The model with the set of holidays that has the best AICC, each asked to gain _GAIN."""
    sizes = range(len(model.holidays) + 1)
    sets = [chosen for k in sizes for chosen in itertools.combinations(model.holidays, k)]
    models = [replace(model, holidays=chosen) for chosen in sets]
    outputs = run([_fixed(series, tried) for tried in models])
    scored = [
        (output.number("aicc") + _GAIN * len(tried.holidays), i)
        for i, (tried, output) in enumerate(zip(models, outputs))
        if not output.error
    ]
    if not scored:
        return Declined(f"X-13: {outputs[0].error}")
    _, best = min(scored)
    return replace(models[best], aicc=outputs[best].number("aicc"))


def _answer(series: Series, model: Model, output: Output) -> Adjusted | Declined:
    if output.error:
        return Declined(f"X-13: {output.error}")
    diagnostics = _diagnostics(output)
    if not diagnostics.identifiable:
        return Declined(
            f"no season can be identified (M7 {diagnostics.m['M7']:.2f}, "
            f"QS p-value {diagnostics.qs_original[1]:.3f})"
        )
    table, missing = output.tables, np.isnan(series.values)
    calendar = table.get("d18", np.full(len(missing), 1.0 if model.log else 0.0))
    return Adjusted(
        np.where(missing, np.nan, table["d11"]),
        table["d12"],
        table["d10"],
        np.where(missing, np.nan, table["d13"]),
        calendar,
        model.log,
        diagnostics,
        model.words,
        f"X-13ARIMA-SEATS {output.values.get('version')} build {output.values.get('build')}",
    )


def _diagnostics(output: Output) -> Diagnostics:
    def two(key: str) -> tuple[float, float]:
        return output.number(key), output.number(key, 1)

    def percent(key: str) -> float | None:
        return output.number(key, 2) if key in output.values else None

    f, f_recent = two("d11.f"), two("d11.3y.f")
    return Diagnostics(
        m={f"M{i}": output.number(f"f3.m{i:02d}") for i in range(1, 12)},
        q=output.number("f3.q"),
        q2=output.number("f3.qm2"),
        qs_original=two("qsori"),
        qs_adjusted=two("qssadj"),
        residual_f=(f[0], f[1] / 100),
        residual_f_3y=(f_recent[0], f_recent[1] / 100),
        identifiable=output.values.get("f2.idseasonal") == "yes",
        unstable=percent("s2.a.per"),
        unstable_changes=percent("s2.d.per"),
        aicc=output.number("aicc"),
        effects=output.effects(),
    )
