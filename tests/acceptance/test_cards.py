"""The published accuracy is what a measurement prints today, or a classifier became worse."""

from __future__ import annotations

from pathlib import Path

from marsad.enrich.cards import cards, paths
from marsad.training.measure import measure, weights


def test_no_classifier_is_below_its_card(shared_data: Path) -> None:
    kept = {(name, f.language, f.data): f for name, card in cards().items() for f in card.figures}
    measured = {(name, f.language, f.data): f for name, f in measure(shared_data)}
    elsewhere = {
        key for key in kept if "by weights learnt without ROME" in key[2]
    }  # not in the package
    assert len(elsewhere) == 1
    kept = {key: figure for key, figure in kept.items() if key not in elsewhere}
    assert measured.keys() == kept.keys()
    for key, figure in measured.items():
        assert figure.n == kept[key].n
        assert figure.accuracy >= kept[key].accuracy - 0.001, key
        assert figure.answered >= kept[key].answered - 0.001, key


def test_the_weights_are_those_of_the_cards() -> None:
    total = 0
    for name, path in paths().items():
        assert weights(path) == cards()[name].weights, name
        total += sum((path.parent / file).stat().st_size for file in weights(path))
    assert total < 50_000_000  # unpacked, so that processes map and share them
