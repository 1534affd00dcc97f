"""What is told of a change, a forecast and an old figure: caution before news."""

from __future__ import annotations

from dataclasses import replace

import pytest
from given_rows import RATE, Given, year
from hypothesis import given
from hypothesis import strategies as st

from marsad.publish.read.model import Value
from marsad.web.chance import BEYOND, UNTOLD, WITHIN, chance
from marsad.web.localisation import Locale
from marsad.web.selection import select, series_of
from marsad.web.sentences import sentences

PROVINCE = "MA-08-587"


def told(rows: list[Value], language: str = "en", **choice: str) -> str:
    reader = Given(rows)
    locale = Locale(language, reader)  # type: ignore[arg-type]
    selection = select(reader, reader.indicator(rows[0].indicator), choice)  # type: ignore[arg-type]
    series = series_of(reader.data(selection.query()).rows, "").get("", [])
    return " ".join(sentences(locale, selection, series))


def in_province(period: str, value: float, letter: str) -> Value:
    return replace(year(period, value), area=PROVINCE, reliability=letter)


@pytest.mark.parametrize("letter", ["C", "D"])
def test_a_small_sample_makes_no_news(letter: str) -> None:
    """Zagora, 13.0 to 7.6 in a year, letter C: no fall of 5.4 points is told."""
    text = told(
        [in_province("2024", 13.0, letter), in_province("2025", 7.6, letter)], area=PROVINCE
    )
    assert "13.0%: chance alone may explain a difference of this size" in text
    assert "less" not in text


def test_a_large_move_of_a_small_sample_is_told_as_one() -> None:
    text = told([in_province("2024", 40.0, "C"), in_province("2025", 7.6, "C")], area=PROVINCE)
    assert "32.4 percentage points less" in text


def test_without_an_error_nobody_knows_whether_it_is_chance() -> None:
    rows = [in_province("2024", 20.9, "U"), in_province("2025", 22.1, "U")]
    assert "not known whether chance explains" in told(rows, area=PROVINCE)
    assert "more than one year earlier" in told([year("2024", 20.9), year("2025", 22.1)])


@given(
    st.floats(0, 60), st.floats(0, 60), st.floats(0.1, 9), st.floats(0.1, 9)
)  # fmt: skip
def test_intervals_decide_where_there_are_some(
    now: float, then: float, half: float, other: float
) -> None:
    rows = [
        replace(RATE, value=v, lower=v - h, upper=v + h) for v, h in ((now, half), (then, other))
    ]
    within = abs(now - then) <= (half**2 + other**2) ** 0.5
    known = chance(rows[0], rows[1])
    assert (
        known == (WITHIN if within else BEYOND)
        or abs(abs(now - then) - (half**2 + other**2) ** 0.5) < 1e-6
    )
    assert chance(rows[1], rows[0]) == known


@given(st.integers(30, 99), st.floats(0, 100), st.floats(0, 100))
def test_a_letter_never_calls_chance_what_its_persons_do_not(
    n: int, now: float, then: float
) -> None:
    """The band of a letter is the least of any number of persons that it allows."""
    letters = [replace(RATE, area=PROVINCE, value=v, reliability="C") for v in (now, then)]
    counted = [replace(row, n=n) for row in letters]
    if chance(*letters) == WITHIN:
        assert chance(*counted) == WITHIN


def test_persons_of_a_low_letter_are_never_news_and_a_census_is() -> None:
    persons = replace(RATE, unit="PS", area=PROVINCE, reliability="C")
    assert chance(replace(persons, value=900.0), replace(persons, value=1300.0)) == WITHIN
    census = replace(RATE, survey="RGPH2024", area=PROVINCE, reliability="A")
    assert chance(replace(census, value=7.0), replace(census, value=8.0)) == BEYOND
    region = replace(RATE, area=PROVINCE, reliability="U", value=7.0)
    assert chance(region, replace(region, value=8.0)) == UNTOLD


def test_a_forecast_of_what_is_over_is_not_shown_as_one_to_come() -> None:
    base = replace(RATE, indicator="unemployment_outlook", freq="Q", age="Y_GE15")
    estimate = replace(base, period="2025-Q4", value=12.8, obs_status="E")
    past = [replace(base, period=p, value=13.4, obs_status="F") for p in ("2026-Q1", "2026-Q2")]
    text = told([estimate, *past])
    assert "12.8%" in text
    assert "13.4%" not in text
    assert "none to come is forecast" in text
    assert told(past) == "The periods that were forecast are over, and none to come is forecast."
    to_come = replace(base, period="2027-Q2", value=13.4, obs_status="F")
    assert "13.4%" in told([estimate, to_come])


@pytest.mark.parametrize(("language", "words"), [("en", "computed by Marsad, from: "), ("fr", "calculs de Marsad, d’après : "), ("ar", "حساب «مرصد» اعتمادا على: ")])  # fmt: skip
@pytest.mark.parametrize(
    "name", ["unemployment_outlook", "unemployment_rate_bridged", "unemployment_rate_adjusted"]
)
def test_what_is_computed_is_credited_to_marsad(name: str, language: str, words: str) -> None:
    row = replace(RATE, indicator=name, reliability="B", age="Y_GE15")
    assert words in told([row], language)
    assert words not in told([RATE], language)


@pytest.mark.parametrize(("period", "years"), [("2018", "8 years old"), ("2023", "3 years old"), ("2025", "")])  # fmt: skip
def test_an_old_newest_figure_says_how_old_it_is(period: str, years: str) -> None:
    text = told([year(period, 31.0)])
    assert ("years old" in text) == bool(years)
    assert years in text
