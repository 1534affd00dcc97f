"""Retraining: new weights of the occupation coder are put to use only when nobody loses by it.

They are learnt into a file apart, measured beside those in use on the same ads and titles, and take
their place only when the coder is right as often as before in every language. Each measurement runs
in a process of its own, which knows one set of weights only.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from marsad.base.errors import InputError, PlaceError
from marsad.collect.taxonomy import read_esco
from marsad.enrich.fields.isco08 import concepts
from marsad.enrich.fields.isco08.classify import occupation_of
from marsad.training import train

Judged = Sequence[tuple[str, str, str, str]]
"""(language, title, text, unit group or X) of ads that people judged."""
JUDGED = "judged by people here"
ROUNDING = 0.001  # figures are rounded to 3 digits: a difference up to this is none


class Set(NamedTuple):
    """How often the coder is right on one set in one language."""

    language: str
    data: str
    n: int
    accuracy: float
    answered: float


Sets = tuple[Set, ...]
Measure = Callable[[Path, Path, Judged], Sets]


class Outcome(NamedTuple):
    """What a retraining found: both measurements, what became worse, and where the weights are."""

    before: Sets
    after: Sets
    worse: list[str]
    place: Path


def right_of_all(measured: Set) -> float:
    """The share of all cases in which the code given is right; an abstention is not right."""
    return measured.accuracy * measured.answered


def worse(before: Sequence[Set], after: Sequence[Set]) -> list[str]:
    """The languages and sets on which the new weights are right less often than those before,
    each in words; a set that is no longer measured counts as worse. Empty: they may be used."""
    new = {(measured.language, measured.data): measured for measured in after}
    losses = []
    for old in before:
        now = new.get((old.language, old.data))
        where = f"{old.language} ({old.data})"
        if now is None:
            losses.append(f"{where}: not measured any more")
        elif right_of_all(now) < right_of_all(old) - ROUNDING:
            losses.append(f"{where}: {right_of_all(old):.3f} before, {right_of_all(now):.3f} now")
    return losses


def _sets(weights: Path, folder: Path, judged: Judged) -> Sets:
    """Every set measured with these weights; runs in a process that has loaded none yet."""
    from marsad.training.measure import measure

    concepts.WEIGHTS = weights
    sets = [
        Set(f.language, f.data, f.n, f.accuracy, f.answered)
        for name, f in measure(folder)
        if name == "isco08"
    ]
    return (*sets, *judged_sets(judged))


def judged_sets(judged: Judged) -> Sets:
    """The coder on the ads that people judged, by language; X is right when it abstains."""
    cases: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for language, title, text, code in judged:
        ranked, _ = occupation_of(title, text)
        answer = ranked[0].code if ranked else "X"
        # An abstention that is right counts as an answer: it is what the person said too.
        cases[language].append((bool(ranked) or code == "X", answer == code))
    return tuple(_set(language, answers) for language, answers in sorted(cases.items()))


def _set(language: str, answers: list[tuple[bool, bool]]) -> Set:
    answered = sum(a for a, _ in answers)
    right = sum(r for a, r in answers if a)
    share = right / answered if answered else 0.0
    return Set(language, JUDGED, len(answers), round(share, 4), round(answered / len(answers), 4))


def measured(weights: Path, folder: Path, judged: Judged) -> Sets:
    """Every set measured with these weights, in a process of its own; InputError when one of the
    evaluation sets in `folder` is missing."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        return pool.submit(_sets, weights, folder, judged).result()


def _learn(paths: Sequence[Path]) -> bytes:
    return train.occupation_weights(read_esco(paths))


def retrain_occupations(
    paths: Sequence[Path],
    folder: Path,
    judged: Judged,
    *,
    learn: Callable[[Sequence[Path]], bytes] = _learn,
    measure: Measure = measured,
    place: Path = concepts.WEIGHTS,
) -> Outcome:
    """Learn new weights from the ESCO files in `paths` and put them in `place` unless some language
    becomes worse; what was found. Whatever fails on the way, the old weights stay."""
    if not folder.is_dir():
        raise InputError(
            "the evaluation sets are not here: name them with --data", file=str(folder)
        )
    before = measure(place, folder, judged)
    if not before:
        raise InputError("nothing to measure the occupation coder on", file=str(folder))
    try:
        with tempfile.TemporaryDirectory(dir=place.parent) as apart:
            new = Path(apart) / place.name
            new.write_bytes(learn(paths))
            after = measure(new, folder, judged)
            lost = worse(before, after)
            if not lost:
                new.replace(place)
    except OSError as error:
        raise PlaceError(f"{place.parent} cannot be written: {error.strerror}.") from None
    return Outcome(before, after, lost, place)
