"""What is known of ads in time: when each board was observed, and what that says of an ad.

A board is observed in windows: the days on which it was read, joined where no more than GAP lies
between them. An ad is open on a day only if a window shows it. Seen no more by a board that is read
on for a week, it is closed; by a board that is no longer read, nothing is known. A period in which no board was
observed has no value, for missing is not zero; where the observed boards change, the series breaks.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from marsad.base import readings
from marsad.base.periods import end, following, start
from marsad.base.records import Row

GAP, FRESH, LEAD = (dt.timedelta(days=n) for n in (readings.GAP, readings.FRESH, readings.LEAD))
OPEN, CLOSED, UNKNOWN = "open", "closed", "unknown"
Board = tuple[str, str]
Window = tuple[dt.date, dt.date]
Windows = Mapping[Board, Sequence[Window]]


def board_of(row: Row) -> Board:
    """The board of an ad or a cell of ads: its source and name."""
    return row["source_id"], row["board"]


def joined(days: Iterable[dt.date]) -> list[Window]:
    """Windows from days, in order."""
    windows: list[Window] = []
    for day in sorted(set(days)):
        if windows and day - windows[-1][1] <= GAP:
            windows[-1] = (windows[-1][0], day)
        else:
            windows.append((day, day))
    return windows


def read_windows(read: Iterable[Row]) -> dict[Board, list[Window]]:
    """When each board was read, by the days on which its ads were first and last seen: rows of
    core_ad_readings."""
    days: dict[Board, set[dt.date]] = defaultdict(set)
    for row in read:
        if row["seen_on"] is not None:
            days[board_of(row)].add(row["seen_on"])
    return {board: joined(dates) for board, dates in days.items()}


def posting_windows(read: Iterable[Row], posted: Iterable[Row]) -> dict[Board, list[Window]]:
    """When what each board published can be known: while it was read, and from the first day of posting
    that its ads bear in the LEAD before, of which most still stand; of a board whose days of reading
    nobody told, the window that most of its ads bear. Older ads that a board still shows are survivors:
    they do not tell what was posted then. `read` are rows of core_ad_readings, `posted` the ads `n` of each
    board by `posted_on`."""
    days: dict[Board, Counter[dt.date]] = defaultdict(Counter)
    for row in posted:
        days[board_of(row)][row["posted_on"]] += row["n"]
    windows = {
        board: merged((_lead(first, days[board]), last) for first, last in spans)
        for board, spans in read_windows(read).items()
    }
    return {board: [_fullest(ads)] for board, ads in days.items() if ads} | windows


def _lead(first: dt.date, posted: Iterable[dt.date]) -> dt.date:
    """Since when what a board posted before it was read still stands."""
    return min((day for day in posted if first - LEAD <= day < first), default=first)


def _fullest(posted: Mapping[dt.date, int]) -> Window:
    """The window that holds most of the ads posted on these days."""
    return max(
        joined(posted),
        key=lambda window: sum(n for day, n in posted.items() if within(day, [window])),
    )


def merged(windows: Iterable[Window]) -> list[Window]:
    """Windows in order, those that overlap as one."""
    made: list[Window] = []
    for first, last in sorted(windows):
        if made and first <= made[-1][1]:
            made[-1] = (made[-1][0], max(last, made[-1][1]))
        else:
            made.append((first, last))
    return made


def within(day: dt.date, spans: Sequence[Window]) -> bool:
    """Whether a day lies in one of the windows."""
    return any(first <= day <= last for first, last in spans)


def whole(windows: Windows, period: str) -> bool:
    """Whether some board was observed from the first to the last day of a period."""
    first, last = start(period), end(period)
    return any(a <= first and last <= b for spans in windows.values() for a, b in spans)


def observed(windows: Windows, first: dt.date, last: dt.date) -> frozenset[Board]:
    """The boards that were observed on some day from `first` to `last`."""
    return frozenset(
        board for board, spans in windows.items() if any(a <= last and first <= b for a, b in spans)
    )


def breaks(windows: Windows, periods: Iterable[str]) -> set[str]:
    """The periods that may not be compared with the one before them in a series: other boards were
    observed, or a period between them has no value."""
    broken, before, boards = set(), "", frozenset[Board]()
    for period in sorted(periods):
        now = observed(windows, start(period), end(period))
        if before and (now != boards or start(period) - end(before) > dt.timedelta(days=1)):
            broken.add(period)
        before, boards = period, now
    return broken


def months_between(first: dt.date, last: dt.date) -> list[str]:
    """The months that end from `first` to `last`."""
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    return [m for m in following(f"{first:%Y-%m}", count) if first <= end(m) <= last]


def state(ad: Row, read_to: dt.date | None, reference: dt.date) -> str:
    """Whether an ad is OPEN or CLOSED on the reference day, or UNKNOWN; `read_to` is the last day on
    which its board was read. Open is what that last reading shows, as the indicator `open_ads` counts
    it; of what was seen in the week before and not then it is not known, for a reading may be partial."""
    if ad["ended_on"] is not None or (
        ad["deadline_on"] is not None and ad["deadline_on"] < reference
    ):
        return CLOSED
    if ad["last_seen_on"] is None or read_to is None:
        return UNKNOWN
    if ad["last_seen_on"] < read_to - FRESH:
        return CLOSED
    shown = ad["last_seen_on"] >= read_to and reference - read_to <= FRESH
    return OPEN if shown else UNKNOWN
