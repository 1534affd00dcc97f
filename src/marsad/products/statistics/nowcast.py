"""Nowcast of a quarterly figure from monthly indicators, and what each release changed.

A dynamic factor model for mixed frequencies and a ragged edge (Banbura and Modugno 2014;
`DynamicFactorMQ` of statsmodels): one factor, AR(1) in the factor and in what is each series' own.
The difference between two vintages of the nowcast is divided among the series by their news
(Banbura and Modugno, section 2.3) and by the revisions of what was already known; the parts sum to
the change.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.base import periods
from marsad.base.errors import InputError
from marsad.products.statistics.calendar import following
from marsad.products.statistics.seasonal import Declined

Array = NDArray[np.float64]
TARGET = "target"
SHORTEST = 16  # quarters of the target known
_ROUNDS = 200


@dataclass(frozen=True)
class Panel:
    """Growth rates of one vintage: monthly series by name from `first`, NaN where not yet known.

    `quarterly` is the target's quarterly growth; its first value is for the quarter of `first`,
    which must be the first month of a quarter. Monthly arrays have one length; the quarters need
    not reach as far.
    """

    monthly: Mapping[str, Array]
    quarterly: Array
    first: str


@dataclass(frozen=True)
class Nowcast:
    """Value and bounds at 95 % in the target's unit.

    `news` and `revised` give, by series, the part of `value - before` that came from new figures
    and from revised ones; both empty when no earlier vintage was given.
    """

    period: str
    value: float
    lower: float
    upper: float
    before: float | None
    news: Mapping[str, float]
    revised: Mapping[str, float]


def nowcast(panel: Panel, period: str, before: Panel | None = None) -> Nowcast | Declined:
    """Nowcast the quarter `period` from a panel; `before` is an earlier vintage of the panel.

    Parameters are estimated on the new vintage and used for both, so that the change is all data.
    Bounds come from the state space and leave out the uncertainty of the parameters. Declined
    when the target has fewer than 16 quarters or the estimation does not converge. InputError
    when the quarter lies outside the panel's months or the vintages have other series.
    """
    months = _months(panel)
    last = f"{period[:4]}-{3 * int(period[-1]):02d}" if periods.frequency(period) == "Q" else ""
    if last not in months:
        raise InputError(f"{period} is no quarter inside the months of the panel")
    if before is not None and list(before.monthly) != list(panel.monthly):
        raise InputError("two vintages of a panel must have the same series")
    if np.isfinite(panel.quarterly).sum() < SHORTEST:
        return Declined(f"the target needs {SHORTEST} quarters")
    fitted = _fit(panel)
    gains = np.diff(fitted.mle_retvals["llf"][-2:])
    if gains.size == 0 or abs(gains[-1]) > 1e-4 * abs(fitted.llf):
        return Declined("the factor model does not converge")
    value, lower, upper = _at(fitted, last)
    if before is None:
        return Nowcast(period, value, lower, upper, None, {}, {})
    earlier, news, revised = _changes(fitted, before, months, last)
    return Nowcast(period, value, lower, upper, earlier, news, revised)


def _months(panel: Panel) -> list[str]:
    lengths = {len(values) for values in panel.monthly.values()}
    if len(lengths) != 1 or panel.first[5:] not in ("01", "04", "07", "10"):
        raise InputError("a panel has monthly series of one length from a quarter's first month")
    return following(panel.first, lengths.pop())


def _frames(panel: Panel, months: list[str]) -> tuple[Any, Any]:
    import pandas as pd  # type: ignore[import-untyped]

    index = pd.PeriodIndex(months, freq="M")
    monthly = pd.DataFrame(dict(panel.monthly), index=index)
    quarters = pd.period_range(index[0].asfreq("Q"), index[-1].asfreq("Q"), freq="Q")
    values = np.full(len(quarters), np.nan)
    known = panel.quarterly[: len(quarters)]
    values[: len(known)] = known
    return monthly, pd.DataFrame({TARGET: values}, index=quarters)


def _fit(panel: Panel) -> Any:
    from statsmodels.tsa.statespace.dynamic_factor_mq import (  # type: ignore[import-untyped]
        DynamicFactorMQ,
    )

    monthly, quarterly = _frames(panel, _months(panel))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = DynamicFactorMQ(monthly, endog_quarterly=quarterly, factors=1, factor_orders=1)
        return model.fit(disp=False, maxiter=_ROUNDS, full_output=True)


def _at(fitted: Any, month: str) -> tuple[float, float, float]:
    """Value and bounds for the quarter that ends with a month."""
    prediction = fitted.get_prediction(start=month, end=month, information_set="smoothed")
    mean = float(prediction.predicted_mean[TARGET].iloc[0])
    bounds = prediction.conf_int(alpha=0.05)
    return mean, float(bounds[f"lower {TARGET}"].iloc[0]), float(bounds[f"upper {TARGET}"].iloc[0])


def _changes(
    fitted: Any, before: Panel, months: list[str], month: str
) -> tuple[float, dict[str, float], dict[str, float]]:
    """Earlier value, and parts of the change by series: news and revisions."""
    padded = {
        k: np.concatenate([v, np.full(len(months) - len(v), np.nan)])
        for k, v in before.monthly.items()
    }
    monthly, quarterly = _frames(Panel(padded, before.quarterly, before.first), months)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old = fitted.apply(monthly, endog_quarterly=quarterly, retain_standardization=True)
        news = fitted.news(
            old, impact_date=month, impacted_variable=TARGET, revisions_details_start=True
        )
    earlier = _at(old, month)[0]
    return (
        earlier,
        _by_series(news.details_by_impact),
        _by_series(news.revision_details_by_impact),
    )


def _by_series(table: Any) -> dict[str, float]:
    if len(table) == 0:
        return {}
    names = next(n for n in table.index.names if n.endswith("ed variable") and "impact" not in n)
    sums = table["impact"].groupby(level=names).sum()
    return {str(name): float(value) for name, value in sums.items()}
