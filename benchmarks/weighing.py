"""How sure the occupation coder is: fitted on ads that two readers coded, and printed for weighing.yml.

    .venv/bin/python benchmarks/weighing.py ../shared/data

Right is a code that a careful coder would give: that of a reading, or one that a reader would accept (`also`).
Development ads (`gold.csv`) as they are, cut to a snippet, as titles alone, and with a line of pay; what names no
work (readings X, and titles invented here) counts as never right. Figures are of ads left out in turn (five
folds). Nothing is written: the numbers are copied into weighing.yml by hand.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from marsad.base.text import clean
from marsad.enrich import language
from marsad.enrich.fields.isco08 import classify
from marsad.training.measure.gold import accepted, gold, real_ads

CUT: dict[str, Callable[[str], str]] = {
    "full text": lambda text: text,
    "snippet": lambda text: " ".join(text.split()[:25]),
    "title": lambda text: "",
    "line of pay": lambda text: "2200 dh par mois, Casablanca",
}
NO_WORK = (
    "Bonne affaire à saisir|Grande opportunité|Nous recrutons|Offre spéciale|Rejoignez notre équipe"
    "|Annonce importante|Cherche travail|Appartement à louer|Voiture à vendre|Promotion de la semaine"
    "|Ouverture prochaine|Bienvenue chez nous|Plusieurs postes à pourvoir|Recrutement massif"
    "|Journée portes ouvertes|Postulez maintenant|Candidature spontanée|Divers profils|فرصة لا تعوض|إعلان مهم"
    "|مطلوب موظفين|التحق بنا|فرص عمل|عدة مناصب|بيع سيارة|كراء شقة|khdma zwina|bghina nas|Great opportunity"
    "|Join us|We are hiring|Multiple positions|Apply now|Exciting career|Special offer|Open day"
)
NAMES = ("constant", "logit", "fullness", "arabic", "entry", "likeness", "words")
FOLDS = 5


class Case(NamedTuple):
    """One ad as it was read: its number, how it was cut, its language, what speaks for its first code, and
    whether that is right."""

    ad: int
    cut: str
    language: str
    signs: tuple[float, ...]
    right: bool
    names_work: bool


def cases(root: Path) -> Iterator[Case]:
    ads = real_ads(root)
    texts = [
        (clean(ad.raw_title), clean(ad.raw_text), accepted(row))
        for row in gold()
        if row["part"] == "development" and row["also"]
        for ad in [ads[row["source_id"], row["board"], row["ad_id"]]]
    ]
    texts += [(title, "", frozenset()) for title in NO_WORK.split("|")]
    for number, (title, text, codes) in enumerate(texts):
        spoken = language.of_ad(title, text)[0].code
        for cut, shorten in CUT.items():
            if not text and cut != "title":
                continue
            if found := classify.signs(title, shorten(text)):
                first, signs = found
                yield Case(number, cut, spoken[:2], signs, first in codes, bool(codes))


def fit(chosen: list[Case]) -> NDArray[np.float64]:
    """The weights of a logistic function, by maximum likelihood with a light penalty."""
    signs = np.array([(1.0, *case.signs) for case in chosen])
    right = np.array([case.right for case in chosen], float)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        chance = 1 / (1 + np.exp(-signs @ weights))
        lost = -np.mean(right * np.log(chance + 1e-12) + (1 - right) * np.log(1 - chance + 1e-12))
        penalised = np.r_[0, weights[1:]]
        return lost + 1e-3 * penalised @ penalised, signs.T @ (chance - right) / len(
            right
        ) + 2e-3 * penalised

    return minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x  # type: ignore[no-any-return]


def gap(chance: NDArray[np.float64], right: NDArray[np.float64], bins: int = 10) -> float:
    """Expected calibration error over bins of as many cases each."""
    parts = np.array_split(np.argsort(chance), bins)
    return sum(len(p) * abs(chance[p].mean() - right[p].mean()) for p in parts) / len(chance)


def main(root: Path) -> None:
    every = list(cases(root))
    chances = np.zeros(len(every))
    for fold in range(FOLDS):
        weights = fit([case for case in every if case.ad % FOLDS != fold])
        for i, case in enumerate(every):
            if case.ad % FOLDS == fold:
                chances[i] = 1 / (1 + math.exp(-float(np.dot((1.0, *case.signs), weights))))
    for cut in CUT:
        for spoken in ("fr", "ar"):
            at = [
                i
                for i, c in enumerate(every)
                if (c.cut, c.language) == (cut, spoken) and c.names_work
            ]
            right = np.array([every[i].right for i in at], float)
            given = chances[at] >= classify.FLOOR
            print(
                f"{cut:12} {spoken} n {len(at)} first {right.mean():.3f} answered {given.mean():.3f}"
                f" right of them {right[given].mean():.3f} calibration error {gap(chances[at], right):.3f}"
            )
    print({name: round(float(value), 2) for name, value in zip(NAMES, fit(every))})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
