"""New ads by week: as counted, and adjusted for weekdays, feasts and the time of the year."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.products.statistics.daily import adjust_daily
from marsad.products.tabular import Tables, broken_periods, counts, posted_in_windows, with_chance
from marsad.products.windows import merged

WEEK = 7


def compute(tables: Tables) -> Iterator[Row]:
    """Two rows for each survey and whole ISO week that was observed: N as counted, Y adjusted from the
    days; only N where the days of a window are too few to adjust. A week that no board was observed in
    has no value; the first one after it, or with other boards, has the status B."""
    cells, windows = posted_in_windows(tables)
    days: dict[str, Counter[dt.date]] = defaultdict(Counter)
    for row in counts(cells, "survey", "posted_on"):
        days[row["survey"]][row["posted_on"]] = row["n"]
    rows = [
        row
        for survey, ads in days.items()
        for window in merged(span for spans in windows[survey].values() for span in spans)
        for row in _window(survey, ads, window)
    ]
    broken = broken_periods(windows, {(row["survey"], row["period"]) for row in rows})
    for row in rows:
        yield {**row, "obs_status": "B"} if (row["survey"], row["period"]) in broken else row


def _window(survey: str, ads: Counter[dt.date], window: tuple[dt.date, dt.date]) -> Iterator[Row]:
    first = window[0] + dt.timedelta(days=-window[0].weekday() % WEEK)  # the first Monday
    size = ((window[1] - first).days + 1) // WEEK * WEEK
    every = [first + dt.timedelta(days=i) for i in range(size)]
    values = np.array([ads[day] for day in every], dtype=float)
    yield from map(with_chance, _weeks(survey, "N", every, values, values))
    try:
        adjustment = adjust_daily(values, first)
    except InputError:  # too few days
        return
    yield from _weeks(survey, "Y", every, adjustment.adjusted, values)


def _weeks(
    survey: str, adjustment: str, days: list[dt.date], values: np.ndarray, ads: np.ndarray
) -> Iterator[Row]:
    for i in range(0, len(days), WEEK):
        year, week, _ = days[i].isocalendar()
        yield {
            "survey": survey,
            "period": f"{year}-W{week:02d}",
            "area": "MA",
            "adjustment": adjustment,
            "value": float(values[i : i + WEEK].sum()),
            "n": int(ads[i : i + WEEK].sum()),
            "obs_status": "A" if adjustment == "N" else "E",
            "synthetic": survey == "ADS_SYNTHETIC",
        }
