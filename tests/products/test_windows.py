"""What is known of ads in time: an ad is open only where its board shows it; what was not observed has
no value."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marsad.products.windows import (
    CLOSED,
    FRESH,
    GAP,
    OPEN,
    UNKNOWN,
    breaks,
    joined,
    months_between,
    posting_windows,
    state,
)

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
DAY = dt.timedelta(days=1)


def ad(**days: dt.date | None) -> dict[str, dt.date | str | None]:
    blank = dict.fromkeys(("posted_on", "deadline_on", "first_seen_on", "last_seen_on", "ended_on"))
    return {"source_id": "s", "board": "b", **blank, **days}


@given(st.lists(DAYS, min_size=1, max_size=60))
def test_windows_hold_every_day_once_and_are_far_apart(days: list[dt.date]) -> None:
    windows = joined(days)
    assert all(sum(a <= day <= b for a, b in windows) == 1 for day in days)
    assert {day for window in windows for day in window} <= set(days)
    assert all(b[0] - a[1] > GAP for a, b in pairwise(windows))
    assert windows == joined(reversed(days))


@given(st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, DAYS)
def test_an_ad_is_open_only_where_a_fresh_window_shows_it(
    seen: dt.date | None, deadline: dt.date | None, read_to: dt.date | None, today: dt.date
) -> None:
    known = state(ad(last_seen_on=seen, deadline_on=deadline), read_to, today)
    past = deadline is not None and deadline < today
    if past:
        assert known == CLOSED
    elif seen is None or read_to is None:
        assert known == UNKNOWN
    elif known == OPEN:
        assert seen >= read_to - FRESH
        assert today - read_to <= FRESH
    elif known == CLOSED:
        assert read_to > seen + FRESH
    else:
        assert today > read_to + FRESH


def test_an_ad_without_a_day_is_never_open() -> None:
    assert state(ad(), dt.date(2026, 11, 29), dt.date(2026, 11, 29)) == UNKNOWN


def test_a_series_breaks_where_other_boards_are_observed_or_a_period_is_missing() -> None:
    def posted(board: str, *days: str) -> list[dict[str, Any]]:
        blank = {"source_id": "s", "board": board, "n": 1}
        return [{**blank, "posted_on": dt.date.fromisoformat(d)} for d in days]

    every_week = [f"2026-{m:02d}-{d:02d}" for m in (1, 2, 3, 4) for d in (1, 8, 15, 22, 28)]
    windows = posting_windows([], [*posted("a", *every_week), *posted("b", *every_week[10:])])
    assert breaks(windows, ["2026-01", "2026-02", "2026-03", "2026-04"]) == {"2026-03"}
    windows = posting_windows(
        [], posted("a", "2023-09-04", "2023-09-11", "2026-07-06", "2026-07-13")
    )
    assert breaks(windows, ["2023-09", "2026-07"]) == {"2026-07"}


@given(DAYS, DAYS)
def test_months_end_within_their_span(first: dt.date, last: dt.date) -> None:
    if first > last:
        assert months_between(first, last) == []
        return
    ends = {
        d for d in (first + i * DAY for i in range((last - first).days + 1)) if (d + DAY).day == 1
    }
    assert len(months_between(first, last)) == len(ends)
