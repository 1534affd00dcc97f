"""The feed of changes: whoever follows it holds the same ads as we do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marsad.products.changes import Entry, content, entries, followed

Row = dict[str, Any]
TODAY = dt.date(2026, 5, 20)


def ad(key: str, title: str = "Comptable", seen: dt.date | None = TODAY, **other: Any) -> Row:
    row = {"ad_key": key, "title": title, "last_seen_on": seen, "synthetic": False, "state": "open"}
    return {**row, **other}


def published(*ads: Row) -> dict[str, str]:
    return {row["ad_key"]: content(row) for row in ads}


def listed(before: dict[str, str], now: dict[str, str]) -> list[tuple[str, str]]:
    return [(entry.kind, entry.subject) for entry in entries(before, now)]


def test_closed_ads_come_first_then_new_and_changed_ones() -> None:
    first = published(ad("a"), ad("b"))
    assert listed({}, first) == [("new", "a"), ("new", "b")]
    second = published(ad("b", "Soudeur"), ad("c"))
    assert listed(first, second) == [("closed", "a"), ("changed", "b"), ("new", "c")]


def test_a_day_more_seen_and_a_copy_more_are_no_change() -> None:
    assert content(ad("a", copies=1)) == content(ad("a", seen=None, copies=2))


def test_a_new_field_changes_the_ads_that_have_it_and_no_other() -> None:
    first = published(ad("a"), ad("b"))
    blank = {"driving_licence": "", "driving_licence_score": None, "driving_licence_evidence": ""}
    coded = {**blank, "driving_licence": "B", "driving_licence_score": 0.9}
    second = published(ad("a", **blank), ad("b", **coded))
    assert listed(first, second) == [("changed", "b")]


def test_a_column_that_always_counted_counts_where_it_is_empty() -> None:
    assert content(ad("a", company="")) != content(ad("a"))


@given(st.lists(st.dictionaries(st.sampled_from("abcde"), st.sampled_from("xyz")), max_size=6))
def test_a_follower_holds_what_is_published(editions: list[dict[str, str]]) -> None:
    feed: list[Entry] = []
    for ads in editions:
        now = published(*(ad(key, title) for key, title in ads.items()))
        feed += [*entries(followed(feed), now), Entry("release", "r", "")]
        assert followed(feed) == now
