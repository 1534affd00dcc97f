"""Vintages: which version of a value was the known one, and from when until when.

A version is known from the day its producer published it, as far as that is told, when the value
enters the history for the first time; afterwards from the release that changed it. So an answer
"as known on day D" never changes once a release has been made after D, except that older
publications found later are put in their place. Nothing is ever removed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

import pyarrow as pa
import pyarrow.compute as pc

from marsad.products.declare import DIMENSIONS

SUPERSEDED = ("first_release",)
"""Vintages, by name, that a later one of the same producer has replaced."""

UNDATED = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""Stands for a release so late that every date told is before it."""

KEY = ("indicator", *DIMENSIONS, "period")
DESCRIPTIVE = ("reliability", "verification")
"""What is said about a value: it may be said better later, and makes no new version."""

_STAMPS = ("valid_from", "valid_to", "recorded_at", "release")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_UTC = pa.timestamp("us", tz="UTC")


def published(source_date: str, release: dt.datetime) -> dt.datetime:
    """When a figure was published: the end of the day, month or year that `source_date` names,
    never later than the release that holds it; the release's own time when nothing is told."""
    match = _DATE.match(source_date)
    if match is None:
        return release
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        last = day or calendar.monthrange(year, month or 12)[1]
        published_at = dt.datetime(year, month or 12, last, 23, 59, 59, tzinfo=dt.UTC)
    except (ValueError, calendar.IllegalMonthError):
        return release
    return min(published_at, release)


def _joined(table: pa.Table, columns: tuple[str, ...]) -> pa.Array:
    """One text for each row, equal when all the columns are."""
    parts = [pc.fill_null(pc.cast(table[name], pa.string()), "\x00") for name in columns]
    joined = pc.binary_join_element_wise(*parts, "\x1f")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _contents(table: pa.Table) -> tuple[str, ...]:
    return tuple(name for name in table.column_names if name not in (*_STAMPS, *DESCRIPTIVE))


def _stamped(rows: pa.Table, release: dt.datetime, name: str, *, new: bool) -> pa.Table:
    """Rows with their times and release: known since their publication where they are `new`."""
    dates = rows["source_date"].to_pylist()
    times_by_date = {date: published(date, release) for date in set(dates)} if new else {}
    since = [times_by_date.get(date, release) for date in dates]
    return (
        rows.append_column("valid_from", pa.array(since, _UTC))
        .append_column("valid_to", pa.nulls(rows.num_rows, _UTC))
        .append_column("recorded_at", pa.array([release] * rows.num_rows, _UTC))
        .append_column("release", pa.array([name] * rows.num_rows, pa.string()))
    )


def _closed(history: pa.Table, gone: pa.Array, release: dt.datetime) -> pa.Table:
    """The history with the versions `gone` closed at this release."""
    now = pa.scalar(release, _UTC)
    for name in ("valid_to", "recorded_at"):
        place = history.column_names.index(name)
        history = history.set_column(place, name, pc.if_else(gone, now, history[name]))
    return history


def _described(history: pa.Table, values: pa.Table, contents: tuple[str, ...]) -> pa.Table:
    """The history in which what stands is described as the values of this release are."""
    place = pc.index_in(_joined(history, contents), _joined(values, contents))
    for name in DESCRIPTIVE:
        now = pc.take(values[name].combine_chunks(), place)
        at = history.column_names.index(name)
        history = history.set_column(at, name, pc.coalesce(now, history[name]))
    return history


def _replaced(rows: pa.Table, old: pa.Array, release: dt.datetime) -> pa.Table:
    """Superseded versions closed when the version after them was published; where that is not held
    here, a year after their own publication: HCP's note of a period says again, revised, the figure
    of the year before."""
    keys, since = _joined(rows, KEY), rows["valid_from"].combine_chunks()
    later = rows.filter(pc.invert(old))
    place = pc.index_in(keys, _joined(later, KEY))
    after = pc.take(later["valid_from"].combine_chunks(), place)
    year_on = pc.add(since, pa.scalar(dt.timedelta(days=365)))
    gone = pc.if_else(pc.less_equal(year_on, pa.scalar(release, _UTC)), year_on, None)
    closing = pc.if_else(
        old,
        pc.if_else(pc.is_valid(after), pc.if_else(pc.greater(after, since), after, since), gone),
        None,
    )
    column = rows.column_names.index("valid_to")
    return rows.set_column(column, "valid_to", pc.coalesce(rows["valid_to"], closing))


def merge(history: pa.Table, values: pa.Table, release: dt.datetime, name: str = "") -> pa.Table:
    """The history of one indicator after the release `name` at `release` (UTC) with these values.

    `history` is table out_history (or empty), `values` table out_values. A version that stands
    unchanged stays; one that changed or went is closed at the release; a new one is opened.
    """
    contents = _contents(values)
    history = _described(history, values, contents)
    old = pc.is_in(values["vintage"], pa.array(SUPERSEDED))
    text = _joined(values, contents)
    open_now = history.filter(pc.is_null(history["valid_to"]))
    stands = pc.is_in(text, _joined(open_now, contents))
    unchanged = pc.if_else(old, pc.is_in(text, _joined(history, contents)), stands)
    entering = values.filter(pc.invert(unchanged))
    unknown = pc.invert(pc.is_in(_joined(entering, KEY), _joined(open_now, KEY)))
    late = pc.or_(unknown, pc.is_in(entering["vintage"], pa.array(SUPERSEDED)))
    fresh = pa.concat_tables(
        _stamped(entering.filter(mask), release, name, new=new)
        for mask, new in ((late, True), (pc.invert(late), False))
    )
    gone = pc.and_(
        pc.is_null(history["valid_to"]),
        pc.invert(pc.is_in(_joined(history, contents), text)),
    )
    fresh = fresh.select(history.column_names).cast(history.schema)
    every = pa.concat_tables([_closed(history, gone, release).cast(history.schema), fresh])
    return _replaced(every, pc.is_in(every["vintage"], pa.array(SUPERSEDED)), release).cast(
        history.schema
    )
