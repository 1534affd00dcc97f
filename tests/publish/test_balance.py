"""Supply beside demand: what stands in a line, and what a line without a figure says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from marsad.publish.read.balance import Line, balance
from marsad.publish.read.model import DataQuery, DataResult, Value

BLANK = Value(
    indicator="", freq="M", period="2026-03", area="MA", survey="ADS", sex="_T", age="_T",
    urbanisation="_T", education="_T", occupation="_T", category="_T", adjustment="N",
    vintage="current", value=None, unit="NB", obs_status="A", conf_status="F", lower=None,
    upper=None, reliability="", verification="", n=None, source="", source_date="", note="",
    synthetic=False, valid_from=dt.datetime(2026, 4, 1, tzinfo=dt.UTC), valid_to=None,
)  # fmt: skip


def lines(occupation: str, **held: list[Value]) -> dict[str, Line]:
    """The lines by indicator, of a release that holds these values."""
    asked: list[DataQuery] = []

    def data_many(queries: Sequence[DataQuery]) -> list[DataResult]:
        asked.extend(queries)
        rows = [tuple(held.get(query.indicator, ())) for query in queries]
        return [DataResult(q, r, len(r)) for q, r in zip(queries, rows)]

    result = {line.indicator.id: line for line in balance(data_many, occupation, "MA-06")}
    assert all(query.filters["area"] == ("MA-06",) for query in asked)
    return result


def month(period: str, value: float | None, **more: object) -> Value:
    return replace(BLANK, period=period, value=value, **more)  # type: ignore[arg-type]


def test_a_line_is_the_newest_month_beside_the_same_month_of_the_year_before() -> None:
    line = lines(
        "7",
        new_ads=[
            month("2025-03", 8),
            month("2026-03", 10),
            month("2026", 90, freq="A"),
            month("2026-04", 99, survey="ADS_SYNTHETIC", synthetic=True),
        ],
    )["new_ads"]
    assert line.value is not None
    assert (line.value.period, line.value.value) == ("2026-03", 10)
    assert line.before is not None
    assert line.before.value == 8


def test_a_line_without_a_figure_says_what_is_missing() -> None:
    line = lines("7", registered_seekers=[month("2026-03", None, conf_status="C")])
    assert line["registered_seekers"].why == "suppressed"
    assert line["placements"].why == "no_figure"
    assert line["unemployed_persons"].why == "not_by_occupation"
    assert lines("_T")["unemployed_persons"].why == "no_figure"
