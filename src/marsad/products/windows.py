"""What is known of ads in time: when each board was observed, and what that says of an ad.

A board is observed in windows: the days on which it was read, joined where no more than GAP lies
between them. An ad is open on a day only if a window shows it. Seen no more by a board that is read
on for a week, it is closed; by a board that is no longer read, nothing is known. A period in which no board was
observed has no value, for missing is not zero; where the observed boards change, the series breaks.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from marsad.base.periods import end, following, start
from marsad.base.records import Row

GAP, FRESH, LEAD = (dt.timedelta(days=n) for n in (14, 7, 31))
"""Between two days of one window, at most; since a board was last read, for its ads to be open; before
it was read first, for what was posted to be still there."""
OPEN, CLOSED, UNKNOWN = "open", "closed", "unknown"
Board = tuple[str, str]
Window = tuple[dt.date, dt.date]
Windows = Mapping[Board, Sequence[Window]]


def board_of(ad: Row) -> Board:
    """The board of an ad: its source and name."""
    return ad["source_id"], ad["board"]


def joined(days: Iterable[dt.date]) -> list[Window]:
    """Windows from days, in order."""
    windows: list[Window] = []
    for day in sorted(set(days)):
        if windows and day - windows[-1][1] <= GAP:
            windows[-1] = (windows[-1][0], day)
        else:
            windows.append((day, day))
    return windows


def read_days(ads: Iterable[Row]) -> dict[Board, list[dt.date]]:
    """The days on which each board is known to have been read, in order."""
    days: dict[Board, set[dt.date]] = defaultdict(set)
    for ad in ads:
        days[board_of(ad)].update(d for d in (ad["first_seen_on"], ad["last_seen_on"]) if d)
    return {board: sorted(dates) for board, dates in days.items() if dates}


def next_reading(day: dt.date, days: Sequence[dt.date]) -> dt.date:
    """The first of the days on which a board was read, in order, after a day; IndexError: there is none."""
    return days[bisect_right(days, day)]


def read_windows(ads: Iterable[Row]) -> dict[Board, list[Window]]:
    """When each board was read, by the days on which its ads were first and last seen."""
    return {board: joined(days) for board, days in read_days(ads).items()}


def posting_windows(ads: Iterable[Row]) -> dict[Board, list[Window]]:
    """When what each board published can be known: while it was read, and from the first day of posting
    that its ads bear in the LEAD before, of which most still stand; of a board whose days of reading
    nobody told, the window that most of its ads bear. Older ads that a board still shows are survivors:
    they do not tell what was posted then."""
    rows = list(ads)
    posted: dict[Board, list[dt.date]] = defaultdict(list)
    for ad in rows:
        if ad["posted_on"] is not None:
            posted[board_of(ad)].append(ad["posted_on"])
    read = {
        board: merged((_lead(first, posted[board]), last) for first, last in spans)
        for board, spans in read_windows(rows).items()
    }
    return {board: [_fullest(days)] for board, days in posted.items() if days} | read


def _lead(first: dt.date, posted: Sequence[dt.date]) -> dt.date:
    """Since when what a board posted before it was read still stands."""
    return min((day for day in posted if first - LEAD <= day < first), default=first)


def _fullest(days: Sequence[dt.date]) -> Window:
    """The window that holds most of these days."""
    return max(joined(days), key=lambda window: sum(within(day, [window]) for day in days))


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
    if ad["deadline_on"] is not None and ad["deadline_on"] < reference:
        return CLOSED
    if ad["last_seen_on"] is None or read_to is None:
        return UNKNOWN
    if ad["last_seen_on"] < read_to - FRESH:
        return CLOSED
    shown = ad["last_seen_on"] >= read_to and reference - read_to <= FRESH
    return OPEN if shown else UNKNOWN
