"""Measuring the classifiers: the figures of the cards, by `marsad measure DIR`.

A classifier is measured only on texts that it was not made from: on sets that nobody here wrote
(`sets.py`) and on real ads read by two coders apart (`gold.py`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml

from marsad.base.errors import InputError
from marsad.enrich import cards
from marsad.training.measure.figures import Measured, kappa
from marsad.training.measure.gold import gold, gold_cases, on_gold, real_ads
from marsad.training.measure.readings import on_readings
from marsad.training.measure.sets import melo, on_rome, on_sets

__all__ = ["gold", "gold_cases", "kappa", "measure", "melo", "real_ads", "write_cards"]


def measure(root: Path, without_rome: Path | None = None) -> list[Measured]:
    """(classifier, figure) of every measurement; InputError when a set is missing. The titles of ROME are a test
    only for weights that were not learnt from them: without `without_rome` there is no figure on them."""
    try:
        return [*on_sets(root), *on_rome(root, without_rome), *on_gold(root), *on_readings(root)]
    except OSError as error:
        raise InputError("this evaluation set is missing", file=str(error.filename)) from None


def weights(card: Path) -> dict[str, str]:
    """The weights in the folder of a card and their SHA-256."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(card.parent.glob("*.npz"))
    }


def write_cards(measured: list[Measured]) -> list[str]:
    """Put the figures of a measurement into the cards of their classifiers; the cards' names."""
    written = []
    for name, path in cards.paths().items():
        figures = [f.plain() for classifier, f in measured if classifier == name]
        if figures:
            card = yaml.safe_load(path.read_text(encoding="utf-8"))
            card["figures"] = figures
            if digests := weights(path):
                card["weights"] = digests
            text = yaml.safe_dump(card, allow_unicode=True, sort_keys=False, width=100)
            path.write_text(text, encoding="utf-8")
            written.append(name)
    return written
