"""The gate: small cells are withheld, and no subtraction along a line brings one back."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.base.codes import TOTAL
from marsad.products.declare import DIMENSIONS, Disclosure, Indicator, indicator
from marsad.products.disclosure.gate import SUPPRESSED, key_of, protect

Row = dict[str, Any]
AREAS = ["MA", *(f"MA-{i:02d}" for i in range(1, 8))]
JOBS = [TOTAL, *"123456"]


def _indicator(**disclosure: Any) -> Indicator:
    unit = disclosure.pop("unit", "NB")
    return msgspec.structs.replace(
        indicator("new_ads"), unit=unit, disclosure=Disclosure(**disclosure)
    )


COUNTS = _indicator(rule="threshold", minimum=3)


def _row(area: str, occupation: str, n: int | None, **other: Any) -> Row:
    return {
        **dict.fromkeys(DIMENSIONS, TOTAL),
        "period": "2026-05",
        "vintage": "current",
        "freq": "M",
        "survey": "ADS_REGISTER",
        "area": area,
        "occupation": occupation,
        "value": None if n is None else float(n),
        "n": n,
        "lower": None,
        "upper": None,
        "obs_status": "A",
        "conf_status": "F",
        "note": "",
        **other,
    }


def _table(inner: list[list[int]], **other: Any) -> list[Row]:
    """Cells, line totals and the grand total; empty cells are left out, as indicators do."""
    rows = {}
    for i, line in enumerate(inner, 1):
        for j, n in enumerate(line, 1):
            rows[AREAS[i], JOBS[j]] = n
    for i, line in enumerate(inner, 1):
        rows[AREAS[i], TOTAL] = sum(line)
    for j in range(len(inner[0])):
        rows["MA", JOBS[j + 1]] = sum(line[j] for line in inner)
    rows["MA", TOTAL] = sum(map(sum, inner))
    return [_row(area, job, n, **other) for (area, job), n in rows.items() if n]


def _cells(rows: list[Row]) -> dict[tuple[str, str], float | None]:
    return {(row["area"], row["occupation"]): row["value"] for row in rows}


def test_a_cell_below_the_minimum_is_withheld_whole() -> None:
    rows = [_row("MA", TOTAL, 2, lower=0.1, upper=9.0, note="2 ads / 10 people")]
    (safe,) = protect(COUNTS, rows)
    assert safe["obs_status"] == SUPPRESSED
    assert [safe[k] for k in ("value", "n", "lower", "upper")] == [None] * 4
    assert safe["note"] == "", "the note may tell the count in words"


@pytest.mark.parametrize(("n", "withheld"), [(1, True), (2, True), (3, False), (0, False)])
def test_the_minimum_itself_may_be_published(n: int, withheld: bool) -> None:
    (safe,) = protect(COUNTS, [_row("MA", TOTAL, n)])
    assert (safe["obs_status"] == SUPPRESSED) is withheld


def test_a_second_cell_of_the_line_is_withheld_too() -> None:
    safe = _cells(protect(COUNTS, _table([[2, 5, 9]])))
    assert safe["MA-01", "1"] is None
    assert safe["MA-01", "2"] is None, "the next smallest, which a subtraction would need"
    assert safe["MA-01", "3"] == 9
    assert safe["MA-01", TOTAL] == 16


def test_two_small_cells_hide_each_other_only_if_both_may_be_larger() -> None:
    """That two rows hold 3 tells that they are 1 and 2, for neither is nothing."""
    safe = _cells(protect(COUNTS, [r for r in _table([[1, 2, 9, 20]]) if r["area"] != "MA"]))
    assert [safe["MA-01", job] for job in (TOTAL, *"1234")] == [32.0, None, None, None, 20.0]
    safe = _cells(protect(COUNTS, [r for r in _table([[2, 2, 9, 20]]) if r["area"] != "MA"]))
    assert safe["MA-01", "3"] == 9.0, "4 in two rows: either may be 3"


def test_nothing_is_withheld_without_need() -> None:
    rows = _table([[5, 6], [7, 8]])
    assert protect(COUNTS, rows) == rows


def test_months_and_surveys_are_protected_apart() -> None:
    may, june = _table([[2, 5, 9]]), _table([[20, 50, 90]], period="2026-06")
    generated = _table([[30, 40, 60]], survey="ADS_SYNTHETIC")
    safe = protect(COUNTS, [*may, *june, *generated])
    assert all(
        row["obs_status"] == "A"
        for row in safe
        if row["period"] == "2026-06" or row["survey"] == "ADS_SYNTHETIC"
    )


def test_the_gate_changes_none_of_its_input() -> None:
    rows = _table([[2, 5, 9], [1, 1, 1]])
    before = copy.deepcopy(rows)
    first = protect(COUNTS, rows)
    assert rows == before
    assert protect(COUNTS, rows) == first


def test_figures_that_are_public_pass_as_they_are() -> None:
    rows = _table([[2, 5, 9], [1, 1, 1]])
    assert protect(_indicator(rule="published"), rows) == rows


def test_shares_and_medians_of_few_units_are_withheld() -> None:
    share = _indicator(unit="PT", rule="threshold", minimum=30)
    few, many = _row("MA-01", TOTAL, 29, value=40.0), _row("MA-02", TOTAL, 30, value=40.0)
    assert [row["value"] for row in protect(share, [few, many])] == [None, 40.0]


def test_a_share_of_too_few_or_of_all_but_too_few_is_withheld() -> None:
    share = _indicator(unit="PT", rule="threshold", minimum=30, least_part=3)
    rows = [_row("MA", TOTAL, 50, value=2.0 * part, part=part) for part in (2, 3, 47, 48)]
    safe = protect(share, rows)
    assert [row["obs_status"] == SUPPRESSED for row in safe] == [True, False, False, True]
    assert not any("part" in row for row in safe), "the count behind a share is never published"


def test_shares_that_add_to_a_hundred_lose_a_second_one() -> None:
    share = _indicator(unit="PT", rule="threshold", minimum=30, least_part=3, closed="category")
    parts = {"fr": 60, "ar": 30, "en": 8, "ary": 2}
    rows = [
        _row("MA", TOTAL, 100, category=code, value=float(part), part=part)
        for code, part in parts.items()
    ]
    safe = {row["category"]: row["value"] for row in protect(share, rows)}
    assert safe == {"fr": 60.0, "ar": 30.0, "en": None, "ary": None}


SIZE = st.tuples(st.integers(1, 7), st.integers(1, 6))
COUNT = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 7, 30])
TABLES = SIZE.flatmap(
    lambda size: st.lists(
        st.lists(COUNT, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


@settings(max_examples=150)
@given(TABLES)
def test_no_withheld_cell_is_a_total_minus_the_published_rest(inner: list[list[int]]) -> None:
    rows = _table(inner)
    safe = protect(COUNTS, rows)
    true = {(row["area"], row["occupation"]): row["value"] for row in rows}
    lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in safe:
        lines["area", row["area"]].append(row)
        lines["occupation", row["occupation"]].append(row)
    for (name, _), cells in lines.items():
        free = "occupation" if name == "area" else "area"
        if len(cells) > 1 and any(c[free] in {TOTAL, "MA"} for c in cells):
            hidden = [c for c in cells if c["obs_status"] == SUPPRESSED]
            assert len(hidden) != 1, "the one withheld cell is the total minus the rest"
    for row in safe:
        before = true[row["area"], row["occupation"]]
        assert row["value"] in {None, before}, "what is published is never altered"
        assert row["obs_status"] == SUPPRESSED or before >= 3
        assert (row["value"] is None) == (row["obs_status"] == SUPPRESSED)


def test_a_magnitude_that_one_contributor_dominates_is_withheld() -> None:
    wages = _indicator(rule="threshold", minimum=3, p=10.0)
    even = _row("MA-01", TOTAL, 9, contributors=[10.0] * 9)
    one = _row("MA-02", TOTAL, 9, contributors=[900.0, 50.0, *[1.0] * 7])
    alone = _row("MA-03", TOTAL, 9, contributors=[900.0])
    safe = protect(wages, [even, one, alone])
    assert [row["conf_status"] for row in safe] == ["F", "C", "C"]
    assert not any("contributors" in row for row in safe)


def test_no_code_tells_a_small_count_from_one_that_protects_it() -> None:
    safe = protect(COUNTS, _table([[2, 5, 9]]))
    withheld = [row for row in safe if row["value"] is None]
    assert len(withheld) >= 2
    told = [{k: v for k, v in row.items() if k not in ("area", "occupation")} for row in withheld]
    assert all(row == told[0] for row in told), "but for their place they are alike"


def test_the_months_of_a_flow_are_protected_against_their_year() -> None:
    flow = _indicator(rule="threshold", minimum=3, flow=True)
    months = [_row("MA", TOTAL, n, period=f"2026-{m:02d}") for m, n in ((1, 2), (2, 20), (3, 30))]
    year = _row("MA", TOTAL, 52, period="2026", freq="A")
    hidden = {r["period"] for r in protect(flow, [*months, year]) if r["value"] is None}
    assert "2026-01" in hidden
    assert len(hidden) == 2, "52 - 30 - 20 would tell it"
    assert len([r for r in protect(COUNTS, [*months, year]) if r["value"] is None]) == 1


def test_figures_on_the_same_counts_follow() -> None:
    share = _indicator(unit="PT", rule="threshold", minimum=10, follows="new_ads")
    rows = [_row("MA-01", TOTAL, 40, period="2026"), _row("MA-02", TOTAL, 40, period="2026")]
    safe = protect(share, rows, followed={("ADS_REGISTER", "MA-02", TOTAL, "2026")})
    assert [row["conf_status"] for row in safe] == ["F", "C"]


def test_the_pattern_stays_from_release_to_release() -> None:
    rows = _table([[2, 5, 9, 4], [6, 1, 7, 8], [9, 9, 9, 9]])
    first = protect(COUNTS, rows)
    shown: dict[tuple[str, ...], set[float]] = defaultdict(set)
    for row in first:
        if row["value"] is not None:
            shown[key_of(row)].add(row["value"])
    again = protect(COUNTS, rows, earlier=shown)
    assert [r["conf_status"] for r in again] == [r["conf_status"] for r in first]


def test_what_was_shown_before_hides_nothing() -> None:
    rows = _table([[2, 5, 9]])
    hidden = {r["occupation"] for r in protect(COUNTS, rows) if r["value"] is None}
    assert "2" in hidden
    five = next(row for row in rows if row["occupation"] == "2" and row["area"] == "MA-01")
    safe = protect(COUNTS, rows, earlier={key_of(five): {5.0}})
    assert next(r for r in safe if key_of(r) == key_of(five))["value"] == 5.0
