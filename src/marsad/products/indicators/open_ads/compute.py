"""Open ads: openings posted and not yet closed on the last day of each month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.periods import end
from marsad.base.records import Row
from marsad.products.tabular import (
    Tables,
    areas_of,
    closed_on,
    coded_groups,
    counted,
    openings,
)
from marsad.products.windows import Board, board_of, months_between, observed, read_windows


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, month whose end a board was observed at, area and occupation group with
    at least one open ad of a board that was observed then."""
    ads = openings(tables)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    windows = read_windows(ads)
    for ad in ads:
        closed, began = closed_on(ad), ad["posted_on"] or ad["first_seen_on"]
        if closed is None or began is None or ad["last_seen_on"] is None:
            continue
        for first, last in windows[board_of(ad)]:
            for month in months_between(max(first, began), min(last, closed)):
                for area, group in product(areas_of(ad["region"]), coded_groups(ad["isco08"])):
                    counts[ad["survey"], month, area, group] += 1
    broken = _broken(ads, {(survey, month) for survey, month, _, _ in counts})
    for row in counted(counts):
        yield {**row, "obs_status": "B" if (row["survey"], row["period"]) in broken else "A"}


def _broken(ads: list[Row], published: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The months at whose end other boards were observed than at that of the month before."""
    broken = set()
    for survey in {survey for survey, _ in published}:
        windows = read_windows(ad for ad in ads if ad["survey"] == survey)
        at_end = {m: end(m) for s, m in published if s == survey}
        before: frozenset[Board] | None = None
        for month in sorted(at_end):
            boards = observed(windows, at_end[month], at_end[month])
            if before is not None and boards != before:
                broken.add((survey, month))
            before = boards
    return broken
