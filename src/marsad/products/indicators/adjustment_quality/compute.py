"""How well the quarterly unemployment series could be adjusted: the diagnostics of X-13."""

from __future__ import annotations

import math
from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.series import KEY, lines, model_of
from marsad.products.statistics.seasonal import Declined, Diagnostics, adjust_all
from marsad.products.tabular import Tables

INDICATOR = "unemployment_rate"


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each adjusted series and measure, at the last quarter it was measured on."""
    models = model_of(tables["core_models"], INDICATOR)
    every = []
    for line in lines(tables["core_observations"], INDICATOR, "Q"):
        model = models.get(tuple(line.key[name] for name in KEY))
        if model is not None and not isinstance(model, Declined):
            every.append((line, model))
    answers = adjust_all([(line.series, model) for line, model in every], spans=True)
    for (line, model), answer in zip(every, answers):
        if isinstance(answer, Declined):
            continue
        failed = "; ".join(answer.diagnostics.failures)
        for measure, value in _measures(answer.diagnostics):
            yield {
                **line.key,
                "period": line.periods[-1],
                "category": measure,
                "value": value,
                "source": answer.engine,
                "note": f"{model.words}. {f'Fails: {failed}' if failed else 'Passes'}.",
            }


def _measures(diagnostics: Diagnostics) -> Iterator[tuple[str, float]]:
    measured = {
        "VERDICT": float(diagnostics.acceptable),
        **diagnostics.m,
        "Q": diagnostics.q,
        "Q2": diagnostics.q2,
        "QS_ORIGINAL_P": diagnostics.qs_original[1],
        "QS_P": diagnostics.qs_adjusted[1],
        "F_P": diagnostics.residual_f[1],
        "SPANS": diagnostics.unstable,
        "SPANS_CHANGES": diagnostics.unstable_changes,
    }
    for name, value in measured.items():
        if value is not None and math.isfinite(value):
            yield name, float(value)
