"""Weights of ads: raking to official employment, and the share of hiring that ads can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Raked:
    """One weight a row; `worst` is the largest relative miss of a margin, `design_effect` Kish's."""

    weights: Array
    design_effect: float  # 1 + CV^2 of the weights: rows needed for one of equal weight
    worst: float
    converged: bool
    rounds: int


def rake(
    columns: Sequence[NDArray[np.int64]],
    margins: Sequence[Array],
    *,
    counts: Array | None = None,
    cap: float = 5.0,
    tolerance: float = 1e-6,
    rounds: int = 200,
) -> Raked:
    """Iterative proportional fitting of row weights to margins (Deming and Stephan 1940).

    columns[k] is the category number of each row in margin k, margins[k] the official totals by
    category, of one grand total; `counts` tells how many units alike a row stands for (1), each of the
    row's weight. Weights are held within `cap` times their mean either way (so a
    margin may be missed: see `worst` and `converged`). InputError when margins have different
    totals or a category with a positive total has no row.
    """
    total = float(margins[0].sum())
    units = np.ones(len(columns[0])) if counts is None else counts
    for column, margin in zip(columns, margins):
        if abs(float(margin.sum()) - total) > 1e-6 * total or not (margin >= 0).all():
            raise InputError("the margins of a raking must be of one total, none negative")
        if (np.bincount(column, units, len(margin))[margin > 0] == 0).any():
            raise InputError("a category with an official total has no row: merge categories")
    mean = total / float(units.sum())
    weights, worst, done = np.full(len(units), mean), np.inf, 0
    while worst > tolerance and done < rounds:
        done += 1
        for column, margin in zip(columns, margins):
            now = np.bincount(column, weights * units, len(margin))
            weights = (
                weights * np.divide(margin, now, out=np.zeros(len(now)), where=now > 0)[column]
            )
        weights = np.where(weights > 0, np.clip(weights, mean / cap, mean * cap), 0.0)
        worst = max(_miss(weights * units, c, m) for c, m in zip(columns, margins))
    used, times = weights[weights > 0], units[weights > 0]
    middle = np.average(used, weights=times)
    effect = 1 + float(np.average((used - middle) ** 2, weights=times) / middle**2)
    return Raked(weights, effect, worst, worst <= tolerance, done)


def _miss(weights: Array, column: NDArray[np.int64], margin: Array) -> float:
    now = np.bincount(column, weights, len(margin))
    return float(np.max(np.abs(now - margin) / np.maximum(margin, margin.sum() * 1e-9)))
