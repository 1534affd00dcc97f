"""Counts with a little noise that is always the same for the same units: the cell-key method.

Every unit has a random number of 32 bits that never changes, its record key. The sum of the record
keys of a cell, modulo 2^32, is the cell key; read as a share of 2^32, it chooses the change of the
count from a table of chances. The same units therefore give the same figure whatever question they
come from, and asking again, or asking for the difference of two cells, does not wear the noise off.

Sources: Fraser and Wooton (2005), A proposed method for confidentialising tabular output to protect
against differencing, UNECE; Thompson, Broadfoot and Elazar (2013), Methodology for the automatic
confidentialisation of statistical outputs from remote servers at the ABS, UNECE; table of chances of
largest entropy: Giessing (2016), Privacy in Statistical Databases; recommended for the census of
2021 by the European Statistical System.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
KEYS = 2**32
VARIANCE, LARGEST, NEVER = 2.0, 5, 2
"""Variance of the change, its largest size, and the counts from 1 up to which none is published."""
_ENOUGH = 1e-10


@dataclass(frozen=True)
class Row:
    """The changes that a count may have, and their chances (they add up to 1)."""

    changes: Counts
    chances: Array


def _allowed(count: int, largest: int, never: int) -> Counts:
    """The changes of a count that give 0 or more than `never`."""
    changes = np.arange(-largest, largest + 1)
    after = count + changes
    allowed: Counts = changes[(after == 0) | (after > never)]
    return allowed


def _narrowest(changes: Counts) -> tuple[Row, float]:
    """The row of mean 0 with the least variance, and that variance."""
    below, above = int(changes[changes <= 0].max()), int(changes[changes >= 0].min())
    if below == above:
        return Row(np.array([0]), np.array([1.0])), 0.0
    chances = np.array([above, -below]) / (above - below)
    return Row(np.array([below, above]), chances), float(-below * above)


def row(count: int, variance: float = VARIANCE, largest: int = LARGEST, never: int = NEVER) -> Row:
    """The changes of a count with mean 0 and this variance whose entropy is largest.

    Their chances are exp(a d + b d^2) up to a factor; a and b are found by Newton's method. Zero is
    never changed. InputError when no such chances exist.
    """
    if count == 0:
        return Row(np.array([0]), np.array([1.0]))
    changes = _allowed(count, largest, never)
    if not (np.any(changes <= 0) and np.any(changes >= 0)):
        raise InputError(f"a count of {count} cannot keep its mean with changes up to {largest}")
    edge, least = _narrowest(changes)
    if variance < least - _ENOUGH:
        raise InputError(f"a count of {count} needs a variance of {least:g} or more")
    if variance <= least + _ENOUGH:
        return edge
    return Row(changes, _entropic(changes.astype(float), variance))


def _entropic(changes: Array, variance: float) -> Array:
    moments = np.stack([changes, changes**2])
    targets, by = np.array([0.0, variance]), np.array([0.0, -0.5 / variance])

    def chances(at: Array) -> tuple[Array, float]:
        exponents = at @ moments
        weights = np.exp(exponents - exponents.max())
        return weights / weights.sum(), float(
            np.log(weights.sum()) + exponents.max() - at @ targets
        )

    for _ in range(200):
        probabilities, height = chances(by)
        gap = targets - moments @ probabilities
        if np.abs(gap).max() < _ENOUGH:
            return probabilities
        spread = (moments * probabilities) @ moments.T - np.outer(
            moments @ probabilities, moments @ probabilities
        )
        step, size = np.linalg.solve(spread, gap), 1.0
        while size > 1e-9 and chances(by + size * step)[1] > height - 1e-4 * size * float(
            gap @ step
        ):
            size /= 2
        by = by + size * step
    raise InputError(f"no chances of variance {variance:g} were found")


@cache
def table(
    variance: float = VARIANCE, largest: int = LARGEST, never: int = NEVER
) -> tuple[Row, ...]:
    """The row of every count from 0; the last one holds for all larger counts too."""
    return tuple(row(n, variance, largest, never) for n in range(largest + never + 2))


def perturbed(counts: Counts, keys: NDArray[np.uint64]) -> Counts:
    """The counts to publish, of the true `counts` and the sums of record keys `keys`, both shape (n,).

    0 stays 0; none is 1 to NEVER or negative; none differs by more than LARGEST.
    """
    rows = table()
    shares = (keys % np.uint64(KEYS)).astype(float) / KEYS
    published = counts.copy()
    for n, known in enumerate(rows):
        last = n == len(rows) - 1
        chosen = counts >= n if last else counts == n
        limits = np.cumsum(known.chances)[:-1]
        published[chosen] += known.changes[np.searchsorted(limits, shares[chosen], side="right")]
    return published
