"""Coherence: a damaged table is refused with its cells named; an official one is accepted."""

from __future__ import annotations

import dataclasses

import pytest

from marsad.base.errors import CoherenceError, InputError
from marsad.base.records import Observation
from marsad.enrich.coherence import ALLOWED_SHARE, Finding, check

YEARS = [str(year) for year in range(2016, 2024)]
REGIONS = ["MA", "MA-01", "MA-03", "MA-07"]


def _cell(
    area: str, sex: str, urbanisation: str, year: str, value: float | None, **other: str
) -> Observation:
    named = {"indicator": "unemployment_rate", "survey": "ENE", "freq": "A", **other}
    return Observation(
        area=area,
        sex=sex,
        urbanisation=urbanisation,
        period=year,
        value=value,
        source_id="essai",
        unit="PT",
        **named,
    )


def _clean() -> list[Observation]:
    """A table we wrote: totals lie between their parts, every series has its own shape."""
    observations = []
    for a, area in enumerate(REGIONS):
        for s, sex in enumerate(("M", "F", "_T")):
            for u, urbanisation in enumerate(("U", "R", "_T")):
                for y, year in enumerate(YEARS):
                    wave = ((7 * a + 3 * y) % 5) * 0.3 + y * 0.07
                    value = 8 + 2.1 * a + (0, 3.0, 1.2)[s] + (4.0, -3.0, 0.8)[u] + wave
                    observations.append(_cell(area, sex, urbanisation, year, round(value, 1)))
    return observations


def _with(
    table: list[Observation], source: tuple[str, ...], target: tuple[str, ...]
) -> list[Observation]:
    """The table with the values of one block standing over another."""
    where = {(o.area, o.sex, o.urbanisation, o.period): o.value for o in table}
    return [
        _cell(o.area, o.sex, o.urbanisation, o.period, where[(*source, o.period)])
        if (o.area, o.sex, o.urbanisation) == target
        else o
        for o in table
    ]


def test_a_clean_table_is_accepted_without_findings() -> None:
    assert check(_clean(), file="clean.csv") == []


def test_a_block_repeated_over_permuted_cells_is_refused_and_named() -> None:
    table = _with(_clean(), ("MA", "_T", "U"), ("MA-01", "_T", "_T"))
    table = _with(table, ("MA", "M", "U"), ("MA-07", "M", "R"))
    with pytest.raises(CoherenceError) as refused:
        check(table, file="damaged.csv")
    assert refused.value.file == "damaged.csv"
    assert "damaged.csv" in str(refused.value)
    findings = [words for words in refused.value.findings if words.startswith("repeated series")]
    assert any("Maroc" in s and "Tanger" in s for s in findings)
    assert any("Maroc" in s and "Marrakech" in s for s in findings)


def test_a_period_filled_with_one_value_is_refused() -> None:
    table = [
        _cell(o.area, o.sex, o.urbanisation, o.period, 12.0) if o.period == "2023" else o
        for o in _clean()
    ]
    with pytest.raises(CoherenceError, match="2023"):
        check(table, file="filled.csv")


def test_totals_outside_their_parts_are_refused_when_many() -> None:
    table = [
        _cell(o.area, o.sex, o.urbanisation, o.period, round((o.value or 0) + 9, 1))
        if o.sex == "_T"
        else o
        for o in _clean()
    ]
    with pytest.raises(CoherenceError, match="do not hold"):
        check(table, file="shifted.csv")


def test_a_single_breach_is_kept_as_a_finding() -> None:
    table = _clean()
    at = next(i for i, o in enumerate(table) if (o.sex, o.urbanisation) == ("_T", "_T"))
    o = table[at]
    table[at] = _cell(o.area, o.sex, o.urbanisation, o.period, 40.0)
    findings = check(table, file="one.csv")
    assert {f.rule for f in findings} == {"between"}
    assert all(o.period in f.words for f in findings)
    assert 0 < ALLOWED_SHARE < 1
    assert dataclasses.is_dataclass(Finding)


@pytest.mark.parametrize("value", [-0.1, 100.1, 1000.0])
def test_a_rate_outside_0_to_100_is_refused(value: float) -> None:
    with pytest.raises(CoherenceError, match=r"negative|above 100"):
        check([*_clean(), _cell("MA-09", "_T", "_T", "2020", value)], file="t.csv")


def test_a_change_in_jobs_may_be_negative() -> None:
    lost = _cell("MA", "_T", "_T", "2020", -432000.0, indicator="net_job_change")
    assert check([lost], file="t.csv") == []


def test_employment_is_activity_times_the_employed_share() -> None:
    def table(employment: float) -> list[Observation]:
        rates = {"activity_rate": 45.0, "unemployment_rate": 10.0, "employment_rate": employment}
        return [
            _cell("MA", "_T", "_T", year, value, indicator=name)
            for year in YEARS
            for name, value in rates.items()
        ]

    assert check(table(40.5), file="t.csv") == []
    assert check(table(40.6), file="t.csv") == [], "published roundings may break it by a tenth"
    with pytest.raises(CoherenceError, match=r"gap of 1\.50 points"):
        check(table(42.0), file="t.csv")


def test_surveys_and_vintages_may_repeat_each_other() -> None:
    first = [
        _cell(o.area, o.sex, o.urbanisation, o.period, o.value, vintage="first_release")
        for o in _clean()
    ]
    census = [
        _cell(o.area, o.sex, o.urbanisation, o.period, o.value, survey="RGPH2024") for o in _clean()
    ]
    assert check([*_clean(), *first, *census], file="t.csv") == []


def test_a_wholly_urban_province_is_accepted() -> None:
    """Its urban series is its total series: that repeats nothing."""
    urban = [
        _cell("MA-04-421", "_T", u, year, 11 + 0.3 * y)
        for u in ("U", "_T")
        for y, year in enumerate(YEARS)
    ]
    assert check([*_clean(), *urban], file="t.csv") == []


def test_missing_values_break_no_rule() -> None:
    missing = [_cell("MA-09", s, "_T", y, None) for s in ("_T", "M", "F") for y in YEARS]
    assert check([*_clean(), *missing], file="t.csv") == []


def test_a_refusal_is_an_input_error() -> None:
    """The caller can correct the file and call again."""
    assert issubclass(CoherenceError, InputError)
