"""Open ads: openings posted and not yet closed on the last day of each month, on some board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.periods import end, start
from marsad.base.records import Row
from marsad.products.tabular import Tables, areas_of, coded_groups, counted
from marsad.products.windows import Board, observed, read_windows


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, month whose end a board was observed at, area and occupation group with
    at least one open ad of a board that was observed then; provisional (P), with how many boards are in it,
    where others were observed in the month but not at its end."""
    numbers: Counter[tuple[str, str, str, str]] = Counter()
    readings = tables["core_ad_readings"].to_pylist()
    for row in tables["core_ad_stocks"].to_pylist():
        month = f"{row['open_on']:%Y-%m}"
        for area, group in product(areas_of(row["region"]), coded_groups(row["occupation"])):
            numbers[row["survey"], month, area, group] += row["n"]
    broken = _broken(readings, {(survey, month) for survey, month, _, _ in numbers})
    notes = _partial(readings, {(survey, month) for survey, month, _, _ in numbers})
    for row in counted(numbers):
        note = notes.get((row["survey"], row["period"]), "")
        status = "B" if (row["survey"], row["period"]) in broken else "P" if note else "A"
        yield {**row, "obs_status": status, "note": note}


def _partial(readings: list[Row], published: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Words for the months in which boards were observed that were not at its end."""
    notes = {}
    for survey in {survey for survey, _ in published}:
        windows = read_windows(row for row in readings if row["survey"] == survey)
        for month in (m for s, m in published if s == survey):
            within = observed(windows, start(month), end(month))
            at_end = observed(windows, end(month), end(month))
            if at_end != within:
                notes[survey, month] = (
                    f"{len(at_end)} of {len(within)} boards of the month were observed at its end"
                )
    return notes


def _broken(readings: list[Row], published: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The months at whose end other boards were observed than at that of the month before."""
    broken = set()
    for survey in {survey for survey, _ in published}:
        windows = read_windows(row for row in readings if row["survey"] == survey)
        at_end = {m: end(m) for s, m in published if s == survey}
        before: frozenset[Board] | None = None
        for month in sorted(at_end):
            boards = observed(windows, at_end[month], at_end[month])
            if before is not None and boards != before:
                broken.add((survey, month))
            before = boards
    return broken
