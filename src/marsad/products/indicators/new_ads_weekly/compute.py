"""New ads by week: as counted, and adjusted for weekdays, feasts and the time of the year."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.products.ad_errors import with_interval
from marsad.products.statistics.daily import adjust_daily
from marsad.products.tabular import Tables, openings, reference_days

WEEK = 7


def compute(tables: Tables) -> Iterator[Row]:
    """Two rows for each survey and whole ISO week: N as counted, Y adjusted from the days; only N
    where the days are too few to adjust."""
    ads = openings(tables)
    last = reference_days(ads)
    days: dict[str, Counter[dt.date]] = defaultdict(Counter)
    for ad in ads:
        if ad["posted_on"] is not None:
            days[ad["survey"]][ad["posted_on"]] += 1
    for survey, counts in days.items():
        first = min(counts)
        first += dt.timedelta(days=-first.weekday() % WEEK)  # the first Monday
        whole = (last.get(survey, max(counts)) - first).days + 1
        size = whole // WEEK * WEEK
        every = [first + dt.timedelta(days=i) for i in range(size)]
        values = np.array([counts[day] for day in every], dtype=float)
        yield from with_interval(_weeks(survey, "N", every, values, values), tables)
        try:
            adjustment = adjust_daily(values, first)
        except InputError:  # too few days
            continue
        yield from _weeks(survey, "Y", every, adjustment.adjusted, values)


def _weeks(
    survey: str, adjustment: str, days: list[dt.date], values: np.ndarray, counts: np.ndarray
) -> Iterator[Row]:
    for i in range(0, len(days), WEEK):
        year, week, _ = days[i].isocalendar()
        yield {
            "survey": survey,
            "period": f"{year}-W{week:02d}",
            "area": "MA",
            "adjustment": adjustment,
            "value": float(values[i : i + WEEK].sum()),
            "n": int(counts[i : i + WEEK].sum()),
            "obs_status": "A" if adjustment == "N" else "E",
            "synthetic": survey == "ADS_SYNTHETIC",
        }
