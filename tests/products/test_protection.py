"""Secondary suppression: nothing hidden can be worked out, whatever the table."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.products.disclosure.suppression import Relation, Table, bounds, complete

MINIMUM = 3


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


def protected(table: Table, known: set[int] = frozenset()) -> None:  # type: ignore[assignment]
    """Every small cell has its room; `known` totals hold nothing but their rest, which an intruder
    is taken to know, so they cannot seem smaller."""
    sensitive = small(table)
    hidden = [*sensitive, *complete(table, sensitive, MINIMUM)]
    intervals = bounds(table, hidden)
    for cell in sensitive:
        low, high = intervals[cell]
        n = table.counts[cell]
        assert cell in known or low <= n - 1 + 1e-6, (cell, n, low, high)
        assert high >= MINIMUM - 1e-6, (cell, n, low, high)


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


counts = st.integers(0, 9) | st.integers(0, 100)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 6), st.integers(1, 6))
def test_every_small_cell_of_any_table_keeps_its_room(
    data: st.DataObject, rows: int, columns: int
) -> None:
    cells = data.draw(st.lists(counts, min_size=rows * columns, max_size=rows * columns))
    rest = data.draw(st.lists(st.integers(0, 4), min_size=rows, max_size=rows))
    table = square(np.array(cells).reshape(rows, columns), np.array(rest))
    if sum(cells) >= 20:
        known = {
            (columns + 1) * (i + 1)
            for i, n in enumerate(np.reshape(cells, (rows, -1)).sum(1))
            if not n
        }
        protected(table, known)


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
    if inner.sum() >= 60:
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
