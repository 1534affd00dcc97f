"""Cards: what each classifier is, on what it was measured, and how often it was right.

`card.yml` beside a classifier holds the figures that a measurement printed; a test measures again
and fails when they have become worse.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from marsad.base.declare import load_declaration


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One measurement: right among the answered, and the share answered (the rest abstained)."""

    language: str
    data: str
    n: int
    accuracy: float
    answered: float


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card of one classifier."""

    title: dict[str, str]
    method: dict[str, str]
    training: str
    failures: dict[str, str]
    figures: tuple[Figure, ...]
    weights_sha256: str = ""


def load(folder: Path) -> Card:
    """The card in a classifier's folder."""
    return load_declaration(folder / "card.yml", Card)


def folders() -> list[Path]:
    """Every classifier's folder that holds a card."""
    return sorted(path.parent for path in Path(__file__).parent.glob("classify/*/card.yml"))


def cards() -> list[dict[str, Any]]:
    """Every figure of every card as rows of table core_cards."""
    return [
        {
            "classifier": folder.name,
            **{f"title_{k}": card.title[k] for k in ("ar", "fr", "en")},
            **{k: getattr(figure, k) for k in ("language", "data", "n", "accuracy", "answered")},
        }
        for folder in folders()
        for card in (load(folder),)
        for figure in card.figures
    ]
