"""Ads by board and month, as the index and the source-loss alarm read them: cells of core_ad_board_months,
in which the copies of an opening on one board are folded and those on several boards count on each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from marsad.base.periods import end, following, month_of
from marsad.products.statistics.index import Alarm, alarms

MEASURES = ("flow", "stock")
_NEVER = 10**6  # a month after all others


def by_survey(cells: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The cells of each survey."""
    for survey in sorted(pc.unique(cells["survey"]).to_pylist()):
        yield survey, cells.filter(pc.equal(cells["survey"], survey))


def whole_months(cells: pa.Table) -> list[str]:
    """Months that were wholly observed: from that of the first posting, up to the last day seen."""
    first, last = pc.min(cells["posted_on"]).as_py(), pc.max(cells["last_seen_on"]).as_py()
    if first is None or last is None:
        return []
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    return [month for month in following(month_of(first), count) if end(month) <= last]


def boards_of(cells: pa.Table) -> list[str]:
    """The names of the boards, in order."""
    return sorted(pc.unique(cells["board"]).to_pylist())


def board_counts(
    cells: pa.Table, weights: np.ndarray, months: list[str], measure: str
) -> tuple[np.ndarray, list[int]]:
    """Ads by board and month, each with the weight of its cell (NaN while a board is not there), and ads by
    month: those posted in it (flow), or open at its end (stock)."""
    boards = boards_of(cells)
    board = pc.index_in(cells["board"], pa.array(boards)).to_numpy()
    n = cells["n"].to_numpy()
    posted, closed = _month(cells["posted_on"], months[0]), _month(cells["closed_on"], months[0])
    closed = np.where(closed == _NEVER, -1, closed)  # no day it was seen: in no stock
    counts, whole = np.zeros((len(boards), len(months))), []
    for i in range(len(months)):
        there = posted == i if measure == "flow" else (posted <= i) & (closed > i)
        counts[:, i] = np.bincount(board[there], (n * weights)[there], len(boards))
        whole.append(int(n[there].sum()))
    for i in range(len(boards)):
        alive = posted[(board == i) & (posted < len(months))]
        if not len(alive):
            counts[i] = np.nan
            continue
        counts[i, : alive.min()] = counts[i, alive.max() + 1 :] = np.nan
    return counts, whole


def _month(days: pa.ChunkedArray, first: str) -> NDArray[np.int64]:
    """Months since the first one; _NEVER where no day is told."""
    months = pc.add(pc.multiply(pc.year(days), 12), pc.month(days))
    begin = 12 * int(first[:4]) + int(first[5:])
    return np.asarray(pc.fill_null(pc.subtract(months, begin), _NEVER).to_numpy())


def last_alarms(cells: pa.Table) -> Iterator[Alarm]:
    """Boards that were silent, or far below what they and the others let expect, in the last whole
    month: whether they closed, changed their pages or refuse us, someone must look."""
    for _, surveyed in by_survey(cells):
        months = whole_months(surveyed)
        if len(months) < 2:
            continue
        counts, _ = board_counts(surveyed, np.ones(surveyed.num_rows), months, "flow")
        for row in counts:
            known = np.flatnonzero(np.isfinite(row))
            if known.size:
                row[known[-1] + 1 :] = 0  # gone is silent, not unknown
        for alarm in alarms(counts, boards_of(surveyed), months):
            if alarm.period == months[-1]:
                yield alarm
