"""Measures and signs: worked examples of the rules that the policy desk states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marsad.base.errors import DeclarationError, NotFoundError
from marsad.products.policy import measures as register
from marsad.products.policy.measures import measure, measures, result
from marsad.products.policy.signals import (
    OFF,
    ON,
    UNKNOWN,
    Estimate,
    apart,
    expected_above,
    falls,
    rises,
    shortages,
)


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
    assert falls([100.0, 95.0, 92.0, 89.0], 0.1, 3) == ON
    assert falls([100.0, 95.0, 92.0, 91.0], 0.1, 3) == OFF
    assert falls([100.0], 0.1, 3) == UNKNOWN
    assert expected_above(13.0, Estimate(14.0, 13.1, 15.0)) == ON
    assert expected_above(13.0, Estimate(14.0, 12.9, 15.0)) == OFF
    assert expected_above(None, Estimate(14.0, 13.1, 15.0)) == UNKNOWN
    assert apart(Estimate(10, 9, 11), Estimate(5, 4, 8.9)) == ON
    assert apart(Estimate(10, 9, 11), Estimate(5, 4, 9.1)) == OFF
    assert apart(Estimate(10, 9, None), Estimate(5, 4, 8.9)) == ON, "what ends nowhere is above too"
    assert apart(Estimate(10, 9, 11), Estimate(5, 4, None)) == UNKNOWN
    assert apart(Estimate(10), Estimate(5, 4, 6)) == UNKNOWN, "a median of few values has no bounds"


def test_shortages_are_ordered_by_the_signs_that_are_on() -> None:
    much, little = Estimate(50, 45, 55), Estimate(20, 15, 25)
    judged = shortages(
        {"7": much, "2": little}, {"7": little, "2": little}, {"7": much, "2": little, "_T": little},
        {"7": much}, {"7": little},
    )  # fmt: skip
    assert [(one.code, one.count, one.known) for one in judged] == [("7", 3, 3), ("2", 0, 2)]
    assert judged[1].signs["pay"] == UNKNOWN
