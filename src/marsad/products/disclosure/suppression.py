"""Secondary suppression: which cells must go too, so that no suppressed count can be worked out.

Cells of a table obey relations (a total is the sum of its parts and a rest). Whoever knows the
published cells, the relations and that a row exists only where something was counted (`floors`) can
bound each suppressed cell by linear programming. `complete` adds cells, one sensitive cell after
another, along the cheapest change that keeps every relation and moves that cell far enough (Kelly,
Golden and Assad 1992, Networks 22; Fischetti and Salazar 2001, Management Science 47), so each
sensitive cell ends with the room it must have. `bounds` is the intruder's own calculation: the audit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity
from scipy.sparse.csgraph import connected_components

_TINY = 1e-6
IDLE, BATCH = 2, 8


@dataclass(frozen=True, slots=True)
class Relation:
    """`total` (a cell, or None where it is published elsewhere) is the sum of `parts` and a known
    rest. Cells are numbers of rows."""

    total: int | None
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts (one a cell, not negative) and the relations between them."""

    counts: Sequence[int]
    relations: Sequence[Relation]

    def matrix(self) -> csr_matrix:
        """One row a relation, one column a cell: +1 for parts, -1 for the total."""
        rows, columns, signs = [], [], []
        for i, relation in enumerate(self.relations):
            members = [(cell, 1.0) for cell in relation.parts]
            if relation.total is not None:
                members.append((relation.total, -1.0))
            for cell, sign in members:
                rows.append(i)
                columns.append(cell)
                signs.append(sign)
        shape = (len(self.relations), len(self.counts))
        return coo_matrix((signs, (rows, columns)), shape).tocsr()


def floors(counts: np.ndarray) -> np.ndarray:
    """The least that a reader knows of each cell: 1 where something was counted, for a row exists only
    there; 0 for a row that says nothing was."""
    return np.asarray(np.minimum(counts, 1.0))


def blocks(table: Table) -> list[np.ndarray]:
    """The cells of each set of cells that relations join, without those that stand alone."""
    matrix = table.matrix()
    _, labels = connected_components(abs(matrix).T @ abs(matrix), directed=False)
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return [block for block in np.split(order, cuts) if len(block) > 1]


class _Block:
    """One set of joined cells, as linear programs over how much each cell may move."""

    def __init__(self, counts: np.ndarray, matrix: csr_matrix) -> None:
        self.counts = counts
        self.matrix = matrix[np.flatnonzero(matrix.getnnz(axis=1))]

    def move(
        self, need: np.ndarray, cost: np.ndarray, fixed: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The cheapest change of all cells that keeps the relations and moves as many cells as it
        can by their `need` (0: wherever it must), with the cells that it moves so far. Cells that
        are `fixed` do not move; none falls below its floor."""
        from scipy.optimize import linprog  # heavy, and of no use to who only reads a release

        n, aimed = len(self.counts), np.flatnonzero(need)
        k = len(aimed)
        sign = np.sign(need[aimed])
        reach = csr_matrix((-sign, (range(k), aimed)), (k, n))  # t <= sign * (up - down)
        blank = csr_matrix((self.matrix.shape[0], k))
        prize = 1e4 * (1.0 + cost.max()) / np.abs(need[aimed])
        upper = np.concatenate(
            [
                np.where(fixed, 0.0, np.inf),
                np.where(fixed, 0.0, self.counts - floors(self.counts)),
                np.abs(need[aimed]),
            ]
        )
        solution = linprog(
            np.concatenate([cost, cost, -prize]),
            A_ub=hstack([reach, -reach, identity(k)]),
            b_ub=np.zeros(k),
            A_eq=hstack([self.matrix, -self.matrix, blank]),
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack([np.zeros(2 * n + k), upper]),
            method="highs",
        )
        reached = np.zeros(n, dtype=bool)
        if solution.x is None:
            return np.zeros(n), reached
        reached[aimed] = solution.x[2 * n :] >= np.abs(need[aimed]) - _TINY
        return solution.x[:n] - solution.x[n : 2 * n], reached

    def complete(self, hidden: np.ndarray, room: np.ndarray, frozen: np.ndarray) -> np.ndarray:
        """The hidden cells and those that must be hidden with them, so that each sensitive cell can
        move up by `room[0]` and down by `room[1]` (0 for the others)."""
        hidden, left = hidden.copy(), np.where(frozen, 0.0, room)
        chance = np.random.default_rng(len(hidden))  # the same table gives the same answer
        idle = 0
        while left.any():
            # Within what is hidden already, some up and some down at a time, as long as it helps.
            direction = chance.integers(0, 2, len(hidden))
            direction = np.where(
                left[direction, np.arange(len(hidden))] == 0, 1 - direction, direction
            )
            # Those not aimed at are free to give way.
            aim = chance.random(len(hidden)) < 0.5
            idle = 0 if self._reach(left * aim, left, direction, hidden, ~hidden) else idle + 1
            if idle < IDLE:
                continue
            # Then a few cells with others, at the cost of their size; what is frozen comes in only
            # where there is no other way: better hidden late than not at all.
            need = left[direction, np.arange(len(hidden))]
            most = max(1, min(BATCH, np.count_nonzero(need) // 16))
            few = np.argsort(-need, kind="stable")[:most]
            aim = np.isin(np.arange(len(hidden)), few)
            none = np.zeros(len(hidden), dtype=bool)
            if not any(
                self._reach(left * aim, left, direction, hidden, fixed & ~hidden)
                for fixed in (frozen, none)
            ):
                left[direction[few[0]], few[0]] = 0.0  # the other direction may still be had
        return hidden

    def _reach(
        self,
        aimed: np.ndarray,
        left: np.ndarray,
        direction: np.ndarray,
        hidden: np.ndarray,
        fixed: np.ndarray,
    ) -> bool:
        """Move the cells aimed at, each in its `direction`; hide what moved, strike what was reached off
        `left`; whether any was."""
        cells = np.arange(len(hidden))
        need = np.where(direction == 0, 1.0, -1.0) * aimed[direction, cells]
        if not need.any():
            return False
        change, reached = self.move(need, np.where(hidden, 0.0, 1.0 + self.counts), fixed)
        hidden |= np.abs(change) > _TINY
        left[direction[reached], cells[reached]] = 0.0
        return bool(reached.any())


def complete(
    table: Table, sensitive: Collection[int], minimum: int, frozen: Collection[int] = ()
) -> set[int]:
    """Cells to suppress beside the sensitive ones (those of fewer than `minimum` units, or that one
    contributor dominates), so that an intruder can neither tell a sensitive cell exactly nor
    that it lies below the minimum.

    `frozen` cells were published before with the same count: hiding them would protect nothing.
    """
    counts = np.asarray(table.counts, dtype=float)
    matrix, hidden = table.matrix(), np.zeros(len(counts), dtype=bool)
    known = np.zeros(len(counts), dtype=bool)
    known[list(frozen)] = True
    hidden[list(sensitive)] = True
    for cells in blocks(table):
        if not hidden[cells].any():
            continue
        block = _Block(counts[cells], matrix[:, cells])
        inside, first = known[cells], hidden[cells].copy()
        rise = np.where(first, np.maximum(minimum - counts[cells], 1.0), 0.0)
        fall = np.where(first, np.minimum(counts[cells] - floors(counts[cells]), 1.0), 0.0)
        hidden[cells] = block.complete(first, np.stack([rise, fall]), inside)
    return set(map(int, np.flatnonzero(hidden))) - set(sensitive)


def bounds(table: Table, hidden: Collection[int]) -> dict[int, tuple[float, float]]:
    """The lowest and highest count that the published cells, and the floor of each row, leave for each
    hidden one: what an intruder can find out by linear programming. inf where nothing bounds it."""
    from scipy.optimize import linprog  # as in `_Block.move`

    counts, matrix = np.asarray(table.counts, dtype=float), table.matrix()
    cells = np.array(sorted(hidden), dtype=int)
    part = matrix[:, cells]
    used = np.flatnonzero(part.getnnz(axis=1))
    equal, right = part[used], part[used] @ counts[cells]
    edge = np.column_stack([floors(counts[cells]), np.full(len(cells), np.inf)])
    intervals = {}
    for i, cell in enumerate(cells):
        edges = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(cells))
            goal[i] = sign
            answer = linprog(goal, A_eq=equal, b_eq=right, bounds=edge, method="highs")
            edges.append(sign * answer.fun if answer.fun is not None else sign * -np.inf)
        intervals[int(cell)] = (float(edges[0]), float(edges[1]))
    return intervals
