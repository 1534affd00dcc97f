"""Secondary suppression: nothing hidden can be worked out, whatever the table."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.products.disclosure.suppression import Relation, Table, bounds, complete

MINIMUM = 3
counts = st.integers(0, 9) | st.integers(0, 100)


def square(inner: np.ndarray, rest: np.ndarray | None = None) -> Table:
    """A table of two ways with its margins; `rest` is what each row's total holds beyond it."""
    rows, columns = inner.shape
    rest = np.zeros(rows, int) if rest is None else rest
    full = np.zeros((rows + 1, columns + 1), int)
    full[1:, 1:] = inner
    full[1:, 0] = inner.sum(1) + rest
    full[0, 1:] = inner.sum(0)
    full[0, 0] = full[1:, 0].sum()
    place = np.arange(full.size).reshape(full.shape)
    relations = [Relation(int(r[0]), tuple(map(int, r[1:]))) for r in (*place, *place.T)]
    return Table([int(n) for n in full.ravel()], relations)


def small(table: Table) -> list[int]:
    return [i for i, n in enumerate(table.counts) if 0 < n < MINIMUM]


def protected(table: Table) -> None:
    """No hidden cell, small or not, is told exactly to who knows that every row counts at least one;
    and no small one is told to be small."""
    sensitive = small(table)
    hidden = [*sensitive, *complete(table, sensitive, MINIMUM)]
    intervals = bounds(table, hidden)
    for cell, (low, high) in intervals.items():
        told = (cell, table.counts[cell], low, high)
        assert np.ceil(low - 1e-6) < np.floor(high + 1e-6), told
        assert cell not in sensitive or high >= MINIMUM - 1e-6, told


def test_the_bounds_are_those_that_the_release_tells() -> None:
    """Of 4 that three rows share, each that exists counts at least one: at most two."""
    line = Table([4, 2, 1, 1], [Relation(0, (1, 2, 3))])
    assert bounds(line, [1, 2, 3]) == {1: (1, 2), 2: (1, 2), 3: (1, 2)}
    empty = Table([4, 2, 2, 0], [Relation(0, (1, 2, 3))])
    assert bounds(empty, [1, 2, 3])[3] == (0, 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(counts, min_size=2, max_size=12), st.integers(0, 3))
def test_the_months_of_a_year_keep_their_room(months: list[int], rest: int) -> None:
    cells = [sum(months) + rest, *months]
    protected(Table(cells, [Relation(0, tuple(range(1, len(cells))))]))


def test_a_total_that_holds_only_its_rest_is_still_hidden() -> None:
    """It cannot seem smaller; that is no reason not to let it seem larger."""
    for seed in range(40):
        dice = np.random.default_rng(seed)
        inner = np.where(dice.random((5, 5)) < 0.6, 0, dice.choice([1, 2, 9, 40, 100], (5, 5)))
        inner[2] = 0
        protected(square(inner, dice.integers(0, 5, 5)))


def test_one_small_cell_takes_three_others_with_it() -> None:
    table = square(np.array([[2, 20, 30], [15, 25, 35], [12, 40, 50]]))
    hidden = complete(table, [5], MINIMUM)
    assert len(hidden) == 3
    protected(table)


def test_a_cell_no_total_holds_stays_alone() -> None:
    assert complete(Table([1, 50], []), [0], MINIMUM) == set()


def test_two_small_cells_of_a_line_that_sum_below_the_minimum_take_a_third() -> None:
    line = Table([21, 1, 1, 19], [Relation(0, (1, 2, 3))])
    assert complete(line, [1, 2], MINIMUM)
    protected(line)


def test_what_was_published_before_is_not_used_again() -> None:
    line = Table([31, 2, 9, 20], [Relation(0, (1, 2, 3))])
    assert complete(line, [1], MINIMUM) == {2}
    assert complete(line, [1], MINIMUM, frozen=[2]) == {3}


def test_a_total_published_elsewhere_still_protects() -> None:
    line = Table([2, 9, 20], [Relation(None, (0, 1, 2))])
    assert complete(line, [0], MINIMUM) == {1}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 6), st.integers(1, 6))
def test_every_small_cell_of_any_table_keeps_its_room(
    data: st.DataObject, rows: int, columns: int
) -> None:
    cells = data.draw(st.lists(counts, min_size=rows * columns, max_size=rows * columns))
    rest = data.draw(st.lists(st.integers(0, 4), min_size=rows, max_size=rows))
    table = square(np.array(cells).reshape(rows, columns), np.array(rest))
    protected(table)


@settings(max_examples=25, deadline=None)
@given(st.lists(counts, min_size=36, max_size=36))
def test_three_ways_at_once(cells: list[int]) -> None:
    inner = np.array(cells).reshape(3, 3, 4)
    full = np.zeros((4, 4, 5), int)
    full[1:, 1:, 1:] = inner
    full[0] = full[1:].sum(0)
    full[:, 0] = full[:, 1:].sum(1)
    full[:, :, 0] = full[:, :, 1:].sum(2)
    place = np.arange(full.size).reshape(full.shape)
    relations = [
        Relation(int(line[0]), tuple(map(int, line[1:])))
        for axis in range(3)
        for line in np.moveaxis(place, axis, -1).reshape(-1, place.shape[axis])
    ]
    protected(Table([int(n) for n in full.ravel()], relations))


def test_every_pair_of_published_lines_hides_the_small_cell() -> None:
    """An intruder's arithmetic with two lines at a time finds nothing either."""
    table = square(np.array([[1, 8, 9], [7, 2, 6], [5, 9, 4]]))
    sensitive = small(table)
    hidden = {*sensitive, *complete(table, sensitive, MINIMUM)}
    lines = [(r.total, *r.parts) for r in table.relations]
    for a, b in itertools.combinations(lines, 2):
        unknown = hidden & ({*a} ^ {*b})
        assert len(unknown) != 1 or not unknown & {*sensitive}
