"""The early warnings over published values: seasons alike, no break between, no failed adjustment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from marsad.publish.read.model import Break, DataQuery, DataResult, Value
from marsad.publish.read.policy import Policy

KNOWN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
RATE = Value("unemployment_rate", "Q", "2025-Q3", "MA", "ENE", "_T", "_T", "_T", "_T", "_T", "_T", "N",
             "current", 13.0, "PT", "A", "F", None, None, "U", "one_source", None, "HCP", "", "", False,
             KNOWN, None)  # fmt: skip
RATES = {"2024-Q4": 13.3, "2025-Q1": 13.3, "2025-Q2": 12.8, "2025-Q3": 13.1}


def policy(rows: Sequence[Value], breaks: tuple[Break, ...] = ()) -> Policy:
    def many(queries: Sequence[DataQuery]) -> list[DataResult]:
        return [DataResult(q, tuple(r for r in rows if r.indicator == q.indicator and all(
            getattr(r, d) in codes for d, codes in q.filters.items())), 0) for q in queries]  # fmt: skip

    return Policy(many, lambda _indicator, _survey: breaks, lambda: [], dt.date(2020, 1, 1))


def states(rows: Sequence[Value], breaks: tuple[Break, ...] = ()) -> dict[str, str]:
    return {warning.id: warning.state for warning in policy(rows, breaks).warnings()}


def rates() -> list[Value]:
    return [replace(RATE, period=p, value=v) for p, v in RATES.items()]


def ahead(period: str, value: float, half: float = 1.0) -> Value:
    return replace(RATE, indicator="unemployment_outlook", period=period, value=value,
                   lower=value - half, upper=value + half, obs_status="F")  # fmt: skip


@pytest.mark.parametrize(("value", "state"), [(14.3, "on"), (13.4, "off"), (12.8, "off")])
def test_an_outlook_is_compared_with_the_same_quarter(value: float, state: str) -> None:
    """The fourth quarter with the fourth: 13.4 is no rise on 13.3, though it is on the third's 12.0."""
    low = [*rates()[:-1], replace(RATE, value=12.0)]
    assert states([*low, ahead("2025-Q4", value)])["outlook"] == state


def test_nothing_is_expected_across_a_break_or_of_nothing() -> None:
    new = Break("ENE", "2026", "*", {}, "HCP")
    assert states([*rates(), ahead("2026-Q3", 19.0)])["outlook"] == "on"
    assert states([*rates(), ahead("2026-Q3", 19.0)], (new,))["outlook"] == "unknown"
    assert states(rates())["outlook"] == "unknown"


def test_a_failed_adjustment_raises_no_warning() -> None:
    base = replace(RATE, indicator="unemployment_rate_adjusted", adjustment="S")
    values = {"2025-Q1": 12.0, "2025-Q2": 12.5, "2025-Q3": 13.0}
    rising = [replace(base, period=p, value=v) for p, v in values.items()]
    assert states(rising)["rising"] == "on"
    assert states([replace(row, reliability="C") for row in rising])["rising"] == "unknown"


def test_the_young_are_not_compared_across_a_break() -> None:
    year = replace(RATE, freq="A")
    rows = [
        replace(year, period=p, value=v, age=age)
        for age, values in (("Y15T24", (36.0, 39.0)), ("_T", (13.0, 13.0)))
        for p, v in zip(("2025", "2026"), values)
    ]
    assert states(rows)["young"] == "on"
    assert states(rows, (Break("ENE", "2026", "*", {}, "HCP"),))["young"] == "unknown"
