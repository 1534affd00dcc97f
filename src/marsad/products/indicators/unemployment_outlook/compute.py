"""Where quarterly unemployment is heading: four quarters ahead, with intervals."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.periods import following
from marsad.base.records import Row
from marsad.products.series import lines
from marsad.products.statistics.forecast import outlook
from marsad.products.statistics.seasonal import Declined
from marsad.products.tabular import Tables

AHEAD, YEARS = 4, 20


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each series and each of the four quarters after its last; none for a series that
    is short or has a gap in the last twenty years."""
    for line in lines(tables["core_observations"], "unemployment_rate", "Q"):
        recent = line.values[-YEARS * line.season :]
        if np.isnan(recent).any():
            continue
        forecast = outlook(recent, line.season, AHEAD)
        if isinstance(forecast, Declined):
            continue
        ahead = following(line.periods[-1], AHEAD + 1)[1:]
        for i, period in enumerate(ahead):
            yield {
                **line.key,
                "period": period,
                "value": float(forecast.value[i]),
                "lower": float(forecast.lower[95][i]),
                "upper": float(forecast.upper[95][i]),
                "unit": line.unit,
                "obs_status": "F",
                "reliability": "C",
                "source": line.source,
                "note": f"80 %: {forecast.lower[80][i]:.1f} - {forecast.upper[80][i]:.1f};"
                f" known to {line.periods[-1]}",
            }
