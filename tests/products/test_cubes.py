"""Cubes that the engine counts against plain counting, ad by ad."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, NamedTuple

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from cubes import cube, inputs
from marsad.base.periods import end, month_of
from marsad.products import run
from marsad.products.declare import indicator
from marsad.products.windows import FRESH, GAP, LEAD

Ad = dict[str, Any]
DAY, FIRST = dt.timedelta(days=1), dt.date(2025, 12, 1)
days = st.integers(0, 120).map(lambda n: FIRST + n * DAY)


@st.composite
def ads(draw: st.DrawFn) -> Ad:
    """An ad of one of two boards: days of its life in order, any of them unknown."""
    posted, first, last = sorted(draw(st.lists(days, min_size=3, max_size=3)))
    known = draw(st.booleans())
    return {
        "posted_on": draw(st.sampled_from((posted, posted, None))),
        "first_seen_on": draw(st.sampled_from((first, first, posted))) if known else None,
        "last_seen_on": last if known else None,
        "deadline_on": draw(st.none() | days),
        "board": draw(st.sampled_from("ab")),
        "region": draw(st.sampled_from(("MA-01", "MA-06", ""))),
        "isco08": draw(st.sampled_from(("7212", "2411", ""))),
        "ended_on": draw(st.sampled_from((None, None, last))) if known else None,
        "copy_of": draw(st.sampled_from((None, None, None, 0, 1, 2))),
        "country": draw(st.sampled_from(("MA", "MA", "MA", "FR"))),
        "synthetic": draw(st.sampled_from((False, False, True))),
    }


def joined(rows: list[Ad]) -> list[Ad]:
    """The ads with keys, and each copy with the opening that it is of, among those of its realm."""
    made = [{"is_canonical": True, "cluster": f"{i:03}", **ad, "ad_key": f"{i:03}", "ad_id": f"{i:03}"} for i, ad in enumerate(rows)]  # fmt: skip
    for ad in made:
        place = ad.pop("copy_of", None)
        if place is not None:
            first = [a for a in made if a.get("copy_of") is None and a["synthetic"] == ad["synthetic"] and a["is_canonical"]]  # fmt: skip
            if place < len(first) and first[place] is not ad:
                ad |= {"is_canonical": False, "cluster": first[place]["ad_key"]}
    heads = {ad["ad_key"] for ad in made if ad["is_canonical"]}
    for ad in made:  # a copy of what turned out to be a copy stands alone
        if ad["cluster"] not in heads:
            ad |= {"is_canonical": True, "cluster": ad["ad_key"]}
    return made


many = st.lists(ads(), min_size=1, max_size=25).map(joined)


def table_of(rows: list[Ad]) -> pa.Table:
    return run._filled("core_ads", rows)


def national(name: str, rows: list[Ad]) -> dict[tuple[str, str], float]:
    """What an indicator gives for the country and all occupations, by survey and period."""
    made = run.compute(indicator(name), inputs(name, {"core_ads": table_of(rows)}))
    whole = (row for row in made if (row["area"], row["occupation"]) == ("MA", "_T"))
    return {(row["survey"], row["period"]): row["n"] for row in whole}


def counted(rows: list[Ad]) -> list[tuple[str, Ad]]:
    return [
        ("ADS_SYNTHETIC" if ad["synthetic"] else "ADS", ad)
        for ad in rows
        if ad["is_canonical"] and ad["country"] == "MA"
    ]


def stays(rows: list[Ad], opening: Ad) -> list[Ad]:
    """The ads of an opening, whatever country each names."""
    return [ad for ad in rows if ad["cluster"] == opening["ad_key"]]


def readings(rows: list[Ad], opening: Ad, board: str) -> list[dt.date]:
    """The days on which a board was read, by its ads of the opening's realm."""
    seen = {
        ad[name]
        for ad in rows
        if ad["board"] == board
        and ad["country"] == "MA"
        and ad["synthetic"] == opening["synthetic"]
        for name in ("first_seen_on", "last_seen_on", "ended_on")
    }
    return sorted(seen - {None})


def spans(read: list[dt.date]) -> list[tuple[dt.date, dt.date]]:
    made: list[tuple[dt.date, dt.date]] = []
    for day in read:
        last = made.pop() if made and day - made[-1][1] <= GAP else (day, day)
        made.append((last[0], day))
    return made


@settings(max_examples=60, deadline=None)
@given(many)
def test_new_ads_are_those_posted_while_their_board_was_read(rows: list[Ad]) -> None:
    plain: Counter[tuple[str, str]] = Counter()
    for survey, ad in counted(rows):
        own = [a for s, a in counted(rows) if s == survey and a["board"] == ad["board"]]
        posted = [a["posted_on"] for a in own if a["posted_on"]]
        windows = [
            (min([day for day in posted if a - LEAD <= day < a], default=a), b)
            for a, b in spans(readings(rows, ad, ad["board"]))
        ]
        if not windows and posted:
            held = spans(sorted(posted))
            windows = [max(held, key=lambda w: sum(w[0] <= day <= w[1] for day in posted))]
        day = ad["posted_on"]
        if day and any(a <= day <= b for a, b in windows):
            plain[survey, month_of(day)] += 1
            plain[survey, str(day.year)] += 1
    assert national("new_ads", rows) == plain


def is_open(ad: Ad, day: dt.date, windows: list[tuple[dt.date, dt.date]]) -> bool:
    began, last = ad["posted_on"] or ad["first_seen_on"], ad["last_seen_on"]
    if began is None or last is None:
        return False
    closed = min(day for day in (last, ad["deadline_on"]) if day)
    return bool(began <= day <= closed) and any(a <= day <= b for a, b in windows)


@settings(max_examples=60, deadline=None)
@given(many)
def test_open_ads_are_those_that_a_window_shows_at_the_end_of_a_month(rows: list[Ad]) -> None:
    plain: Counter[tuple[str, str]] = Counter()
    for survey, opening in counted(rows):
        for month in ("2025-12", "2026-01", "2026-02", "2026-03", "2026-04"):
            if any(is_open(ad, end(month), spans(readings(rows, opening, ad["board"]))) for ad in stays(rows, opening)):  # fmt: skip
                plain[survey, month] += 1
    assert national("open_ads", rows) == plain


class Stay(NamedTuple):
    """What one ad of an opening tells: since when, to when it was open, until when that is known, and the
    last day it can have been (None: not known to have closed)."""

    seen: dt.date
    ends: dt.date
    until: dt.date
    horizon: dt.date
    closed: dt.date | None


def stay(ad: Ad, posted: dt.date, read: list[dt.date]) -> Stay | None:
    first, last, ended = ad["first_seen_on"], ad["last_seen_on"], ad["ended_on"]
    if first is None or last is None or last not in read or last < max(first, posted):
        return None
    seen, horizon = max(first, posted), read[-1] - FRESH
    following = min((day for day in read if day > last), default=None)
    if ended:
        closed = min(ended, following - DAY) if following else ended
        return Stay(seen, last, last, max(horizon, last), closed)
    closed = following - DAY if following and last <= horizon else None
    return Stay(seen, min(last, horizon + DAY), min(last, horizon), horizon, closed)


def spell(of: list[Stay], posted: dt.date, year: int) -> tuple[int, int | None, int] | None:
    """What a year tells of an opening, in days since posting."""
    seen, ends, until, horizon = min(s.seen for s in of), max(s.ends for s in of), max(s.until for s in of), max(s.horizon for s in of)  # fmt: skip
    if seen > posted + LEAD or seen > horizon or not seen.year <= year <= until.year:
        return None
    every = [s.closed for s in of]
    closed = None if None in every else max(day for day in every if day)
    last_day = dt.date(year, 12, 31)
    known = closed is not None and closed <= last_day
    entered, last = max(seen, dt.date(year, 1, 1)), min(ends, last_day + DAY)
    if not known and last <= entered:
        return None
    edge = (closed - posted).days if known and closed else None
    return (last - posted).days, edge, (entered - posted).days


@settings(max_examples=150, deadline=None)
@given(many)
def test_spells_are_what_each_year_tells_of_each_opening(rows: list[Ad]) -> None:
    plain: Counter[tuple[Any, ...]] = Counter()
    for survey, opening in counted(rows):
        posted = opening["posted_on"]
        if posted is None:
            continue
        each = (
            stay(ad, posted, readings(rows, opening, ad["board"])) for ad in stays(rows, opening)
        )
        known = [s for s in each if s]
        for year in (2025, 2026) if known else ():
            if days := spell(known, posted, year):
                plain[survey, year, opening["region"], opening["isco08"][:1], *days] += 1
    names = ("survey", "year", "region", "occupation", "last", "latest", "entered")
    cells = cube("core_ad_spells", {"core_ads": table_of(rows)}).to_pylist()
    assert {tuple(cell[name] for name in names): cell["n"] for cell in cells} == plain


@settings(max_examples=60, deadline=None)
@given(many, st.lists(st.sampled_from("xyz"), min_size=25, max_size=25))
def test_a_board_shows_one_ad_of_each_opening(rows: list[Ad], openings: list[str]) -> None:
    rows = [{**ad, "cluster": name} for ad, name in zip(rows, openings)]
    chosen: dict[tuple[str, str], Ad] = {}
    for ad in sorted(
        (ad for ad in rows if ad["country"] == "MA"), key=lambda ad: ad["is_canonical"]
    ):
        chosen.setdefault((ad["board"], ad["cluster"]), ad)
        if ad["is_canonical"]:
            chosen[ad["board"], ad["cluster"]] = ad
    cells = cube("core_ad_board_months", {"core_ads": table_of(rows)})
    plain = Counter(board for board, _ in chosen)
    made: Counter[str] = Counter()
    for cell in cells.to_pylist():
        made[cell["board"]] += cell["n"]
    assert made == plain


def test_a_month_that_a_board_did_not_see_to_its_end_is_provisional() -> None:
    """Board a was read on the last day of May, board b until the day before: one of two is in the count."""
    open_ad = {"posted_on": dt.date(2026, 5, 4), "first_seen_on": dt.date(2026, 5, 20)}
    rows = [
        {**open_ad, "ad_key": "a", "board": "a", "last_seen_on": dt.date(2026, 5, 31)},
        {**open_ad, "ad_key": "b", "board": "b", "last_seen_on": dt.date(2026, 5, 30)},
    ]
    made = run.compute(indicator("open_ads"), inputs("open_ads", {"core_ads": table_of(rows)}))
    whole = {(row["period"], row["n"], row["obs_status"], row["note"]) for row in made}
    assert whole == {("2026-05", 1, "P", "1 of 2 boards of the month were observed at its end")}
