"""How well the quarterly unemployment series could be adjusted: the diagnostics of X-13."""

from __future__ import annotations

import math
from collections.abc import Iterator

from marsad.products.series import KEY, lines, model_of
from marsad.products.statistics.seasonal import Declined, Diagnostics, adjust_all
from marsad.products.tabular import Row, Tables

INDICATOR = "unemployment_rate"


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each adjusted series and measure, at the last quarter it was measured on."""
    models = model_of(tables["core_models"], INDICATOR)
    every = []
    for line in lines(tables["core_observations"], INDICATOR, "Q"):
        model = models.get(tuple(line.key[name] for name in KEY))
        if model is not None and not isinstance(model, Declined):
            every.append((line, model))
    found = adjust_all([(line.series, model) for line, model in every], spans=True)
    for (line, model), answer in zip(every, found):
        if isinstance(answer, Declined):
            continue
        for measure, value in _measures(answer.diagnostics):
            yield {
                **line.key,
                "period": line.periods[-1],
                "category": measure,
                "value": value,
                "source": answer.engine,
                "note": model.words,
            }


def _measures(found: Diagnostics) -> Iterator[tuple[str, float]]:
    measured = {
        **found.m,
        "Q": found.q,
        "Q2": found.q2,
        "QS_ORIGINAL_P": found.qs_original[1],
        "QS_P": found.qs_adjusted[1],
        "F_P": found.residual_f[1],
        "SPANS": found.unstable,
        "SPANS_CHANGES": found.unstable_changes,
    }
    for name, value in measured.items():
        if value is not None and math.isfinite(value):
            yield name, float(value)
