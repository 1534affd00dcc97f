"""Outlook: where a series is heading, with intervals whose coverage was measured.

The point is the median of three models: Theta (Assimakopoulos and Nikolopoulos 2000), dynamic
optimised Theta (Fiorucci et al. 2016) and complex exponential smoothing (Svetunkov et al. 2022).
Their own intervals are too narrow (95 % ones hold three values in four on M1): the wider of the two
Theta intervals is stretched by a factor learnt on M1 (1,001 series) and Tourism (1,311), for each
season and as a power of the horizon. M3, which taught nothing here, is where coverage is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError
from marsad.products.statistics.seasonal import Declined

Array = NDArray[np.float64]
SHORTEST = {1: 7, 4: 10, 12: 30}  # the shortest series that the factors were learnt on
LONGEST = {1: 8, 4: 8, 12: 24}  # and the farthest horizon (6 for years; 8 follows the power)
# (level, season) -> (a, b): half-width is exp(a) * h ** b times the wider 95 % half-width.
_STRETCH = {
    (80, 1): (0.0137, 0.3931),
    (80, 4): (0.0561, 0.0225),
    (80, 12): (-0.1196, 0.0021),
    (95, 1): (0.5229, 0.4251),
    (95, 4): (0.5783, 0.1134),
    (95, 12): (0.4254, 0.0500),
}


@dataclass(frozen=True)
class Forecast:
    """Of the periods after the last: point, and bounds by level (80, 95), in the series' unit."""

    value: Array
    lower: dict[int, Array]
    upper: dict[int, Array]


def outlook(
    y: Array, season: int, horizon: int, levels: Sequence[int] = (80, 95)
) -> Forecast | Declined:
    """Forecast `horizon` periods of y (season 1, 4 or 12 periods a year).

    Declined for a series that is too short, has gaps, or a horizon beyond what the intervals were
    measured for. A series that was never negative gets no negative bound. InputError for another
    season or level: no factor is known for it.
    """
    if season not in SHORTEST or not set(levels) <= {80, 95} or horizon < 1:
        raise InputError("outlook knows seasons 1, 4 and 12, and levels 80 and 95")
    if len(y) < SHORTEST[season] or horizon > LONGEST[season]:
        return Declined(
            f"{len(y)} periods for {horizon} ahead; intervals were measured from "
            f"{SHORTEST[season]} periods and up to {LONGEST[season]} ahead"
        )
    if not np.isfinite(y).all():
        return Declined("the series has gaps")
    points, half = _models(np.ascontiguousarray(y, float), season, horizon)
    value, steps = np.median(points, axis=0), np.arange(1, horizon + 1)
    floor = 0.0 if y.min() >= 0 else -np.inf
    lower, upper = {}, {}
    for level in levels:
        a, b = _STRETCH[level, season]
        width = np.exp(a) * steps**b * half
        lower[level], upper[level] = np.maximum(value - width, floor), value + width
    return Forecast(np.maximum(value, floor), lower, upper)


def _models(y: Array, season: int, horizon: int) -> tuple[Array, Array]:
    """Points of the three models (3, horizon) and the wider half-width of the two Thetas."""
    from statsforecast.models import AutoCES, DynamicOptimizedTheta, Theta

    kind = "multiplicative" if y.min() > 0 else "additive"
    points, halves = [], []
    for model in (Theta, DynamicOptimizedTheta):
        made = model(season_length=season, decomposition_type=kind)
        forecast = made.forecast(y=y, h=horizon, level=[95])
        points.append(forecast["mean"])
        halves.append((forecast["hi-95"] - forecast["lo-95"]) / 2)
    if not np.allclose(y[season:], y[:-season]):  # a series without noise is no CES
        points.append(AutoCES(season_length=season).forecast(y=y, h=horizon)["mean"])
    return np.array(points), np.max(halves, axis=0)
