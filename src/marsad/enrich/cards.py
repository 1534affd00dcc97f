"""Cards: what each classifier is, on what it was measured, and how often it was right.

`card.yml` beside a classifier holds the figures that a measurement printed; a test measures again
and fails when they have become worse.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.records import Row

_PLAIN = ("language", "data", "n", "accuracy", "answered", "low", "high", "calibration_error")


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One measurement: right among the answered with its 95 % interval, the share answered (the
    rest abstained), and how far scores are from shares right: overall, and bin by bin (mean score,
    share right, cases)."""

    language: str
    data: str
    n: int
    accuracy: float
    answered: float
    low: float = 0.0
    high: float = 1.0
    calibration_error: float | None = None
    curve: tuple[tuple[float, float, int], ...] = ()

    def plain(self) -> Row:
        """The figure as a card's yml holds it."""
        values: Row = {name: getattr(self, name) for name in _PLAIN}
        return {**values, "curve": [list(bin) for bin in self.curve]} if self.curve else values


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card of one classifier."""

    title: dict[str, str]
    method: dict[str, str]
    training: str
    failures: dict[str, str]
    figures: tuple[Figure, ...]
    weights: dict[str, str] = {}


def paths() -> dict[str, Path]:
    """The card of each classifier: fields/<name>/card.yml, and duplicates/card.yml as `dedup`."""
    here = Path(__file__).parent
    card_paths = {path.parent.name: path for path in here.glob("fields/*/card.yml")}
    card_paths["dedup"] = here / "duplicates/card.yml"
    return dict(sorted(card_paths.items()))


def cards() -> dict[str, Card]:
    """Every card by the name of its classifier."""
    return {name: load_declaration(path, Card) for name, path in paths().items()}


def rows() -> list[Row]:
    """Every figure of every card as rows of table core_cards."""
    return [
        {
            "classifier": name,
            **{f"title_{k}": card.title[k] for k in ("ar", "fr", "en")},
            **{k: getattr(figure, k) for k in _PLAIN},
        }
        for name, card in cards().items()
        for figure in card.figures
    ]
