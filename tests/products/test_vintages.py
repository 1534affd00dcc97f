"""Vintages: what was known when, kept through releases, and asked again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from marsad.lake.tables import table
from marsad.products.vintages import merge, published

UTC = dt.UTC
DAYS = [dt.datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 29)]


def values(*rows: dict[str, Any]) -> pa.Table:
    blank = {c: "_T" for c in table("out_values").columns}
    blank |= {"value": 1.0, "lower": None, "upper": None, "n": None, "synthetic": False}
    blank |= {"indicator": "rate", "vintage": "current", "source_date": "", "period": "2024"}
    return table("out_values").arrow([{**blank, **row} for row in rows])


EMPTY = table("out_history").schema.empty_table()


def known(history: pa.Table, day: dt.datetime) -> dict[str, float]:
    """Period -> value as known at a time."""
    return {
        row["period"]: row["value"]
        for row in history.to_pylist()
        if row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)
    }


def test_a_date_of_a_source_ends_with_its_day_month_or_year() -> None:
    release = dt.datetime(2026, 6, 1, tzinfo=UTC)
    assert published("2024", release) == dt.datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert published("2024-02", release) == dt.datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
    assert published("2025-05-17", release) == dt.datetime(2025, 5, 17, 23, 59, 59, tzinfo=UTC)
    assert [published(t, release) for t in ("2026", "", "soon", "2024-13")] == [release] * 4


def test_a_first_release_gives_way_when_the_revision_was_published() -> None:
    history = merge(
        EMPTY,
        values(
            {"vintage": "first_release", "value": 9.8, "source_date": "2015-02"},
            {"vintage": "current", "value": 9.9, "source_date": "2018-11"},
        ),
        DAYS[0],
    )
    assert known(history, dt.datetime(2015, 1, 1, tzinfo=UTC)) == {}
    assert known(history, dt.datetime(2016, 1, 1, tzinfo=UTC)) == {"2024": 9.8}
    assert known(history, dt.datetime(2019, 1, 1, tzinfo=UTC)) == {"2024": 9.9}


def test_a_first_release_alone_is_what_is_known() -> None:
    history = merge(EMPTY, values({"vintage": "first_release", "value": 9.8}), DAYS[0])
    assert history["valid_to"].to_pylist() == [None]
    later = values({"vintage": "first_release", "value": 9.8}, {"value": 9.9})
    history = merge(history, later, DAYS[1])
    assert known(history, DAYS[0]) == {"2024": 9.8}
    assert known(history, DAYS[2]) == {"2024": 9.9}


def test_a_revision_closes_and_opens_at_its_release_even_when_its_source_is_older() -> None:
    history = merge(EMPTY, values({"value": 1.0, "source_date": "2025"}), DAYS[0])
    history = merge(history, values({"value": 2.0, "source_date": "2025-06"}), DAYS[5])
    assert known(history, dt.datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)) == {"2024": 1.0}
    assert known(history, DAYS[4]) == {"2024": 1.0}
    assert known(history, DAYS[5]) == {"2024": 2.0}


def test_nothing_changes_when_nothing_changed() -> None:
    once = merge(EMPTY, values({"value": 1.0}, {"value": None, "period": "2023"}), DAYS[0])
    again = merge(once, values({"value": 1.0}, {"value": None, "period": "2023"}), DAYS[1])
    assert again.to_pylist() == once.to_pylist()


def test_a_change_of_status_alone_is_a_version() -> None:
    once = merge(EMPTY, values({"obs_status": "P"}), DAYS[0])
    again = merge(once, values({"obs_status": "A"}), DAYS[1])
    assert again["obs_status"].to_pylist() == ["P", "A"]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["2020", "2021", "2022"]), st.sampled_from([1.0, 2.0, 3.0])
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_release_can_be_asked_again(releases: list[dict[str, float]]) -> None:
    history = EMPTY
    for day, release in zip(DAYS, releases):
        rows = values(*({"period": p, "value": v} for p, v in release.items()))
        history = merge(history, rows, day)
        table("out_history").check(history)
    for day, release in zip(DAYS, releases):
        assert known(history, day) == release


def test_a_first_release_without_its_revision_is_never_the_newest_a_year_on() -> None:
    """HCP says a figure again, revised, with that of a year later; a first release of 2018 whose
    revision is not held here stays in the history, and is no figure of today."""
    first = values({"vintage": "first_release", "value": 18.9, "source_date": "2019-02"})
    history = merge(EMPTY, first, dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    (row,) = history.to_pylist()
    assert row["valid_from"].date() == dt.date(2019, 2, 28)
    assert row["valid_to"].date() == dt.date(2020, 2, 28)
    early = merge(EMPTY, first, dt.datetime(2019, 5, 1, tzinfo=dt.UTC))
    assert early["valid_to"].to_pylist() == [None]


def test_a_better_description_is_no_new_version() -> None:
    before = merge(EMPTY, values({"value": 9.8, "reliability": "A"}), DAYS[0])
    after = merge(before, values({"value": 9.8, "reliability": "U"}), DAYS[1])
    assert after.num_rows == 1
    assert after["reliability"].to_pylist() == ["U"]
    assert after["valid_from"] == before["valid_from"]
