"""The gate: no indicator's rows reach a release except through `protect`.

Counts of ads and of people below the indicator's minimum are suppressed. So that a suppressed cell
cannot be computed from a total and the cells beside it, a line with a single suppressed cell loses
its next smallest one too, until no such line is left (Hundepool et al. 2012, Statistical Disclosure
Control, ch. 4: primary and secondary suppression, one-line protection). Shares and medians resting
on fewer units than the minimum are suppressed alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from marsad.base.areas import COUNTRY
from marsad.base.codes import TOTAL
from marsad.products.declare import DIMENSIONS, Indicator

Row = dict[str, Any]
SUPPRESSED = "Q"
_TOTALS = {"area": COUNTRY}


def _suppress(row: Row) -> None:
    row.update(value=None, lower=None, upper=None, n=None, obs_status=SUPPRESSED)


def _lines(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Sets of cells that add up to one published total along one dimension."""
    fixed = ("period", "vintage", *DIMENSIONS)
    for free in DIMENSIONS:
        if free in {"freq", "survey"}:
            continue
        lines: dict[tuple[object, ...], list[Row]] = defaultdict(list)
        for row in rows:
            lines[tuple(row[d] for d in fixed if d != free)].append(row)
        total = _TOTALS.get(free, TOTAL)
        yield from (
            cells
            for cells in lines.values()
            if len(cells) > 1 and any(c[free] == total for c in cells)
        )


def _second(rows: Sequence[Row]) -> bool:
    """Suppress the smallest open cell of each line with exactly one suppressed; whether any was."""
    changed = False
    for cells in _lines(rows):
        if sum(c["obs_status"] == SUPPRESSED for c in cells) == 1:
            open_cells = [c for c in cells if c["obs_status"] != SUPPRESSED and c["n"] is not None]
            if open_cells:
                _suppress(min(open_cells, key=lambda c: (c["n"], tuple(c[d] for d in DIMENSIONS))))
                changed = True
    return changed


def protect(indicator: Indicator, rows: Sequence[Row]) -> list[Row]:
    """The rows as they may be published. `n` is the number of units behind each value.

    Figures that their producers published (`rule: published`) pass as they are.
    """
    safe = [dict(row) for row in rows]
    if indicator.disclosure.rule == "published":
        return safe
    for row in safe:
        if row["n"] is not None and 0 < row["n"] < indicator.disclosure.minimum:
            _suppress(row)
    if indicator.unit == "NB":
        while _second(safe):
            pass
    return safe
