"""One interval for a count of ads: what sampling, coding, duplicates and coverage leave open.

The counts observed by code are read backwards through what is known to be wrong with them:

    counted_j = sum_i openings_i * P(coded j | true i) * visible share * (1 - removed) / (1 - true)

where `removed` and `true` are the shares of ads removed as duplicates, and that are duplicates.

Each known error has its own uncertainty, because it was measured on a sample. A parametric
bootstrap with a fixed seed draws all four at once - counts as Poisson, rows of the confusion matrix
as Dirichlet, the duplicates' precision and recall as Beta, the visible share as a logit normal -
and corrects the counts with each draw. `parts` repeats it with one error at a time: how much of
the width each is worth. The errors are taken as independent of each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
PARTS = ("sampling", "coding", "duplicates", "coverage")
DRAWS = 2000
SEED = 1958
_BLOCK = 4_000_000  # numbers held at once


@dataclass(frozen=True)
class Rate:
    """A rate measured on a sample: `hits` of `tried`; tried = 0 says that it is not known."""

    hits: int
    tried: int


@dataclass(frozen=True)
class Errors:
    """What was measured of an ad count's errors.

    confusion[i, j]: ads of true code i coded j, in a gold sample (k, k). precision: of pairs said
    to be duplicates, those that are; recall: of the duplicate pairs, those found. duplicate_share:
    ads removed as duplicates over all ads. coverage: share visible with its bounds at 95 %, or
    None to count visible ads only.
    """

    confusion: Array
    precision: Rate
    recall: Rate
    duplicate_share: float
    coverage: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Joined:
    """By code (k): corrected count, bounds at 95 %, and the half-width each error alone gives."""

    value: Array
    lower: Array
    upper: Array
    parts: Mapping[str, Array]


def interval(counts: Array, errors: Errors) -> Joined:
    """Corrected counts by code, with one interval for all errors (see the module).

    InputError when shapes differ, a code was never seen in the gold sample, codes are confused so
    much that the matrix cannot be inverted, or rates are not known.
    """
    _check(counts, errors)
    parts = {name: _bounds(_draw(counts, errors, {name})) for name in PARTS}
    low, high = _bounds(_draw(counts, errors, set(PARTS)))
    return Joined(
        _draw(counts, errors, set())[0],
        np.maximum(low, 0.0),
        high,
        {name: (bounds[1] - bounds[0]) / 2 for name, bounds in parts.items()},
    )


def bounds(counts: Array, errors: Errors) -> tuple[Array, Array, Array]:
    """As `interval`, without the parts: corrected counts by code, lower and upper at 95 %."""
    _check(counts, errors)
    low, high = _bounds(_draw(counts, errors, set(PARTS)))
    return _draw(counts, errors, set())[0], np.maximum(low, 0.0), high


def _bounds(draws: Array) -> Array:
    return np.asarray(np.percentile(draws, (2.5, 97.5), axis=0))


def _check(counts: Array, errors: Errors) -> None:
    k = len(counts)
    if errors.confusion.shape != (k, k) or not (errors.confusion.sum(axis=1) > 0).all():
        raise InputError("the confusion matrix needs a row with gold cases for each code")
    if min(errors.precision.tried, errors.recall.tried) <= 0 or errors.recall.hits <= 0:
        raise InputError("precision and recall of duplicates must have been measured")
    if not 0 <= errors.duplicate_share < 1:
        raise InputError("the share of duplicates lies between 0 and 1")
    if errors.coverage is not None:
        share, low, high = errors.coverage
        if not 0 < low <= share <= high <= 1:
            raise InputError("a visible share has bounds around it, between 0 and 1")
    rows = errors.confusion / errors.confusion.sum(axis=1, keepdims=True)
    if np.linalg.cond(rows) > 100:
        raise InputError("the codes are confused too much to be told apart")


def _openings(errors: Errors, precision: Array, recall: Array) -> Array:
    """Openings there are for each one counted: wrong merges put back, missed duplicates out.

    Of the share removed, `precision` were true duplicates; removed * precision / recall exist.
    """
    removed = errors.duplicate_share
    true = np.minimum(removed * precision / recall, 0.95)
    return np.asarray((1 - true) / (1 - removed))


def _draw(counts: Array, errors: Errors, moving: set[str]) -> Array:
    """(draws, k) corrected counts, with only the errors in `moving` drawn anew; one row if none."""
    dice, k = np.random.default_rng(SEED), len(counts)
    block = max(1, min(DRAWS, _BLOCK // (k * k)))
    sizes = [min(block, DRAWS - i) for i in range(0, DRAWS, block)] if moving else [1]
    return np.concatenate([_block(counts, errors, moving, dice, n) for n in sizes])


def _block(
    counts: Array, errors: Errors, moving: set[str], dice: np.random.Generator, n: int
) -> Array:
    k = len(counts)
    seen = dice.poisson(counts, (n, k)) if "sampling" in moving else np.tile(counts, (n, 1))
    cells = np.broadcast_to(errors.confusion, (n, k, k))
    if "coding" in moving:
        cells = dice.gamma(cells + 1 / k)  # Perks: a confusion never seen is rare, not impossible
    rows = cells / cells.sum(axis=2, keepdims=True)
    drawn = "duplicates" in moving
    precision, recall = (
        dice.beta(r.hits + 0.5, r.tried - r.hits + 0.5, n)
        if drawn
        else np.full(n, r.hits / r.tried)
        for r in (errors.precision, errors.recall)
    )
    factor = _openings(errors, precision, recall) / _visible(errors, "coverage" in moving, dice, n)
    true = np.linalg.solve(rows.transpose(0, 2, 1), seen[:, :, None].astype(float))[:, :, 0]
    return np.asarray(true * factor[:, None])


def _visible(errors: Errors, drawn: bool, dice: np.random.Generator, n: int) -> Array:
    """The visible share: normal on the logit scale, as wide as its bounds."""
    if errors.coverage is None:
        return np.ones(n)
    if not drawn:
        return np.full(n, errors.coverage[0])
    middle, low, high = (np.log(x / (1 - x)) for x in np.clip(errors.coverage, 1e-9, 1 - 1e-9))
    return np.asarray(1 / (1 + np.exp(-dice.normal(middle, (high - low) / (2 * 1.959964), n))))
