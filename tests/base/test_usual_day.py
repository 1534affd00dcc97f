"""A copy's day is no publication: the usual time of publication stands for it, and says so."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.periods import end
from marsad.base.records import Observation
from marsad.base.surveys import USUAL, is_copy, usual_day
from marsad.collect.sources.hcp_labour_figures.source import published as of_their_producer
from marsad.products.vintages import published

RELEASE = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
COPY = "HCP, BDS - export in github someone/tables"


def figure(period: str, source: str, **other: str) -> Observation:
    return Observation(
        indicator="unemployment_rate", freq="A", period=period, area="MA", survey="ENE", source_id="x",
        value=9.0, unit="PT", source=source, **{"source_date": "2026-08-16", **other},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("survey", "period", "month"),
    [("ENE", "2024", "2025-02~"), ("ENE", "2025-Q1", "2025-05~"), ("ENE", "2025-Q3", "2025-11~"),
     ("RGPH2024", "2024", "2024-12~"), ("RGPH2014", "2014", "2015-10~"), ("ADS", "2024", ""),
     ("ENE", "2024-05", "")],
)  # fmt: skip
def test_the_usual_day_is_that_of_the_survey(survey: str, period: str, month: str) -> None:
    assert usual_day(survey, period) == month


@given(st.integers(1999, 2024), st.sampled_from(["", "-Q1", "-Q2", "-Q3", "-Q4"]))
def test_a_figure_is_never_known_before_its_period_is_over(year: int, quarter: str) -> None:
    period = f"{year}{quarter}"
    known = published(usual_day("ENE", period), RELEASE)
    assert known.date() > end(period)
    assert known.date() - end(period) < dt.timedelta(days=70)


def test_only_the_day_of_a_copy_is_replaced() -> None:
    rows = [
        figure("2023", COPY),
        figure("2023", "HCP information note, as reported by le360.ma", source_date="2024-02-05"),
        figure("2023", "World Bank WDI, update 2026-07-13, via github x", source_date="2026-07-13"),
    ]
    days = [o.source_date for o in of_their_producer(rows)]
    assert days == ["2024-02~", "2024-02-05", "2026-07-13"]
    assert [is_copy(o.source) for o in rows] == [True, False, False]


def test_a_figure_that_was_revised_is_known_after_its_first_publication() -> None:
    first = figure("2019", "HCP information note", source_date="2020-02", vintage="first_release")
    revised, first_again = of_their_producer([figure("2019", COPY), first])
    assert revised.source_date == "2021-02~"
    assert first_again.source_date == "2020-02"
    assert published(revised.source_date, RELEASE) > published(first.source_date, RELEASE)
    late = figure("2019", "HCP information note", source_date="2021-02-05", vintage="first_release")
    assert next(of_their_producer([figure("2019", COPY), late])).source_date == "2022-02~"
    assert revised.source_date.endswith(USUAL)
