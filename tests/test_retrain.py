"""Retraining: new weights are used only when no language is worse off; nothing is trained here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.base.errors import InputError
from marsad.cli.main import main
from marsad.training import retrain
from marsad.training.retrain import Set, Sets, right_of_all, worse

FR, AR = Set("fr", "gold", 100, 0.8, 0.9), Set("ar", "gold", 100, 0.7, 1.0)


def test_better_or_equal_is_not_worse() -> None:
    assert worse([FR, AR], [FR, AR]) == []
    assert worse([FR], [FR._replace(accuracy=0.9)]) == []
    assert worse([FR], [FR, AR]) == [], "a set that is new hides nothing"
    assert worse([], []) == []


def test_abstaining_more_is_no_way_to_look_better() -> None:
    shy = FR._replace(accuracy=0.95, answered=0.5)
    assert right_of_all(shy) < right_of_all(FR)
    assert worse([FR], [shy]) == ["fr (gold): 0.720 before, 0.475 now"]


def test_one_language_that_loses_is_enough() -> None:
    losing = worse([FR, AR], [FR._replace(accuracy=1.0), AR._replace(accuracy=0.69)])
    assert losing == ["ar (gold): 0.700 before, 0.690 now"]


def test_a_set_no_longer_measured_counts_as_worse() -> None:
    assert worse([FR, AR], [FR]) == ["ar (gold): not measured any more"]


def test_what_rounding_makes_is_no_difference() -> None:
    assert worse([AR], [AR._replace(accuracy=0.6995)]) == []


def _outcome(tmp_path: Path, after: Sets) -> tuple[retrain.Outcome, Path]:
    place = tmp_path / "vectors.npz"
    place.write_bytes(b"old")

    def measure(weights: Path, _folder: Path, _judged: retrain.Judged) -> Sets:
        return (FR, AR) if weights.read_bytes() == b"old" else after

    outcome = retrain.retrain_occupations(
        [], tmp_path, [], learn=lambda _: b"new", measure=measure, place=place
    )
    return outcome, place


def test_weights_take_their_place_when_nobody_loses(tmp_path: Path) -> None:
    outcome, place = _outcome(tmp_path, (FR, AR))
    assert outcome.worse == []
    assert place.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["vectors.npz"]


def test_old_weights_stay_when_a_language_loses(tmp_path: Path) -> None:
    outcome, place = _outcome(tmp_path, (FR, AR._replace(accuracy=0.1)))
    assert len(outcome.worse) == 1
    assert place.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["vectors.npz"]


def test_old_weights_stay_when_training_fails(tmp_path: Path) -> None:
    place = tmp_path / "vectors.npz"
    place.write_bytes(b"old")

    def broken(_paths: Sequence[Path]) -> bytes:
        raise InputError("no file of ESCO is here")

    with pytest.raises(InputError, match="no file of ESCO"):
        retrain.retrain_occupations(
            [], tmp_path, [], learn=broken, measure=lambda *_: (FR,), place=place
        )
    assert place.read_bytes() == b"old"


def test_ads_that_people_judged_are_a_set_of_their_own() -> None:
    judged = [
        ("fr", "Comptable (H/F)", "", "2411"),
        ("fr", "Comptable (H/F)", "", "7212"),
        ("fr", "Zzyzx qwrtp", "", "X"),
    ]
    (judged_set,) = retrain.judged_sets(judged)
    assert (judged_set.language, judged_set.data, judged_set.n) == ("fr", retrain.JUDGED, 3)
    assert right_of_all(judged_set) == pytest.approx(2 / 3, abs=0.001)


@pytest.mark.parametrize(("accuracy", "code"), [(0.9, 0), (0.2, 1)])
def test_the_command_says_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accuracy: float, code: int
) -> None:
    after = (FR._replace(accuracy=accuracy),)
    done = retrain.Outcome((FR,), after, worse([FR], after), tmp_path / "vectors.npz")
    monkeypatch.setattr(retrain, "retrain_occupations", lambda *_: done)
    env = {"MARSAD_HOME": str(tmp_path)}
    result = CliRunner().invoke(main, ["retrain", "isco08", "--esco", str(tmp_path)], env=env)
    assert result.exit_code == code, result.output
    assert "0.720" in result.output
    assert ("The new weights are in place" in result.output) == (code == 0)
    assert ("The old weights stay: worse on fr (gold)" in result.output) == (code == 1)


def test_without_evaluation_sets_nothing_is_trained(tmp_path: Path) -> None:
    env = {"MARSAD_HOME": str(tmp_path)}
    words = ["retrain", "isco08", "--esco", str(tmp_path), "--data", str(tmp_path / "none")]
    result = CliRunner().invoke(main, words, env=env)
    assert result.exit_code == 2
    assert "name them with --data" in result.output
