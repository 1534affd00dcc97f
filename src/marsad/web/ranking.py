"""Areas in order of a figure, each with the ranks that it may truly hold.

Two areas are told apart when their figures differ by more than their intervals allow (the half-widths
in quadrature). Where a survey publishes no interval, how far areas move in a year stands for it: a move
and a difference of two areas both hold the chance of two estimates. Real change is in it too, so the
band is rather too wide than too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import median

from marsad.base.periods import start
from marsad.publish.read.model import Break, Value
from marsad.publish.read.trust import is_firm

_NORMAL = 1.959964 / 0.674490  # 95 % of a normal law lie within so many times its middle deviation
_ROUNDING = 1e-9  # figures that lie exactly as far apart as they may are not told apart


def typical_move(rows: Sequence[Value], breaks: Sequence[Break]) -> float | None:
    """The middle of the absolute changes of areas in a year, none of them across a break; None where
    no area has two years."""
    known = {(row.area, row.period): row.value for row in rows if row.value is not None}
    days = [start(series_break.period) for series_break in breaks]
    moves = []
    for (area, period), value in known.items():
        earlier = f"{int(period[:4]) - 1:04d}{period[4:]}"
        before = known.get((area, earlier))
        if before is not None and not any(start(earlier) < d <= start(period) for d in days):
            moves.append(abs(value - before))
    return median(moves) if moves else None


def band(rows: Sequence[Value], move: float | None) -> float:
    """How far two areas must be apart at 95 % where they have no interval; 0 for firm figures."""
    return 0.0 if move is None or all(map(is_firm, rows)) else _NORMAL * move


def rank_spans(rows: Mapping[str, Value], apart: float) -> Mapping[str, tuple[int, int]]:
    """The first and last rank that each code may hold among `rows`, which all have a value."""
    placed = tuple((row.value or 0.0, _half(row)) for row in rows.values())
    return dict(zip(rows, _spans(placed, apart)))


@lru_cache(maxsize=256)
def _spans(
    placed: tuple[tuple[float, float | None], ...], apart: float
) -> tuple[tuple[int, int], ...]:
    """`rank_spans` of values and half their intervals: the same for a page in each language."""
    spans = []
    for value, half in placed:
        above = below = 0
        for other, other_half in placed:
            known = half is not None and other_half is not None
            least = (math.hypot(half, other_half) if known else apart) + _ROUNDING  # type: ignore[arg-type]
            above += other - value > least
            below += other - value < -least
        spans.append((above + 1, len(placed) - below))
    return tuple(spans)


def _half(row: Value) -> float | None:
    if row.lower is None or row.upper is None:
        return None
    return (row.upper - row.lower) / 2
