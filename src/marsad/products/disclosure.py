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
_ADDITIVE = {"NB", "RT"}  # counts, and counts over a published denominator


def _suppress(row: Row, why: str) -> None:
    # The note goes too: an indicator may tell the count in words.
    row.update(
        value=None, lower=None, upper=None, n=None, note="", obs_status=SUPPRESSED, conf_status=why
    )


def _lines(rows: Sequence[Row], closed: str) -> Iterator[list[Row]]:
    """Sets of cells that add up along one dimension: to a published total, or to 100 %."""
    fixed = ("period", "vintage", *DIMENSIONS)
    for free in (closed,) if closed else DIMENSIONS:
        if free in {"freq", "survey"}:
            continue
        lines: dict[tuple[object, ...], list[Row]] = defaultdict(list)
        for row in rows:
            lines[tuple(row[d] for d in fixed if d != free)].append(row)
        total = _TOTALS.get(free, TOTAL)
        yield from (
            cells
            for cells in lines.values()
            if len(cells) > 1 and (closed or any(c[free] == total for c in cells))
        )


def _second(rows: Sequence[Row], closed: str) -> bool:
    """Suppress the smallest open cell of each line with exactly one suppressed; whether any was."""
    changed = False
    for cells in _lines(rows, closed):
        if sum(c["obs_status"] == SUPPRESSED for c in cells) == 1:
            open_cells = [c for c in cells if c["obs_status"] != SUPPRESSED and c["n"] is not None]
            if open_cells:
                _suppress(min(open_cells, key=_size), "D")
                changed = True
    return changed


def _size(row: Row) -> tuple[object, ...]:
    """The units that a cell rests on, then its key."""
    return row["n"] if row.get("part") is None else row["part"], *(row[d] for d in DIMENSIONS)


def protect(indicator: Indicator, rows: Sequence[Row]) -> list[Row]:
    """The rows as they may be published. `n` is the number of units behind each value, and `part`,
    for a share, the number of those it counts (never published).

    Figures that their producers published (`rule: published`) pass as they are.
    """
    safe = [dict(row) for row in rows]
    if indicator.disclosure.rule == "published":
        return safe
    rule = indicator.disclosure
    for row in safe:
        few = row["n"] is not None and 0 < row["n"] < rule.minimum
        part = row.get("part")
        if few or (part is not None and min(part, row["n"] - part) < rule.least_part):
            _suppress(row, "A")
    if indicator.unit in _ADDITIVE or rule.closed:
        while _second(safe, rule.closed):
            pass
    return [{k: v for k, v in row.items() if k != "part"} for row in safe]
