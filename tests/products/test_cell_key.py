"""Noise of the cell-key method: its chances, its promises, and that it cannot be averaged away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.products.disclosure.cell_key import (
    KEYS,
    LARGEST,
    NEVER,
    VARIANCE,
    perturbed,
    row,
    table,
)

COUNTS = [*range(1, 15), 100]


def _even(n: int) -> np.ndarray:
    """Cell keys spread evenly over all there are."""
    return (np.arange(n, dtype=np.uint64) * np.uint64(KEYS // n)) + np.uint64(KEYS // (2 * n))


@pytest.mark.parametrize("count", COUNTS)
def test_chances_keep_the_mean_and_have_the_variance(count: int) -> None:
    cell = row(count)
    assert cell.chances.sum() == pytest.approx(1, abs=1e-9)
    assert (cell.chances > 0).all()
    assert cell.chances @ cell.changes == pytest.approx(0, abs=1e-9)
    assert cell.chances @ cell.changes**2 == pytest.approx(VARIANCE, abs=1e-9)


@pytest.mark.parametrize("count", COUNTS)
def test_drawn_counts_keep_the_mean_and_have_the_variance(count: int) -> None:
    published = perturbed(np.full(100_000, count), _even(100_000))
    assert published.mean() == pytest.approx(count, abs=1e-3)
    assert published.var() == pytest.approx(VARIANCE, abs=1e-2)
    assert published.min() >= 0
    assert np.abs(published - count).max() <= LARGEST
    assert not {1, 2} & set(published.tolist())


@pytest.mark.parametrize("count", [3, 4, 8])
def test_no_other_chances_of_these_moments_have_more_entropy(count: int) -> None:
    cell = row(count)
    best = -(cell.chances * np.log(cell.chances)).sum()
    moments = np.stack([np.ones(len(cell.changes)), cell.changes, cell.changes**2])
    _, _, directions = np.linalg.svd(moments)
    for direction in directions[3:]:  # what changes neither the sum nor the moments
        for step in (1e-6, -1e-6):
            other = cell.chances + step * direction
            assert (other > 0).all()
            assert -(other * np.log(other)).sum() < best


def test_zero_stays_zero() -> None:
    assert perturbed(np.zeros(1000, dtype=np.int64), _even(1000)).max() == 0


@given(st.integers(0, 10**6), st.integers(0, 2**63 - 1))
def test_the_same_cell_has_the_same_noise(count: int, key: int) -> None:
    alone = perturbed(np.array([count]), np.array([key], dtype=np.uint64))[0]
    among = perturbed(np.array([7, count, 0]), np.array([1, key % KEYS, 3], dtype=np.uint64))[1]
    assert alone == among


def test_chances_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="needs a variance of 2 or more"):
        row(1, variance=1.5)
    with pytest.raises(InputError, match="cannot keep its mean"):
        row(1, largest=1)


def test_the_last_row_holds_for_every_larger_count() -> None:
    last, larger = table()[-1], row(10_000)
    assert np.array_equal(last.changes, larger.changes)
    assert np.allclose(last.chances, larger.chances)
    assert len(table()) == LARGEST + NEVER + 2


def test_no_cells_give_no_counts() -> None:
    assert perturbed(np.array([], dtype=np.int64), np.array([], dtype=np.uint64)).tolist() == []
