"""Quarterly unemployment without its seasons, by X-13ARIMA-SEATS with the model of the year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.records import Row
from marsad.products.series import KEY, Line, lines, model_of
from marsad.products.statistics.seasonal import Adjusted, Declined, adjust_all
from marsad.products.tabular import Tables

INDICATOR, FAILS = "unemployment_rate", "Fails its yardstick"


def compute(tables: Tables) -> Iterator[Row]:
    """The adjusted value and the trend of each quarter; a series that is left alone keeps its
    values, unadjusted, with the reason as a note."""
    models = model_of(tables["core_models"], INDICATOR)
    every = [
        (line, model)
        for line in lines(tables["core_observations"], INDICATOR, "Q")
        if (model := models.get(tuple(line.key[name] for name in KEY))) is not None
    ]
    fit = [(line.series, model) for line, model in every if not isinstance(model, Declined)]
    done = iter(adjust_all(fit, spans=True) if fit else [])
    for line, model in every:
        answer = model if isinstance(model, Declined) else next(done)
        if isinstance(answer, Declined):
            yield from _rows(line, "N", line.values, f"Left alone: {answer.reason}")
        else:
            kind = "Y" if not isinstance(model, Declined) and model.holidays else "S"
            sound = answer.diagnostics.acceptable
            yield from _rows(line, kind, answer.adjusted, _words(answer), sound)
            yield from _rows(line, "T", answer.trend, _words(answer), sound)


def _words(answer: Adjusted) -> str:
    diagnostics = answer.diagnostics
    failed = f"{FAILS}: {'; '.join(diagnostics.failures)}. " if diagnostics.failures else ""
    return f"{failed}{answer.engine}; {answer.words}; Q {diagnostics.q:.2f}, M7 {diagnostics.m['M7']:.2f}"


def _rows(
    line: Line, adjustment: str, values: np.ndarray, note: str, sound: bool = True
) -> Iterator[Row]:
    for period, value in zip(line.periods, values):
        if np.isfinite(value):
            yield {
                **line.key,
                "period": period,
                "adjustment": adjustment,
                "value": float(value),
                "unit": line.unit,
                "reliability": "U" if sound else "C",
                "obs_status": "A" if adjustment == "N" else "E",
                "source": line.source,
                "note": note,
            }
