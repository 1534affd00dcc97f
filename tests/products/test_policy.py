"""Measures and signs: worked examples of the rules that the policy desk states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from marsad.base.errors import DeclarationError, NotFoundError
from marsad.products.policy import measures as register
from marsad.products.policy.measures import measure, measures, result
from marsad.products.policy.signals import (
    OFF,
    ON,
    UNKNOWN,
    Estimate,
    apart,
    chance_above,
    expected_above,
    falls,
    quarter_to,
    rises,
    shortages,
)
from marsad.products.statistics.forecast import Forecast, outlook
from marsad.publish.read.policy import CHANCE


def test_a_result_is_the_difference_of_the_differences() -> None:
    one = measure("awrach")  # from January 2022
    group = {"2019": 3.0, "2020": 5.0, "2021": 4.0, "2022": 3.5, "2023": 3.0}
    comparison = {"2020": 20.0, "2021": 21.0, "2022": 21.0, "2023": 22.0}
    outcome = result(one, group, comparison, [])
    assert (outcome.before, outcome.after) == ("2021", "2023")
    assert outcome.periods == ("2020", "2021", "2022", "2023")
    assert outcome.difference == pytest.approx((3.0 - 4.0) - (22.0 - 21.0))


def test_nothing_is_compared_over_a_break_or_without_both_sides() -> None:
    one = measure("awrach")
    group, comparison = {"2021": 4.0, "2023": 3.0}, {"2021": 21.0, "2023": 22.0}
    assert result(one, group, comparison, ["2022"]).difference is None
    assert result(one, group, comparison, ["2022"]).broken == "2022"
    assert result(one, group, comparison, ["2021"]).difference is not None
    assert result(one, {"2021": 4.0}, comparison, []).difference is None
    assert result(one, {"2023": 4.0}, comparison, []).difference is None


def test_a_measure_is_fixed_in_advance_only_when_it_was() -> None:
    one = measure("awrach")
    assert not one.fixed_in_advance
    early = replace(
        one, declared=type(one.declared)(**{**_fields(one.declared), "fixed_on": "2021-12-31"})
    )
    assert early.fixed_in_advance
    with pytest.raises(NotFoundError):
        measure("nothing")


def _fields(declared: register.Declared) -> dict[str, object]:
    return {name: getattr(declared, name) for name in declared.__struct_fields__}


def test_a_wrong_declaration_names_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (register.FOLDER / "awrach.yml").read_text("utf-8")
    (tmp_path / "wrong.yml").write_text(text.replace("wanted: down", "wanted: sideways"), "utf-8")
    monkeypatch.setattr(register, "FOLDER", tmp_path)
    with pytest.raises(DeclarationError, match=r"wrong\.yml.*sideways"):
        measures.__wrapped__()


def test_signs_follow_their_rules() -> None:
    assert rises([1.0, 1.5, 2.0], 0.3) == ON
    assert rises([1.0, 1.5, 1.7], 0.3) == OFF
    assert rises([1.0, None, 2.0], 0.3) == UNKNOWN
    assert expected_above(None, Estimate(14.0, 13.1, 15.0), CHANCE) == UNKNOWN
    assert expected_above(13.0, Estimate(14.0), CHANCE) == UNKNOWN
    assert apart(Estimate(10, 9, 11), Estimate(5, 4, 8.9)) == ON
    assert apart(Estimate(10, 9, 11), Estimate(5, 4, 9.1)) == OFF
    assert apart(Estimate(10, 9, None), Estimate(5, 4, 8.9)) == ON, "what ends nowhere is above too"
    assert apart(Estimate(10, 9, 11), Estimate(5, 4, None)) == UNKNOWN
    assert apart(Estimate(10), Estimate(5, 4, 6)) == UNKNOWN, "a median of few values has no bounds"


@given(st.floats(2, 20), st.floats(0.1, 4), st.floats(-4, 4))
def test_the_chance_of_a_rise_is_that_of_a_normal_law(
    centre: float, half: float, rise: float
) -> None:
    """Against scipy: the outlook's 95 % bounds as a normal law, the chance of what lies above."""
    outlook, last = Estimate(centre, centre - half, centre + half), centre - rise
    chance = float(norm.sf(last, loc=centre, scale=half / norm.ppf(0.975)))
    assert chance_above(last, outlook) == pytest.approx(chance, abs=1e-9)
    assert expected_above(last, outlook, CHANCE) == (ON if chance >= CHANCE else OFF)


def _quarters(slope: float, seed: int, years: int = 12) -> np.ndarray:
    """Quarterly rates with a season, a little noise, and a slope in points a quarter."""
    dice = np.random.default_rng(seed)
    seasons = np.tile([0.4, -0.5, 0.3, -0.2], years)
    return 12 + slope * np.arange(4 * years) + seasons + dice.normal(0, 0.25, 4 * years)


@pytest.mark.parametrize(("slope", "state"), [(0.3, ON), (0.5, ON), (0.0, OFF), (-0.3, OFF)])
def test_a_rise_is_expected_of_a_series_that_rises_and_of_no_other(
    slope: float, state: str
) -> None:
    """By the model that the outlook is published with; the rule before asked for the whole 95 %
    interval and never held."""
    for seed in range(3):
        values = _quarters(slope, seed)
        ahead = outlook(values, 4, 4)
        assert isinstance(ahead, Forecast)
        last = Estimate(ahead.value[-1], ahead.lower[95][-1], ahead.upper[95][-1])
        assert expected_above(float(values[-1]), last, CHANCE) == state


def _months(level: float, *, fall_from: str = "9999") -> dict[str, float]:
    """Two years of an index with a strong season, less by 15 % from a month on."""
    season = [80, 90, 110, 115, 105, 100, 90, 60, 120, 125, 110, 95]
    months = [f"{year}-{m:02d}" for year in (2024, 2025) for m in range(1, 13)]
    return {
        m: level * season[int(m[5:]) - 1] / 100 * (0.85 if m >= fall_from else 1) for m in months
    }


def test_a_season_is_no_fall_of_demand() -> None:
    whole = _months(100)
    august = {m: v for m, v in whole.items() if m <= "2025-08"}
    assert august["2025-08"] < 0.9 * august["2025-05"]  # what the sign took for a fall
    assert falls(august, 0.1) == OFF
    assert falls(_months(100, fall_from="2025-10"), 0.1) == ON
    assert falls(_months(100, fall_from="2025-12"), 0.1) == OFF  # one month of three
    assert falls({m: v for m, v in whole.items() if m != "2024-11"}, 0.1) == UNKNOWN
    assert falls({}, 0.1) == UNKNOWN
    assert quarter_to("2025-01", 1) == ["2023-11", "2023-12", "2024-01"]


def test_shortages_are_ordered_by_the_signs_that_are_on() -> None:
    much, little = Estimate(50, 45, 55), Estimate(20, 15, 25)
    judged = shortages(
        {"7": much, "2": little}, {"7": little, "2": little}, {"7": much, "2": little, "_T": little},
        {"7": much}, {"7": little},
    )  # fmt: skip
    assert [(one.code, one.count, one.known) for one in judged] == [("7", 3, 3), ("2", 0, 2)]
    assert judged[1].signs["pay"] == UNKNOWN
