"""Figures of measurements: intervals, calibration and agreement are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.errors import InputError
from marsad.enrich.cards import cards, paths
from marsad.training.measure import kappa, measure, weights, write_cards
from marsad.training.measure.figures import Case, figure, mean_figure, reliability, share_figure
from marsad.training.measure.gold import gold
from marsad.training.measure.sets import r_precision


def test_a_figure_counts_the_answered_and_says_how_far_scores_are_off() -> None:
    cases = (
        [Case(True, True, 0.9)] * 90
        + [Case(True, False, 0.9)] * 10
        + [Case(False, False, 0.0)] * 100
    )
    measured = figure("fr", "made up", cases)
    assert (measured.n, measured.accuracy, measured.answered) == (200, 0.9, 0.5)
    assert measured.low < 0.9 < measured.high
    assert measured.calibration_error == pytest.approx(0.0, abs=0.11)


def test_overconfident_scores_show_as_calibration_error() -> None:
    measured = figure("fr", "made up", [Case(True, i % 2 == 0, 0.95) for i in range(100)])
    assert measured.calibration_error == pytest.approx(0.45, abs=0.02)


def test_nothing_answered_is_no_accuracy() -> None:
    measured = figure("ar", "made up", [Case(False, False)] * 5)
    assert (measured.accuracy, measured.answered, measured.low, measured.high) == (
        0.0,
        0.0,
        0.0,
        1.0,
    )


SCORED = st.lists(st.tuples(st.floats(0.01, 1), st.booleans()), min_size=1, max_size=200)


@given(SCORED)
def test_every_case_is_in_one_bin_and_bins_ascend(scored: list[tuple[float, bool]]) -> None:
    bins = reliability(scored)
    assert sum(n for _, _, n in bins) == len(scored)
    assert [mean_score for mean_score, _, _ in bins] == sorted(
        mean_score for mean_score, _, _ in bins
    )
    assert all(0 <= was <= 1 for _, was, _ in bins)


def test_ties_are_not_sorted_by_their_truth() -> None:
    bins = reliability([(0.8, i % 2 == 0) for i in range(100)])
    assert all(0.1 <= was <= 0.9 for _, was, _ in bins)


def test_means_and_shares_have_intervals() -> None:
    measured = mean_figure("en", "x", [0.5, 0.7, 0.9, 0.7])
    assert measured.low < measured.accuracy == 0.7 < measured.high
    assert share_figure("en", "x", 3, 4).accuracy == 0.75


def test_kappa_of_chance_is_nought_and_of_agreement_one() -> None:
    assert kappa([("a", "a"), ("b", "b")]) == 1.0
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0.0
    with pytest.raises(ValueError, match="pair"):
        kappa([])


def test_r_precision_is_out_of_ten_or_of_how_many_there_are() -> None:
    assert r_precision(["a", "b", "c"], {"b"}) == 1.0
    assert r_precision(["a", "x"], {"a", "b"}) == 0.5
    assert r_precision([str(i) for i in range(20)], {"15"}) == 0.0


def test_the_gold_has_two_parts_and_no_ad_twice() -> None:
    rows = gold()
    keys = {(r["source_id"], r["board"], r["ad_id"]) for r in rows}
    assert len(rows) == len(keys) >= 600
    assert {r["part"] for r in rows} == {"development", "test"}


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        measure(tmp_path)


def test_cards_are_written_back_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing the figures that a card already holds changes nothing of what it says."""
    before = cards()
    copies = {}
    for name, path in paths().items():
        copies[name] = tmp_path / path.parent.name / path.name
        copies[name].parent.mkdir(exist_ok=True)
        copies[name].write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr("marsad.training.measure.cards.paths", lambda: copies)
    write_cards([(name, f) for name, card in before.items() for f in card.figures])
    monkeypatch.setattr("marsad.enrich.cards.paths", lambda: copies)
    after = cards()
    assert {n: c.figures for n, c in after.items()} == {n: c.figures for n, c in before.items()}


def test_every_card_with_weights_names_their_hash() -> None:
    for name, path in paths().items():
        assert weights(path) == cards()[name].weights, name
