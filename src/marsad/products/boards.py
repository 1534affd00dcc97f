"""Ads by board and month, as the index and the source-loss alarm read them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from marsad.base.periods import end, following, month_of, start
from marsad.base.records import Row
from marsad.products.statistics.index import Alarm, alarms
from marsad.products.tabular import AD, Tables, closed_on, rows, survey_of

MEASURES = ("flow", "stock")


def on_boards(tables: Tables) -> dict[str, list[Row]]:
    """By survey, the openings of Morocco on each board: the copies of an opening on one board are
    folded, those on several boards count on each, so that a board's series is its own."""
    names = (*AD, "board", "cluster", "isic")
    ads_by_opening: dict[tuple[str, str], Row] = {}
    for ad in rows(tables["core_ads"], names, country="MA"):
        place = (ad["board"], ad["cluster"] or ad["ad_key"])
        if place not in ads_by_opening or ad["is_canonical"]:
            ads_by_opening[place] = ad
    ads_by_survey: dict[str, list[Row]] = {}
    for ad in ads_by_opening.values():
        ads_by_survey.setdefault(survey_of(ad), []).append(ad)
    return ads_by_survey


def whole_months(ads: Sequence[Row]) -> list[str]:
    """Months that were wholly observed: after the first day seen, up to the last."""
    days = [ad["posted_on"] for ad in ads if ad["posted_on"]]
    seen = [ad["last_seen_on"] for ad in ads if ad["last_seen_on"]]
    if not days or not seen:
        return []
    first, last = month_of(min(days)), max(seen)
    whole = following(first, 12 * (last.year - min(days).year) + last.month - min(days).month + 1)
    return [m for m in whole if start(m) >= min(days).replace(day=1) and end(m) <= last]


def board_counts(
    ads: Sequence[Row], weights: np.ndarray, boards: list[str], months: list[str], measure: str
) -> tuple[np.ndarray, list[int]]:
    """Weighted ads by board and month (NaN while a board is not there), and ads by month."""
    place, at = {m: i for i, m in enumerate(months)}, {b: i for i, b in enumerate(boards)}
    counts, n = np.zeros((len(boards), len(months))), [0] * len(months)
    alive: dict[int, set[int]] = defaultdict(set)
    for ad, weight in zip(ads, weights):
        for month in months_of(ad, months, measure):
            counts[at[ad["board"]], place[month]] += weight
            n[place[month]] += 1
        if ad["posted_on"] and month_of(ad["posted_on"]) in place:
            alive[at[ad["board"]]].add(place[month_of(ad["posted_on"])])
    for board in range(len(boards)):
        there = alive[board]
        for i in range(len(months)):
            if not there or i < min(there) or i > max(there):
                counts[board, i] = np.nan
    return counts, n


def months_of(ad: Row, months: list[str], measure: str) -> list[str]:
    """The months in which an ad counts: that of its posting, or those at whose end it was open."""
    posted, closed = ad["posted_on"], closed_on(ad)
    if posted is None or (measure == "stock" and closed is None):
        return []
    if measure == "flow":
        return [m for m in (month_of(posted),) if m in months]
    last: dt.date = closed or posted
    return [m for m in months if posted <= end(m) <= last]


def last_alarms(tables: Tables) -> Iterator[Alarm]:
    """Boards that were silent, or far below what they and the others let expect, in the last whole
    month: whether they closed, changed their pages or refuse us, someone must look."""
    for ads in on_boards(tables).values():
        months = whole_months(ads)
        boards = sorted({ad["board"] for ad in ads})
        if len(months) < 2:
            continue
        counts, _ = board_counts(ads, np.ones(len(ads)), boards, months, "flow")
        for board in range(len(boards)):
            known = np.flatnonzero(np.isfinite(counts[board]))
            if known.size:
                counts[board, known[-1] + 1 :] = 0  # gone is silent, not unknown
        yield from (a for a in alarms(counts, boards, months) if a.period == months[-1])
