"""The feed of changes: whoever follows it holds the same ads as we do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marsad.products.changes import changes, content

Row = dict[str, Any]
TODAY = dt.date(2026, 5, 20)
NOW = dt.datetime(2026, 5, 20, tzinfo=dt.UTC)


def ad(key: str, title: str = "Comptable", seen: dt.date | None = TODAY, **other: Any) -> Row:
    row = {"ad_key": key, "title": title, "last_seen_on": seen, "synthetic": False, "state": "open"}
    return {**row, **other}


def listed(rows: list[Row]) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject"]) for row in rows]


def test_new_changed_closed_and_the_release_last() -> None:
    first = list(changes([], [ad("a"), ad("b")], "r1", NOW))
    assert listed(first) == [("new", "a"), ("new", "b"), ("release", "r1")]
    second = list(changes(first, [ad("b", "Soudeur"), ad("c")], "r2", NOW))
    assert listed(second) == [("closed", "a"), ("changed", "b"), ("new", "c"), ("release", "r2")]
    assert [row["seq"] for row in second] == [4, 5, 6, 7]


def test_an_ad_that_is_seen_no_more_is_closed_and_may_come_again() -> None:
    first = list(changes([], [ad("a"), ad("b")], "r1", NOW))
    second = list(changes(first, [ad("a", state="closed"), ad("b")], "r2", NOW))
    assert listed(second) == [("closed", "a"), ("release", "r2")]
    third = list(changes([*first, *second], [ad("a"), ad("b")], "r3", NOW))
    assert listed(third) == [("new", "a"), ("release", "r3")]


def test_a_day_more_seen_and_a_copy_more_are_no_change() -> None:
    assert content(ad("a", copies=1)) == content(ad("a", seen=None, copies=2))


def test_a_new_field_changes_the_ads_that_have_it_and_no_other() -> None:
    first = list(changes([], [ad("a"), ad("b")], "r1", NOW))
    blank = {"driving_licence": "", "driving_licence_score": None, "driving_licence_evidence": ""}
    coded = {**blank, "driving_licence": "B", "driving_licence_score": 0.9}
    second = list(changes(first, [ad("a", **blank), ad("b", **coded)], "r2", NOW))
    assert listed(second) == [("changed", "b"), ("release", "r2")]
    third = list(changes([*first, *second], [ad("a", **blank), ad("b", **blank)], "r3", NOW))
    assert listed(third) == [("changed", "b"), ("release", "r3")]


def test_a_column_that_always_counted_counts_where_it_is_empty() -> None:
    assert content(ad("a", company="")) != content(ad("a"))


def test_an_ad_of_which_nothing_is_known_is_not_closed() -> None:
    unknown = ad("s", seen=None, state="unknown")
    first = list(changes([], [ad("a"), unknown], "r1", NOW))
    assert ("new", "s") in listed(first)
    assert listed(list(changes(first, [ad("a", state="unknown"), unknown], "r2", NOW))) == [
        ("release", "r2")
    ]


@given(st.lists(st.dictionaries(st.sampled_from("abcde"), st.sampled_from("xyz")), max_size=6))
def test_a_follower_holds_what_is_published(releases: list[dict[str, str]]) -> None:
    log: list[Row] = []
    for i, ads in enumerate(releases):
        log += changes(log, [ad(key, title) for key, title in ads.items()], f"r{i}", NOW)
        held = set()
        for row in log:
            if row["kind"] == "closed":
                held.remove(row["subject"])
            elif row["kind"] != "release":
                held.add(row["subject"])
        assert held == set(ads)
    assert [row["seq"] for row in log] == list(range(1, len(log) + 1))
